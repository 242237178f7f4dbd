"""Faults of equality, and of a part of a scenario that the whole would hide."""

import attrs
import pytest

from stakingmodels import ConformanceError, Constants, Joint, Price, terms
from stakingmodels.scenarios import Shock, Shocked
from stakingmodels.testing import check_chain, check_scenario
from tests.testing import test_sharp_chains as of_chains
from tests.testing import test_sharp_scenarios as of_scenarios

pytestmark = pytest.mark.once
SOL = Constants({Price("SOL"): 100.0})


@attrs.frozen(eq=False)
class EqualToAll(of_chains.Sound):
    """Says that it is equal to anything."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 7


@attrs.frozen(eq=False)
class EqualByName(of_chains.Sound):
    """Is equal to every chain of its coin, whatever is staked."""

    def __eq__(self, other):
        return isinstance(other, EqualByName) and other.asset == self.asset

    def __hash__(self):
        return hash(self.asset)


@attrs.frozen(eq=False)
class Incomparable(of_chains.Sound):
    """Takes everything that it is compared with for a chain."""

    def __eq__(self, other):
        return bool(self.asset == other.asset and self.staked == other.staked)

    def __hash__(self):
        return hash(self.asset)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (EqualToAll, "it is equal to None; leave __eq__ to @terms.sheet"),
        (EqualByName, "it equals one with 360 staked, not 400; leave __eq__ to @terms.sheet"),
        (Incomparable, "comparing it with None raises AttributeError"),
    ],
)
def test_equality_of_a_chain_is_that_of_its_numbers(kind, told):
    with pytest.raises(ConformanceError, match=rf"^frozen: {kind.__name__}.*{told}"):
        check_chain(kind())
    with pytest.raises(ConformanceError, match=r"^1 of \d+ checks fails"):
        check_chain(kind(), on_fail="collect")


@terms.sheet
class Credulous(of_scenarios.Sound):
    """Takes any fee; `fee` is made up."""

    fee: float = 0.0


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (of_scenarios.Changeable(), r"frozen: Changeable\(.*\): level can be set"),
        (Credulous(), r"refuses-nan: Credulous\(.*\): fee: NaN is taken"),
        (of_scenarios.Numbered(), r"cut: Numbered\(\): "),
    ],
    ids=["changeable", "credulous", "numbered"],
)
@pytest.mark.parametrize(
    "around",
    [
        lambda part: Joint([SOL, part]),
        lambda part: Joint([Joint([part, SOL])]),
        lambda part: Joint([Shocked(part, Shock(Price("ETH"), day=3.0, change=-0.5)), SOL]),
    ],
    ids=["in a joint", "deep", "shocked"],
)
def test_a_part_of_somebody_is_checked_by_itself(part, told, around):
    with pytest.raises(ConformanceError, match=rf"^{told}"):
        check_scenario(around(part), of_scenarios.GRID)


def test_a_sound_part_is_no_false_alarm():
    check_scenario(Joint([SOL, of_scenarios.Sound()]), of_scenarios.GRID)
    check_scenario(Joint([SOL, of_scenarios.Follower()]), of_scenarios.GRID)
