"""Each check of chains finds the fault that it is for, by name, and no other check does."""

import inspect
import math
import random
from fractions import Fraction

import attrs
import pytest

from stakingmodels import APR, ConformanceError, InputError, InputTypeError, StakingModelsError, checks, terms
from stakingmodels.protocols.chains import Chain, Offense, Unbonding
from stakingmodels.testing import CHAIN_CHECKS, check_chain

pytestmark = pytest.mark.once

SOURCE = "made up for a test, 2026-12-01"


@terms.sheet
class Sound(Chain):
    """A chain whose issuance is fixed; `inflation` is the mint of a year over the supply."""

    asset: str = terms.coin(default="XYZ")
    supply: float = terms.positive(default=1_000.0)
    staked: float = terms.positive(default=400.0)
    as_of: str = terms.text(default="2026-08-22")
    inflation: float = terms.fraction(default=0.05)

    def nominal_apr(self):
        return APR(self.inflation * self.supply / self.staked)

    def supply_growth(self):
        return APR(self.inflation)

    def minimum_stake(self):
        return 1.0

    def unbonding(self):
        return Unbonding(7.0, earns=False, slashable=True, source=SOURCE)

    def slashing(self):
        return (Offense("double signing", 0.01, 0.05, SOURCE), Offense("downtime", 0.0, 0.001, SOURCE))

    def compounding(self):
        return False


@attrs.define(unsafe_hash=True)
class Changeable(Chain):
    """Not frozen."""

    asset: str = "XYZ"
    supply: float = attrs.field(default=1_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=400.0, validator=checks.POSITIVE)
    as_of: str = "2026-08-22"

    def nominal_apr(self):
        return APR(20.0 / self.staked)

    def supply_growth(self):
        return APR(0.05)

    minimum_stake = Sound.minimum_stake
    unbonding = Sound.unbonding
    slashing = Sound.slashing
    compounding = Sound.compounding


class Forgetful(Sound):
    """Its answer depends on whether it has been copied."""

    def __reduce__(self):
        return type(self), (), {"copied": True}

    def __setstate__(self, state):
        object.__setattr__(self, "minimum", 2.0)

    def minimum_stake(self):
        return getattr(self, "minimum", 1.0)


@terms.sheet
class Credulous(Sound):
    """Takes any fee; `fee` is made up."""

    fee: float = 0.0


@terms.sheet
class Silent(Sound):
    """Has a field that nobody describes."""

    fee: float = terms.fraction(default=0.0)


class Random(Sound):
    """Draws."""

    def minimum_stake(self):
        state = random.getstate()
        drawn = random.random()  # noqa: S311  # the fault
        random.setstate(state)
        return drawn


class Meddling(Sound):
    """Seeds the global generator."""

    def minimum_stake(self):
        random.seed(7)
        return 1.0


class Loud(Sound):
    """Prints."""

    def minimum_stake(self):
        print("one coin")  # noqa: T201  # the fault
        return 1.0


@terms.sheet
class Undated(Sound):
    """Has no day, and takes any beside that."""

    as_of: str = terms.text(default="2026-08")

    def __attrs_post_init__(self):
        if self.as_of != "2026-08" or self.staked > self.supply:
            super().__attrs_post_init__()


@terms.sheet
class Unasked(Sound):
    """Does not ask its base, which would refuse what is no day."""

    def __attrs_post_init__(self):
        pass


@terms.sheet
class Overstaked(Sound):
    """Takes more stake than there are coins."""

    def __attrs_post_init__(self):
        Sound(as_of=self.as_of)


@terms.sheet
class OfItsDay(Sound):
    """Knows no other day than its own."""

    as_of: str = terms.text(default="2026-08-22")

    def __attrs_post_init__(self):
        checks.choice("OfItsDay.as_of", self.as_of, ("2026-08-22",))
        super().__attrs_post_init__()


class Percent(Sound):
    """Says percent."""

    def nominal_apr(self):
        return APR(12.5 * 400.0 / self.staked)

    def realized_apr(self):
        return APR(12.5 * 400.0 / self.staked)


class Vanishing(Sound):
    """Loses all of its supply in a year."""

    def supply_growth(self):
        return APR(-0.9995)


class BareGrowth(Sound):
    """Grows by a bare number."""

    def supply_growth(self):
        return 0.05

    def real_apr(self):
        return APR((1.0 + self.nominal_apr().value) / 1.05 - 1.0)


class Hurried(Sound):
    """Pays ten times what it names."""

    def realized_apr(self):
        return APR(10.0 * self.nominal_apr().value)


class Subtracting(Sound):
    """Takes a difference for a quotient."""

    def real_apr(self):
        return APR(self.realized_apr().value - self.supply_growth().value)


class Crowding(Sound):
    """Pays each more, the more there are."""

    def nominal_apr(self):
        return APR(0.1 * self.staked / self.supply)


