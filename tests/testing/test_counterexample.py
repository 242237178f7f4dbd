"""Messages of failures: the call as Python text, the smallest market that was found, and the books around it."""

import numpy as np
import pytest

from stakingmodels import APR, ConformanceError, Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.testing import check_chain, check_product, check_scenario
from stakingmodels.testing.counterexample import grid_text
from tests.testing import test_sharp as products
from tests.testing import test_sharp_chains as chains
from tests.testing import test_sharp_scenarios as worlds

pytestmark = pytest.mark.once


def message(check, *args, **options) -> list[str]:
    with pytest.raises(ConformanceError) as found:
        check(*args, **options)
    return str(found.value).splitlines()


def test_the_call_on_the_smallest_market_can_be_copied():
    product = products.Plain(fault=products.cost_that_gives)
    lines = message(check_product, product, only=["sign"])
    call = lines[-1].removeprefix("call: ").replace(repr(product), "product")
    assert call.startswith(
        'check_product(product, Market(TimeGrid.daily("2026-01-01", days=1), {Event("fire"): False, '
    )
    names = {"APR": APR, "Event": Event, "Market": Market, "Price": Price, "StakingReward": StakingReward, "np": np}
    own = {**names, "TimeGrid": TimeGrid, "check_product": check_product, "product": product}
    with pytest.raises(ConformanceError, match=r"^sign: Plain") as again:
        exec(call, own)  # noqa: S102 (the text that was just made)
    assert str(again.value).splitlines()[0] == lines[0]


def test_the_books_around_a_fault_of_the_books_are_shown():
    product = products.Plain(fault=products.fee_booked_twice)
    lines = message(check_product, product, only=["booked-once"])
    assert lines[1] == "books on path 0:"
    fees = [line for line in lines if line.startswith("  step 0: Line.COMMISSION -0.00")]
    assert len(fees) == 2
    assert lines[-2].startswith("  after step 0: ")
    assert len(lines) < 14


def test_other_faults_show_no_books():
    product = products.Plain(fault=products.price_of_the_next_row)
    assert [line.partition(":")[0] for line in message(check_product, product, only=["no-look-ahead"])] == [
        "no-look-ahead",
        "call",
    ]


def test_chains_and_scenarios_show_their_call():
    assert message(check_chain, chains.Slow())[-1] == "call: check_chain(Slow(), only=['unbonding'])"
    grid = 'TimeGrid.daily("2026-01-01", days=30, settlement_days=15)'
    assert message(check_scenario, worlds.Loud())[-1] == f"call: check_scenario(Loud(), {grid}, only=['quiet'])"


@pytest.mark.parametrize(
    "grid",
    [
        TimeGrid.daily("2026-01-01", days=3, settlement_days=2),
        TimeGrid.daily("2026-01-01T06:00:00", days=3),
        TimeGrid(np.array(["2026-01-01", "2026-01-02T05", "2026-03-01"], "M8[s]"), 1),
        TimeGrid(np.array(["2026-01-01", "2026-01-02T05:00:01"], "M8[s]")),
    ],
)
def test_a_grid_is_written_as_what_makes_it(grid):
    assert eval(grid_text(grid), {"TimeGrid": TimeGrid, "np": np}) == grid  # noqa: S307 (the text that was just made)
