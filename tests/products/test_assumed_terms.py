"""`assumed_terms`, `value_of` and `with_term`: of the compared products, of a user's own, and of wrappers."""

from types import SimpleNamespace
from typing import Any

import attrs
import pytest

from stakingmodels import (
    APY,
    Above,
    CloudMiningContract,
    Event,
    ExchangeStaking,
    Failure,
    Holding,
    LeaveWhen,
    Occurs,
    Price,
    Product,
    SoloValidator,
    StakingPool,
    TimeGrid,
    compare,
    scenarios,
    simulate,
)
from stakingmodels.assumptions import AssumptionSet, assumption_set
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.market import EntryWait
from stakingmodels.products import AssumedTerm, assumed_terms, assumptions, reference, terms_of, value_of, with_term
from stakingmodels.products.assumed_terms import _has_effect, _places, _rests_on
from stakingmodels.products.term_paths import fields_of

ROWS = reference()
POOL = ROWS["staking pool"]
SET = assumption_set()


def keys(product: Any, numbers: AssumptionSet | None = None) -> dict[str, str]:
    return {each.term: each.key for each in assumed_terms("x", product, numbers)}


def test_terms_of_the_compared_products():
    assert keys(ROWS["hold ETH"]) == keys(ROWS["cash"]) == {}
    assert keys(ROWS["solo validator"]) == {
        "withdrawal_days": "withdrawal_days",
        "uptime": "uptime",
        "slashing": "solo_slashing.hazard",
        "slashing_severity": "solo_slashing.severity",
        "running_cost_usd_per_day": "running_cost_usd_per_day",
    }
    assert keys(POOL) == {
        "withdrawal_days": "service_withdrawal_days",
        "failures[0].event": "pool_slashing.hazard",
        "failures[0].severity": "pool_slashing.severity",
        "failures[1].event": "exploit.hazard",
        "failures[1].severity": "exploit.severity",
    }
    assert keys(ROWS["exchange earn"]) == {
        "commission": "exchange_commission",
        "withdrawal_days": "service_withdrawal_days",
        "failures[0].event": "custodian.hazard",
        "failures[0].recovery": "custodian.recovery",
        "failures[0].delay_days": "custodian.recovery_days",
    }
    assert keys(ROWS["cloud mining"]) == {
        "price_usd_per_th_s": "mining.price_usd_per_th_s",
        "minimum_payout_btc": "mining.minimum_payout_btc",
        "failures[0].event": "provider.hazard",
    }


def test_the_list_of_all_is_the_lists_of_each():
    assert assumptions() == tuple(x for name, row in ROWS.items() for x in assumed_terms(name, row))


def test_a_term_that_the_user_set_is_his_own():
    mine = StakingPool(withdrawal_days=5.4, failures=(Failure(Event("exploit:staking pool", hazard=0.02), 0.5),))
    assert keys(mine) == {"withdrawal_days": "service_withdrawal_days", "failures[0].severity": "exploit.severity"}
    assert keys(StakingPool(failures=(Failure(Event("mine", hazard=0.01), 0.5),))) == {}


def test_a_wait_in_days_is_assumed_and_one_of_the_market_is_not():
    assert keys(StakingPool(entry_days=45.17, unbonding_days=1.1)) == {
        "entry_days": "entry_days",
        "unbonding_days": "exit_days",
    }
    assert keys(StakingPool(entry_days=EntryWait("ETH"))) == {}


def test_a_severity_without_an_event_has_no_effect():
    assert "slashing_severity" not in keys(SoloValidator())
    assert "slashing_severity" in keys(SoloValidator(slashing=Event("slashing:mine", hazard=0.5)))


def test_a_published_term_counts_where_a_set_gives_it_a_range():
    fee = SET["pool_commission"]
    wide = SET.changed(
        "wide",
        {
            "pool_commission": fee.__class__(
                low=0.1, base=0.15, high=0.2, worse="high", basis="provider", evidence="e", source="s", date="2026"
            )
        },
    )
    assert keys(POOL, wide)["commission"] == "pool_commission"
    assert "commission" not in keys(POOL)


def test_the_terms_of_a_changed_set_are_those_of_its_products():
    mine = SET.changed("mine", {"exploit.hazard": 0.03})
    (row,) = (x for x in assumptions(assumptions=mine) if (x.product, x.key) == ("liquid token", "exploit.hazard"))
    assert row.assumption == mine["exploit.hazard"]
    assert "exploit.hazard" not in keys(POOL, mine).values()  # the pool has the number of another set


def test_terms_of_what_a_wrapper_holds():
    inner = LeaveWhen(POOL, Above(Price("ETH"), 4_000.0))
    twice = LeaveWhen(inner, Occurs(Event("exploit:staking pool", hazard=0.01)))
    assert keys(twice)["product.product.failures[1].event"] == "exploit.hazard"
    assert set(keys(inner)) == {f"product.{term}" for term in keys(POOL)}
    assert value_of(twice, "product.product.failures[0].severity") == 0.05