class Cheap(Sound):
    """Asks an attacker for the share of the stake as it is."""

    def attack_cost(self, share):
        return self.staked * checks.open_fraction("attack_cost: share", share)


class Open(Sound):
    """Takes any share."""

    def attack_cost(self, share):
        return math.inf if share == 1.0 else self.staked * share / (1.0 - share)


class Gruff(Sound):
    """Refuses in Python's words."""

    def attack_cost(self, share):
        if not 0.0 < share < 1.0:
            raise ValueError("share")
        return self.staked * share / (1.0 - share)


class Exclusive(Sound):
    """Wants more than there is."""

    def minimum_stake(self):
        return 2_000.0


class Slow(Sound):
    """Counts in seconds."""

    def unbonding(self):
        return Unbonding(7.0 * 86_400.0, earns=False, slashable=True, source=SOURCE)


class Unsourced(Sound):
    """Has no source."""

    def unbonding(self):
        return Unbonding(7.0, earns=False, slashable=True, source=" ")


class Swapped(Sound):
    """Takes the smallest for the largest."""

    def slashing(self):
        return (Offense("downtime", 0.05, 0.01, SOURCE),)


class Twice(Sound):
    """Names two offenses alike."""

    def slashing(self):
        return (Offense("downtime", 0.0, 0.01, SOURCE), Offense("downtime", 0.0, 0.05, SOURCE))


class Listing(Sound):
    """Gives a list."""

    def slashing(self):
        return []


class Unsure(Sound):
    """Says 0 for no."""

    def compounding(self):
        return 0


FAULTS = {
    Changeable: ("frozen", "asset can be set; write @terms.sheet"),
    Forgetful: ("frozen", r"minimum_stake is 2.0, not 1.0, after a copy"),
    Credulous: ("refuses-nan", "fee: NaN is taken; use a check, such as"),
    Silent: ("described", "fee is not described in the docstring of Silent"),
    Random: ("deterministic", r"minimum_stake is 0\.\d+, not 0\.\d+, when it is asked again"),
    Meddling: ("global-state", "a question changes Python's global generator"),
    Loud: ("quiet", r"a question prints 'one coin\\n"),
    Undated: ("state", "as_of is '2026-08', not a day such as '2026-08-22'"),
    Unasked: ("refuses-states", "staked=2000.0 is taken; let your __attrs_post_init__ call super"),
    Overstaked: ("refuses-states", "staked=2000.0 is taken; let your __attrs_post_init__ call super"),
    OfItsDay: ("refuses-states", "as_of='2026-09-21' is refused with InputError"),
    Percent: ("nominal-rate", r"nominal_apr is 12.5, not in \[0, 10\]; a percentage\? 3 % is APR"),
    Vanishing: ("supply-growth", r"supply_growth is -0.9995, not in \[-0.999, 10\]"),
    BareGrowth: ("supply-growth", r"supply_growth is 0.05, not one APR; write APR\(0.03\)"),
    Hurried: ("realized-rate", r"realized_apr is 1.25, too far from the nominal rate 0.125"),
    Subtracting: ("real-rate", r"real_apr is 0.07\d*, not 0.0714\d*: \(1 \+ realized\)"),
    Crowding: ("more-stake", r"nominal_apr rises from 0.095\d+ with a stake of 950.949 to 0.1 with 1000"),
    Cheap: ("attack-cost", r"attack_cost\(0.01\) is 4.0, not 4.04"),
    Open: ("attack-cost", r"attack_cost\(0.0\) is not refused"),
    Gruff: ("attack-cost", r"attack_cost\(0.0\) is refused with ValueError"),
    Exclusive: ("minimum-stake", "minimum_stake is 2000.0, not a number of whole coins within the supply"),
    Slow: ("unbonding", "unbonding takes 604800 days, more than 3650; are they seconds or blocks"),
    Unsourced: ("unbonding", "unbonding names no source"),
    Swapped: ("slashing", "downtime: the smallest loss 0.05 is above the largest, 0.01"),
    Twice: ("slashing", "an offense is named 'downtime'; each needs a name of its own"),
    Listing: ("slashing", r"slashing is \[\], not a tuple of Offense; \(\) if there are none"),
    Unsure: ("compounding", "compounding is 0, not True or False"),
}


def caught(chain: Chain) -> set[str]:
    """The checks that a chain fails."""
    found = set()
    for name, check in CHAIN_CHECKS.items():
        try:
            check(chain)
        except StakingModelsError:
            found.add(name)
    return found


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_a_fault_is_found_by_its_check_alone(kind):
    name, words = FAULTS[kind]
    with pytest.raises(ConformanceError, match=f"^{name}: {kind.__name__}.*: {words}"):
        check_chain(kind())
    assert caught(kind()) == {name}


