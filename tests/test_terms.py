"""Fields of term sheets: what they refuse, what they say of themselves, and copies with some terms replaced."""

import copy
import inspect
import sys
from typing import Any, Literal

import attrs
import pytest

from stakingmodels import (
    APR,
    GBM,
    EntryWait,
    Event,
    ExitWait,
    GeometricBrownianMotion,
    Holding,
    InputError,
    InputTypeError,
    Price,
    StakingPool,
    TimeGrid,
    checks,
    terms,
)
from stakingmodels.errors import UnknownNameError
from stakingmodels.products import Assumption
from stakingmodels.replacing import Replaceable
from stakingmodels.scenarios import (
    Contagion,
    Crash,
    LogOrnsteinUhlenbeck,
    Merton,
    RedemptionHalt,
    SetTo,
    Shock,
    StakedSupply,
    WaitCell,
)
from stakingmodels.termsheets import KINDS

Way = Literal["sale", "queue"]
GUESS = Assumption(
    low=0.0, base=0.5, high=1.0, worse="high", basis="assumed", evidence="none", source="us", date="2026-11"
)


@terms.sheet
class Sheet(Replaceable):
    asset: str = terms.coin(kw_only=False)
    fee: float = terms.fraction()
    part: float = terms.fraction(default=0.5, open_ends=True, assumption=GUESS)
    price: float = terms.positive(default=1.0)
    cost: float = terms.money(default=0.0, source="a list of prices", date="2026-10-01", label="running cost")
    wait: float = terms.days(default=0.0)
    entry: float | EntryWait = terms.entry_days(default=0.0)
    leaving: float | ExitWait = terms.exit_days(default=0.0)
    growth: float = terms.number(default=0.0, check=checks.real)
    paid: APR | None = terms.rate(default=None, optional=True)
    machines: int = terms.count(1, 9, default=1)
    mint: bool = terms.flag(default=True)
    way: Way = terms.choice(Way, default="sale")
    failure: Event | None = terms.event(default=None)
    since: Any = terms.day(default=None, optional=True)
    remark: str = terms.text(default="x")


