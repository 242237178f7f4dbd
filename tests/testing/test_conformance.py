"""`check_product`: which checks it runs, on what, and what it refuses."""

import inspect
import pickle

import numpy as np
import pytest

from stakingmodels import (
    CloudMiningContract,
    ConformanceError,
    Event,
    Holding,
    InputError,
    InputTypeError,
    Line,
    Market,
    Now,
    Price,
    StakingModelsError,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure
from stakingmodels.testing import CHECKS, check_product, default_markets
from stakingmodels.testing.snapshot import Snapshot
from tests.testing.test_sharp import Held, Plain, crash

pytestmark = pytest.mark.once

POOL = StakingPool(unbonding_days=3.0, failures=(Failure(Event("slashing"), 0.2, line="slashing"),), sell_fee=0.001)
PRODUCTS = [
    Holding(asset="ETH", buy_fee=0.001),
    Holding(asset="USD"),
    POOL,
    StakingPool(compounding=False, buffer=0.1),
    CloudMiningContract(failures=(Failure(Event("provider")),)),
    CloudMiningContract(payout="hold", hashrate_th_s=500.0, term_days=20.0, electricity_usd_per_th_day=0.08),
]


def flat(**prices: float) -> Market:
    return Market(TimeGrid.daily("2026-01-01", days=3), {Price(asset): price for asset, price in prices.items()})


@pytest.mark.parametrize("product", PRODUCTS, ids=repr)
@pytest.mark.few(2)
def test_products_of_the_library_conform(product):
    check_product(product)


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.few(6)
def test_each_check_is_addressable_alone(name):
    check_product(POOL, only=[name])
    CHECKS[name](POOL, default_markets(POOL)["rough"], capital=1_000.0)


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_has_its_name_and_a_sentence(name):
    check = CHECKS[name]
    assert getattr(check, "__name__", "") == "check_" + name.replace("-", "_")
    first = (inspect.getdoc(check) or "").partition("\n")[0]
    assert first.endswith(".")


def recorded(monkeypatch) -> list[str]:
    """The names of the checks that run, in order."""
    ran: list[str] = []
    spies = {name: lambda *_, name=name, **__: ran.append(name) for name in CHECKS}
    monkeypatch.setattr("stakingmodels.testing.conformance.CHECKS", spies)
    return ran


def test_all_checks_run_in_order(monkeypatch):
    ran = recorded(monkeypatch)
    check_product(Holding(asset="ETH"), flat(ETH=1.0))
    assert ran == [*CHECKS]


def test_without_a_market_every_default_one_is_used(monkeypatch):
    ran = recorded(monkeypatch)
    check_product(Holding(asset="ETH"), only=["replay"])
    assert ran == ["replay"] * len(default_markets(Holding(asset="ETH")))


class Nag(Holding):
    """A holding that talks, and whose copies are not equal to it."""

    def open(self, book, now):
        print("opened")  # noqa: T201 (the fault)
        return super().open(book, now)

    def __eq__(self, other):
        return self is other

    __hash__ = object.__hash__


TALKS = {"quiet": "it talks", "frozen": "each is its own"}


def test_expected_failures_are_run_and_told_of_where_they_pass():
    check_product(Nag("ETH"), expected_failures=TALKS)
    again = r"^sign: Nag\(.*\): passes again; remove it from expected_failures, where it says 'it pays to be held'$"
    with pytest.raises(ConformanceError, match=again):
        check_product(Nag("ETH"), expected_failures={**TALKS, "sign": "it pays to be held"})
    with pytest.raises(ConformanceError, match=r"^frozen: Nag\(asset='ETH'\): copy gives one that is not equal"):
        check_product(Nag("ETH"), expected_failures={"quiet": "it talks"})


def test_a_failure_is_expected_on_some_market_only():
    class Late(Nag):
        """It talks where there are many paths."""

        def open(self, book, now):
            return super().open(book, now) if now.n_paths > 6 else Holding.open(self, book, now)

    check_product(Late("ETH"), only=["quiet"], expected_failures=TALKS)
    with pytest.raises(ConformanceError, match="passes again"):
        check_product(Late("ETH"), flat(ETH=1.0), only=["quiet"], expected_failures=TALKS)


def test_what_is_not_asked_for_is_not_expected():
    check_product(Nag("ETH"), only=["sign"], expected_failures=TALKS)


def test_failures_are_collected_into_one_error():
    with pytest.raises(ConformanceError) as found:
        check_product(Nag("ETH"), on_fail="collect")
    assert str(found.value).splitlines() == [
        f"2 of {len(CHECKS)} checks fail: Nag(asset='ETH')",
        "- frozen: Nag(asset='ETH'): copy gives one that is not equal to it, or hashes differently",
        "- quiet: Nag(asset='ETH'): a run prints 'opened\\n'",
    ]
    assert [failure.partition(":")[0] for failure in found.value.failures] == ["frozen", "quiet"]
    with pytest.raises(ConformanceError) as found:
        check_product(Nag("ETH"), on_fail="collect", expected_failures={**TALKS, "sign": "why"})
    assert len(found.value.failures) == 1
    check_product(Nag("ETH"), on_fail="collect", expected_failures=TALKS)


def test_what_several_checks_find_alike_is_told_once():
    with pytest.raises(ConformanceError) as found:
        check_product(Plain(fault=crash), on_fail="collect")
    crashes = [line for line in str(found.value).splitlines() if "the run raised" in line]
    assert len(found.value.failures) > 20
    assert len(crashes) == 1
    assert crashes[0].startswith("- global-state, frozen, deterministic, finite, ")


@pytest.mark.parametrize("capital", [0.0, -1.0, float("nan"), "1000"])
def test_a_wrong_capital_is_refused_in_the_name_of_the_call(capital):
    with pytest.raises(StakingModelsError, match=r"^check_product: capital: "):
        check_product(Holding("ETH"), capital=capital)


def test_a_check_called_by_itself_names_itself():
    with pytest.raises(InputTypeError, match=r"^CHECKS\['sign'\]: market: must be Market"):
        CHECKS["sign"](Holding("ETH"), 5, capital=1e3)  # type: ignore[arg-type]


def test_a_collected_error_is_pickled_with_its_failures():
    error = ConformanceError("2 fail", ("one", "two"))
    assert pickle.loads(pickle.dumps(error)).failures == ("one", "two")  # noqa: S301 (its own bytes)
    assert ConformanceError("one").failures == ("one",)


def test_there_are_two_ways_to_fail():
    with pytest.raises(InputError, match=r"^check_product: on_fail: must be one of 'raise', 'collect', got 'warn'$"):
        check_product(Holding("ETH"), on_fail="warn")  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["", "  ", None, True])