def test_every_check_has_a_fault_that_it_finds():
    assert {name for name, _ in FAULTS.values()} == {*CHAIN_CHECKS}


def test_a_sound_chain_passes():
    check_chain(Sound())


def test_an_error_of_the_chain_is_a_fault_of_the_chain():
    class Broken(Sound):
        def compounding(self):
            raise KeyError("rules")

    with pytest.raises(ConformanceError, match=r"^compounding: .*: compounding raised KeyError: 'rules'"):
        check_chain(Broken(), only=["compounding"])


@pytest.mark.parametrize("name", CHAIN_CHECKS)
def test_each_check_is_addressable_alone_and_says_what_it_claims(name):
    check_chain(Sound(), only=[name])
    check = CHAIN_CHECKS[name]
    assert getattr(check, "__name__", "") == "check_" + name.replace("-", "_")
    assert (inspect.getdoc(check) or "").partition("\n")[0].endswith(".")


def test_an_exception_is_declared_with_its_reason():
    reasons = {"more-stake": "rewards come from fees that grow with the stake"}
    check_chain(Crowding(), expected_failures=reasons)
    with pytest.raises(
        ConformanceError, match=r"^more-stake: Sound\(\): passes again; remove it from expected_failures"
    ):
        check_chain(Sound(), expected_failures=reasons)
    with pytest.raises(
        ConformanceError, match=rf"^1 of {len(CHAIN_CHECKS)} checks fails: Crowding\(\)\n- more-stake: Crowding\(\): "
    ):
        check_chain(Crowding(), on_fail="collect")
    with pytest.raises(InputError, match=r"^check_chain: expected_failures\['more-stake'\]: must say why"):
        check_chain(Crowding(), expected_failures={"more-stake": " "})


def test_bad_calls_are_refused():
    with pytest.raises(InputError, match=r"must be one of .*CHAIN_CHECKS`, got 'slash' \(did you mean slashing\?\)$"):
        check_chain(Sound(), only=["slash"])
    with pytest.raises(InputTypeError, match="check_chain: only: must be a list"):
        check_chain(Sound(), only="slashing")
    with pytest.raises(InputTypeError, match=r"^check_chain: chain: must be Chain"):
        check_chain(Fraction(1))  # type: ignore[arg-type]


def test_a_rate_that_is_kept_between_states_is_found():
    kept = [0.0]

    class Kept(Sound):
        """Its rate is the highest that any of its states has had."""

        def nominal_apr(self):
            kept[0] = max(kept[0], self.inflation * self.supply / self.staked)
            return APR(kept[0])

    with pytest.raises(ConformanceError, match=r"^deterministic: .* nominal_apr is .*, when it is asked again"):
        CHAIN_CHECKS["deterministic"](Kept())


class Bare(Sound):
    """Bare numbers where rates belong."""

    def nominal_apr(self):
        return 0.03


def test_a_rate_that_is_a_bare_number_is_told_where_another_answer_breaks_on_it():
    with pytest.raises(
        ConformanceError, match=r"^global-state: .* raised .*; nominal_apr is 0\.03, not one APR; write"
    ):
        check_chain(Bare())


@terms.sheet
class OfOneStake(Sound):
    """Refuses any other stake in Python's words."""

    def __attrs_post_init__(self):
        super().__attrs_post_init__()
        if self.staked != 400.0:
            raise ValueError("400, please")


def test_a_stake_that_is_refused_in_other_words_is_a_fault_of_the_chain():
    with pytest.raises(ConformanceError, match=r"^more-stake: .*: a stake of 40 raises ValueError: 400, pl"):
        check_chain(OfOneStake(), only=["more-stake"])
    with pytest.raises(ConformanceError) as caught_by:
        check_chain(OfOneStake(), on_fail="collect")
    names = {each.partition(":")[0] for each in caught_by.value.failures}
    assert names == {"more-stake", "attack-cost"}


class Talkative(Sound):
    """Names a price in words."""

    def attack_cost(self, share):
        return "a lot"


def test_a_cost_that_is_no_number_is_shown():
    with pytest.raises(ConformanceError, match=r"^attack-cost: .* attack_cost\(0\.01\) is 'a lot', not 4\.04"):
        check_chain(Talkative(), only=["attack-cost"])


@terms.sheet
class Budget(Sound):
    """A rate that is half a percent of itself higher from two thirds of the supply on."""

    def nominal_apr(self):
        usual = super().nominal_apr().value
        return APR(usual * (1.005 if self.staked > 0.67 * self.supply else 1.0))


def test_a_small_rise_at_some_stake_is_found():
    with pytest.raises(
        ConformanceError, match=r"^more-stake: Budget\(.*: nominal_apr rises from .* with a stake of 66\d"
    ):
        check_chain(Budget())