WRONG: dict[str, tuple[object, str]] = {
    "asset": ("", "must be 1 to 80 printable characters without space at the ends, got ''"),
    "fee": (10, r"must be a fraction in [0, 1], got 10 (percent? write 0.10)"),
    "part": (1, "must be a fraction in (0, 1), got 1"),
    "price": (0, "must be in (0, 1e+15], got 0"),
    "cost": (-1, "must be in [0, 1e+15], got -1"),
    "wait": (-1, "must be in [0, 1e+15], got -1"),
    "entry": (-1, "must be in [0, 1e+15], got -1"),
    "leaving": (EntryWait("ETH"), 'must be ExitWait; write ExitWait("ETH") or a number of days, got EntryWait'),
    "growth": (float("nan"), "must be finite, got nan"),
    "paid": (0.05, "must be a rate; write APR(0.05) or APY(0.05), got float 0.05"),
    "machines": (10, "must be an integer in [1, 9]; the limit is 9, got 10"),
    "mint": (1, "must be True or False, got int 1"),
    "way": ("sell", "must be one of 'sale', 'queue', got 'sell'"),
    "failure": ("x", 'must be Event; write Event("failure:x", hazard=0.01), got str'),
    "since": ("then", "must be a date in ISO 8601, got 'then' (write 2026-01-31)"),
    "remark": (" x", "must be 1 to 80 printable characters without space at the ends, got ' x'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_term_is_refused_in_the_words_of_its_check(name):
    value, words = WRONG[name]
    given: dict[str, Any] = {"asset": "ETH", "fee": 0.1, name: value}
    with pytest.raises((InputError, InputTypeError)) as caught:
        Sheet(**given)
    assert str(caught.value).startswith(f"Sheet.{name}: {words}")


def test_every_field_has_a_wrong_value_above():
    assert list(WRONG) == list(terms.of(Sheet))


def test_the_first_is_positional_and_the_rest_are_keywords():
    assert Sheet("ETH", fee=1).fee == 1.0
    with pytest.raises(TypeError, match="positional"):
        Sheet("ETH", 0.1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="fee"):
        Sheet("ETH")  # type: ignore[call-arg]


def test_what_is_known_of_a_term():
    found = terms.of(Sheet)
    assert found["fee"] == terms.Term(kind="fraction", low=0.0, high=1.0, label="fee")
    assert found["way"].choices == ("sale", "queue")
    assert (found["machines"].low, found["machines"].high) == (1, 9)
    assert [name for name, term in found.items() if term.optional] == ["paid", "failure", "since"]
    assert (found["cost"].unit, found["cost"].label, found["cost"].date) == ("USD", "running cost", "2026-10-01")
    with pytest.raises(TypeError):
        found["fee"] = found["way"]  # type: ignore[index]


def test_a_default_that_is_assumed_has_the_source_of_the_assumption():
    assert (terms.of(Sheet)["part"].source, terms.of(Sheet)["part"].date) == ("us", "2026-11")
    unassumed = terms.rules("fraction", checks.fraction, default=0.0, assumption=GUESS)["metadata"]["term"]
    assert (unassumed.source, unassumed.assumption) == ("", GUESS)


@pytest.mark.parametrize("one", [{"source": "a list"}, {"date": "2026-11"}])
def test_a_source_and_its_date_come_together(one):
    with pytest.raises(InputError, match=r"^Term\.date: must be given with a source, and only then"):
        terms.fraction(default=0.1, **one)


def test_only_classes_with_terms_have_terms():
    assert terms.of(attrs.make_class("Bare", ["x"])) == {}
    with pytest.raises(InputTypeError, match=r"^terms\.of: kind: must be a class of terms"):
        terms.of(Sheet("ETH", fee=0.1))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_term_of_every_product_says_what_it_holds(kind):
    given = [field.alias for field in attrs.fields(kind) if field.init]
    assert list(terms.of(kind)) == given
    defaults = {field.alias: field.default for field in attrs.fields(kind)}
    for name, term in terms.of(kind).items():
        assert term.kind != "other"
        assert term.optional or defaults[name] is not None
        if isinstance(defaults[name], float) and term.low is not None and term.high is not None:
            assert term.low <= defaults[name] <= term.high


def test_replace_checks_and_leaves_the_first_as_it_was():
    pool = StakingPool("ETH", commission=0.2)
    assert pool.replace(commission=0.3, buffer=0.1) == StakingPool("ETH", commission=0.3, buffer=0.1)
    assert pool.commission == 0.2
    with pytest.raises(InputError, match=r"^StakingPool\.commission: must be a fraction"):
        pool.replace(commission=30)


def test_replace_knows_what_was_meant():
    with pytest.raises(UnknownNameError, match=r"^StakingPool\.replace: .* \(did you mean 'commission'"):
        StakingPool().replace(comission=0.1)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is of Python 3.13")
def test_copy_replace():
    assert copy.replace(Holding("ETH"), buy_fee=0.1) == Holding("ETH", buy_fee=0.1)  # type: ignore[attr-defined,unused-ignore]


def test_the_hook_of_copy_replace_is_replace():
    with pytest.raises(UnknownNameError, match="did you mean 'buy_fee'"):
        Holding("ETH").__replace__(buyfee=0.1)


def test_grids_and_scenarios_have_it_too():
    grid = TimeGrid.daily("2026-01-01", days=5)
    assert (grid.replace(exit=3).exit, grid.exit) == (3, 5)
    world = GeometricBrownianMotion({Price("ETH"): GBM(3_000.0, volatility=0.7)})
    other = world.replace(levels={Price("BTC"): GBM(3_000.0, volatility=0.7).replace(drift=0.1)})
    assert other.levels[Price("BTC")].drift == 0.1
    assert str(other) != str(world)
    with pytest.raises(UnknownNameError, match="did you mean 'volatility'"):
        GBM(3_000.0, volatility=0.7).replace(volatilty=0.1)


SCENARIO_TERMS = (
    GBM,
    Crash,
    Contagion,
    SetTo,
    Merton,
    LogOrnsteinUhlenbeck,
    WaitCell,
    RedemptionHalt,
    Shock,
    StakedSupply,
)


@pytest.mark.parametrize("kind", SCENARIO_TERMS, ids=lambda kind: kind.__name__)
def test_terms_of_scenarios_are_described_and_keywords_after_the_first(kind):
    found = [name for name, term in terms.of(kind).items() if term.kind != "other"]
    parameters = list(inspect.signature(kind).parameters.values())
    assert set(found) >= {each.name for each in parameters[1:]} - {"execution", "ruleset"}
    assert all(each.kind is each.KEYWORD_ONLY for each in parameters[1:])