def test_an_event_gets_its_hazard_wherever_it_stands():
    watched = LeaveWhen(ROWS["exchange earn"], Occurs(Event("custodian:exchange", hazard=0.02)))
    moved = with_term(watched, "product.failures[0].event", 0.5)
    assert {factor.hazard for factor in moved.factors if isinstance(factor, Event)} == {0.5}
    assert value_of(moved, "product.failures[0].event") == 0.5
    assert value_of(watched, "product.failures[0].event") == 0.02  # the product given is not changed
    two = SoloValidator(slashing=Event("s", hazard=0.1), failures=(Failure(Event("s", hazard=0.1), line="slashing"),))
    assert value_of(with_term(two, "slashing", 0.2), "failures[0].event") == 0.2


def test_with_term_changes_one_number_and_nothing_else():
    for row in assumptions():
        for value in (row.assumption.low, row.assumption.base, row.assumption.high):
            product = ROWS[row.product]
            moved = with_term(product, row.term, value)
            assert value_of(moved, row.term) == value
            assert terms_of(with_term(moved, row.term, row.assumption.base)) == terms_of(product)
            others = [each.term for each in assumed_terms(row.product, product) if each.term != row.term]
            assert [value_of(moved, term) for term in others] == [value_of(product, term) for term in others]


def test_a_whole_number_stays_one_and_a_severity_of_nothing_takes_nothing():
    contract: Any = with_term(ROWS["cloud mining"], "stop_after_days", 30.0)
    assert contract.stop_after_days == 30
    assert isinstance(contract.stop_after_days, int)
    assert value_of(with_term(POOL, "failures[0].severity", 0.0), "failures[0].severity") < 1e-20
    validator: Any = with_term(ROWS["solo validator"], "slashing_severity", 0.0)
    assert validator.slashing_severity < 1e-20


BAD = {
    "an unknown term": ("comission", UnknownNameError, r"^{}: comission: must be one of .*did you mean 'commission'"),
    "an unknown field": (
        "failures[0].sevrity",
        UnknownNameError,
        r"^{}: failures\[0\]\.sevrity: must be one of .*sever",
    ),
    "beyond the tuple": ("failures[2].event", InputError, r"^{}: failures\[2\]\.event: must be one of the 2 of failur"),
    "no tuple": ("commission[0]", InputError, r"^{}: commission\[0\]: must be one of the 0 of commission, got 0"),
    "within a number": ("commission.x", UnknownNameError, r"^{}: commission\.x: there is nothing here, got 'x'"),
    "within an event": ("failures[0].event.hazard", UnknownNameError, r"there is nothing here, got 'hazard'"),
    "no number": ("asset", InputError, r"^{}: asset: must be a number, got 'ETH'"),
    "a truth value": ("compounding", InputError, r"^{}: compounding: must be a number, got True"),
    "no path": ("failures[x]", InputError, r"^{}: term: must be a path such as"),
    "empty": ("", InputError, r"^{}: term: must be a path such as"),
}


def test_a_wait_of_the_market_has_no_number_but_one_can_take_its_place():
    with pytest.raises(InputError, match=r'^value_of: entry_days: must be a number, got EntryWait\("ETH"\)'):
        value_of(POOL, "entry_days")
    assert value_of(with_term(POOL, "entry_days", 5.0), "entry_days") == 5.0


def test_a_rate_stays_a_rate_and_what_is_not_given_follows():
    earn = ExchangeStaking(posted_rate=APY(0.05))
    assert value_of(earn, "posted_rate") == 0.05
    assert with_term(earn, "posted_rate", 0.08).posted_rate == APY(0.08)
    mine = with_term(CloudMiningContract(pool_fee=0.01), "power_usd_per_kwh", 0.05)
    assert (mine.power_usd_per_kwh, mine.electricity_usd_per_th_day, mine.pool_fee) == (0.05, 0.0, 0.01)


@pytest.mark.parametrize(("term", "error", "message"), BAD.values(), ids=BAD)
def test_a_bad_path_is_told_in_a_sentence(term, error, message):
    with pytest.raises(error, match=message.replace("{}", "value_of")):
        value_of(POOL, term)
    with pytest.raises(error, match=message.replace("{}", "with_term")):
        with_term(POOL, term, 0.5)


def test_other_bad_input_is_told_in_a_sentence():
    with pytest.raises(InputTypeError, match=r"^value_of: term: must be a path such as .*, got int 3"):
        value_of(POOL, 3)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^assumed_terms: product: must be Product"):
        assumed_terms("x", "pool")  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^assumed_terms: numbers: must be AssumptionSet"):
        assumed_terms("x", POOL, "2026.11")  # type: ignore[arg-type]
    with pytest.raises(
        InputError, match=r"^with_term: commission: StakingPool\.commission: must be a fraction in \[0, 1\]"
    ):
        with_term(POOL, "commission", 1.5)
    with pytest.raises(InputError, match=r"^with_term: value: must be finite"):
        with_term(POOL, "commission", float("nan"))
    with pytest.raises(InputError, match=r"must be in \[0, 1000\]"):
        with_term(POOL, "failures[0].event", -1.0)