def test_an_expected_failure_needs_a_reason(reason):
    with pytest.raises(InputError, match=r"^check_product: expected_failures\['sign'\]: must say why"):
        check_product(Holding(asset="ETH"), expected_failures={"sign": reason})


@pytest.mark.parametrize("argument", [{"only": ["signs"]}, {"expected_failures": {"signs": "a reason"}}])
def test_unknown_names_are_refused(argument):
    with pytest.raises(InputError, match=r"must be one of .*, got 'signs' \(did you mean sign\?\)$"):
        check_product(Holding(asset="ETH"), **argument)


@pytest.mark.parametrize("argument", [{"only": "sign"}, {"expected_failures": ["sign"]}, {"market": 3}])
def test_wrong_types_are_refused(argument):
    with pytest.raises(InputTypeError):
        check_product(Holding(asset="ETH"), **argument)


def test_what_is_no_product_is_refused():
    with pytest.raises(InputTypeError, match=r'Product; write Holding\("ETH"\), not the class Holding, got'):
        check_product(Holding)  # type: ignore[arg-type]
    with pytest.raises(
        InputTypeError, match=r'^check_product: product: must be Product; write Holding\("ETH"\), got int 3'
    ):
        check_product(3)  # type: ignore[arg-type]


def reads_more(held: Held, now: Now) -> None:
    """Reads what its terms do not declare."""
    held.book.earn(Line.CONSENSUS, held.coins, held.coins.units, now[StakingReward("SOL")])


def pays_a_text(held: Held, _now: Now) -> None:
    """Writes a text where units belong."""
    held.book.post(Line.CONSENSUS, held.coins, "1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (reads_more, r'it reads StakingReward\("SOL"\), which is not in `factors`; add it there'),
        (pays_a_text, r"the run breaks off: Book\.post: units must be a number"),
    ],
)
def test_what_a_product_reads_undeclared_or_writes_wrongly_is_its_fault_and_is_collected(fault, words):
    product = Plain(fault=fault)
    with pytest.raises(ConformanceError, match=f"^sign: .*: {words}"):
        check_product(product, only=["sign"])
    with pytest.raises(ConformanceError, match=rf"^2 of 2 checks fail: .*\n- replay, sign: .*{words}"):
        check_product(product, only=["sign", "replay"], on_fail="collect")


def test_a_class_within_a_function_cannot_be_pickled_and_it_is_said_what_to_do():
    class Inner(Holding):
        """A class that pickle cannot find."""

    with pytest.raises(ConformanceError, match=r"^frozen: .*pickle.*; define the class at the top of a module"):
        check_product(Inner("ETH"), only=["frozen"])


def test_a_market_that_lacks_a_factor_is_no_fault_of_the_product():
    with pytest.raises(InputError, match="reads Price"):
        check_product(Holding(asset="ETH"), flat(BTC=1.0))


def test_it_works_on_a_generated_market():
    given = default_markets(POOL)["rough"]
    check_product(POOL, Snapshot.of(given, POOL.factors).market())


def test_a_failure_is_an_assertion():
    assert issubclass(ConformanceError, AssertionError)


def test_default_markets_are_the_same_each_time():
    for name, market in default_markets(POOL).items():
        one, two = (Snapshot.of(m, POOL.factors) for m in (market, default_markets(POOL)[name]))
        assert one.rows.keys() == two.rows.keys()
        assert all(np.array_equal(rows, two.rows[factor]) for factor, rows in one.rows.items())
        assert all(np.array_equal(mask, two.strikes[event]) for event, mask in one.strikes.items())


def test_default_markets_have_what_is_hard():
    rough, uneven, still = (Snapshot.of(m, POOL.factors) for m in default_markets(POOL).values())
    prices = rough.rows[Price("ETH")]
    assert (prices == 0.0).any(axis=0).any()
    assert not (prices == 0.0).any(axis=0).all()
    assert rough.strikes[Event("slashing")].any()
    assert rough.grid.exit < rough.grid.n_steps
    assert np.ptp(uneven.grid.step_days) > 1.0
    assert uneven.n_paths > 1
    assert still.n_paths == 1


def test_a_failure_whose_event_is_not_read_is_found():
    class Deaf(StakingPool):
        """A pool that forgets the events of its failures."""

        @property
        def factors(self):
            return frozenset({Price("ETH"), StakingReward("ETH")})

    pool = Deaf(failures=(Failure(Event("deaf", hazard=0.1)),))
    with pytest.raises(ConformanceError, match=r'Event\("deaf"\) of its failures is not among its factors, so that it'):
        check_product(pool, only=["event-timing"])
