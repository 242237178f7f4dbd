"""`DutyDraws`: probabilities of proposals and seats by hand, and what is kept from one interval to the next."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.market import Market, Price, TimeGrid
from stakingmodels.products.staking.duty_draws import DutyDraws

MARKET = Market(TimeGrid.daily("2026-01-01", days=2), {Price("ETH"): np.full((3, 2), 10.0)})
NETWORK = 1_024.0  # coins: 512 validators of 2 coins
A_PERIOD = 8_192.0  # slots


def seats(validators, stake, slots=A_PERIOD, working=None):
    """Trials and probability of seats on each path."""
    stake, validators = np.array(stake, dtype=float), np.array(validators, dtype=float)
    working = stake if working is None else np.array(working, dtype=float)
    trials, chance = DutyDraws("ETH", NETWORK)._seat_draws(working, stake, validators, slots)
    return np.asarray(trials).tolist(), np.asarray(chance).tolist()


def test_a_validator_of_an_average_stake_has_a_seat_in_every_period_of_a_network_of_512():
    assert seats([1.0, 3.0], [2.0, 6.0]) == ([1.0, 3.0], [1.0, 1.0])


def test_a_validator_of_half_that_stake_has_one_in_every_other_period():
    assert seats([1.0, 4.0], [1.0, 2.0]) == ([1.0, 4.0], [0.5, 0.25])


def test_one_validator_with_all_of_the_stake_has_all_seats():
    assert seats([1.0], [1_024.0]) == ([512.0], [1.0])


def test_more_validators_than_seats_share_the_seats():
    assert seats([1_024.0], [512.0]) == ([512.0], [0.5])


def test_seats_are_drawn_for_a_part_of_a_period_and_for_several():
    assert seats([1.0], [1.0], slots=A_PERIOD / 4) == ([1.0], [0.125])
    assert seats([2.0], [2.0], slots=A_PERIOD * 1.5) == ([4.0], [0.375])
    assert seats([1.0], [2.0], working=[1.0]) == ([1.0], [0.5])
    assert seats([0.0], [0.0]) == ([0.0], [0.0])


@pytest.fixture
def looked():
    """`looked(part)`: the draws of a day of which two validators work that part, of 2 coins each."""
    draws = DutyDraws("ETH", NETWORK)
    now, stake, validators = MARKET.now().at(next(MARKET.chunks()), 0), np.array([4.0, 4.0]), np.array([2.0, 2.0])

    def of(part):
        draws.look(now, stake, validators, part, 1.0)
        return draws._now_draws

    return of


def test_probabilities_of_a_whole_interval_are_kept(looked):
    first = looked(1.0)
    assert looked(1.0) is first
    assert first.slots == 7_200.0
    assert np.asarray(first.seats[1]).tolist() == pytest.approx([7_200.0 / 8_192.0] * 2)


def test_probabilities_of_a_part_are_of_this_part_alone(looked):
    chances = [np.asarray(looked(part).seats[1]).tolist() for part in (0.5, 0.25, 1.0, np.array([1.0, 0.5]))]
    day = 7_200.0 / 8_192.0
    assert chances == [
        pytest.approx([day * part, day * other]) for part, other in [(0.5, 0.5), (0.25, 0.25), (1, 1), (1, 0.5)]
    ]


def test_what_is_forgotten_is_looked_up_for_the_stake_of_now():
    draws, now = DutyDraws("ETH", NETWORK), MARKET.now().at(next(MARKET.chunks()), 0)
    for stake in (4.0, 2.0):
        draws.forget()
        draws.look(now, np.full(2, stake), np.array([2.0, 2.0]), 1.0, 1.0)
        assert np.asarray(draws._now_draws.seats[1]).tolist() == pytest.approx([stake / 4.0 * 7_200.0 / 8_192.0] * 2)


def test_proposals_and_seats_are_drawn_apart():
    asked = []

    class Drawing:
        """A market in which nothing is drawn, and which notes what is asked."""

        def successes(self, key, n, p):
            asked.append(key)
            return np.empty(0, dtype=np.int64), np.empty(0)

    draws, now = DutyDraws("ETH", NETWORK), MARKET.now().at(next(MARKET.chunks()), 0)
    draws.look(now, np.array([4.0, 4.0]), np.array([2.0, 2.0]), 1.0, 1.0)
    drawing: Any = Drawing()
    assert [draw(drawing)[1].size for draw in (draws.proposals, draws.seats)] == [0, 0]
    assert asked == ["proposals:ETH", "sync committees:ETH"]