def test_rows_tell_their_key():
    (row, *_) = assumptions()
    assert isinstance(row, AssumedTerm)
    assert row.to_dict()["key"] == row.key


GRID = TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
WORLD = scenarios.reference()


@pytest.mark.parametrize("row", assumptions(), ids=lambda row: f"{row.product}, {row.term}")
@pytest.mark.few(8)
def test_the_worse_end_of_a_number_is_never_better(row):
    """Average in coins with one number at either end, on the same paths."""

    def average(value: float) -> float:
        product = with_term(ROWS[row.product], row.term, value)
        results = simulate({"x": product}, WORLD, GRID, capital=100_000.0, n_paths=300, rng=3)
        return compare(results).rows[0].net_coin_return

    worse, better = average(row.assumption.worst), average(row.assumption.best)
    assert worse <= better
    if row.key not in WITHOUT_EFFECT:
        assert worse < better


WITHOUT_EFFECT = (
    "withdrawal_days",  # unpaid days after the last reward: the coins come later, and are as many
    "service_withdrawal_days",  # for the exchange a longer way out is a longer risk
    "custodian.recovery_days",  # the recovery is money of the day of the failure, whenever it comes
    "solo_slashing.hazard",
    "solo_slashing.severity",  # a slashing in 5,000 years, on 300 paths
)
"""Numbers that move no average, or too seldom."""


def test_a_mining_contract_of_ones_own_has_other_terms():
    assert keys(CloudMiningContract()) == {"minimum_payout_btc": "mining.minimum_payout_btc"}
    assert keys(Holding("ETH")) == {}


@attrs.frozen
class Mixture(Product):
    """Several products."""

    parts: tuple[Product, ...]
    asset = None
    factors = frozenset()

    def open(self, book: Any, now: Any) -> Any:
        raise NotImplementedError


def test_terms_of_several_products_held_have_their_place():
    mixture: Any = Mixture(parts=(Holding("ETH"), POOL))
    assert keys(mixture) == {f"parts[1].{term}": key for term, key in keys(POOL).items()}
    assert keys(Mixture(parts=(Mixture(parts=(POOL,)),))) == {
        f"parts[0].parts[0].{term}": key for term, key in keys(POOL).items()
    }


class Plain(Product):
    """A product that is no sheet of terms."""

    asset = None
    factors = frozenset()

    def open(self, book: Any, now: Any) -> Any:
        raise NotImplementedError


def test_what_is_no_sheet_of_terms_has_none():
    mixed: Any = (Plain(), POOL, "a note")
    assert keys(Plain()) == {}
    assert keys(Mixture(parts=mixed)) == {f"parts[1].{term}": key for term, key in keys(POOL).items()}


# The parts of it, one by one


@attrs.frozen
class Several(Product):
    """A product of several others."""

    parts: tuple[Any, ...]
    asset: str = attrs.field(default="ETH", init=False)
    factors: Any = attrs.field(default=frozenset(), init=False)

    def open(self, book: Any, now: Any) -> Any:
        raise NotImplementedError


def test_products_are_entered_as_deep_as_is_told():
    held = LeaveWhen(POOL, Above(Price("ETH"), 1.0))
    for product, first in ((held, "product."), (Several((POOL,)), "parts[0].")):
        assert list(_places("", product, 0)) == []
        assert list(_places("", product, 1)) == []
        assert {path for path, *_ in _places("", product, 2)} == {first + path for path, *_ in _places("", POOL, 1)}
    assert list(_places("", Several((held,)), 2)) == []
    assert list(_places("", object(), 2)) == []


def test_only_a_number_rests_on_an_assumption():
    number = attrs.evolve(SET["uptime"], low=0.0, base=1.0, high=2.0)
    assert _rests_on(1.0, number)
    assert _rests_on(1, number)
    assert not _rests_on(True, number)
    assert not _rests_on("1", number)
    assert not _rests_on(1.0, attrs.evolve(number, low=1.0, high=1.0))


@pytest.mark.parametrize(
    ("value", "needs", "found"),
    [
        (0.0, ("x",), [False]),
        (1.0, ("x",), [True]),
        (None, ("x",), [False]),
        ("a", ("x", "a"), [True]),
        ("b", ("x", "a"), [False]),
        ("b", (), []),
    ],
)
def test_a_term_counts_where_what_it_needs_is_there(value, needs, found):
    assert list(_has_effect(SimpleNamespace(x=value), needs)) == found


def test_what_cannot_be_given_is_no_term():
    assert "asset" not in fields_of(CloudMiningContract())
    assert "asset" in fields_of(POOL)
    with pytest.raises(UnknownNameError, match="asset"):
        value_of(CloudMiningContract(), "asset")


@pytest.mark.parametrize("path", ["failures[0].9x", "9x.severity", "failures[0]..severity", "a." * 32 + "a"])
def test_a_path_with_one_bad_step_is_refused(path):
    with pytest.raises(InputError, match="must be a path such as"):
        value_of(POOL, path)
