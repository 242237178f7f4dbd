"""Bad inputs: each is refused with a message that helps, or accepted with a stated result.

Those of products are with each product, those of files in tests/scenarios/history/files, those of scenarios in
tests/scenarios/test_bad_worlds.py.
"""

import array
import datetime as dt
import decimal
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pytest

from stakingmodels.checks import show
from stakingmodels.engine import simulate
from stakingmodels.errors import ExecutionError, InputError, InputTypeError, NumericalError, UnitWarning
from stakingmodels.ledger import Line
from stakingmodels.market import Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Holding, StakingPool
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import GBM, Constants, GeometricBrownianMotion

IE, IT, NE, XE = InputError, InputTypeError, NumericalError, ExecutionError
ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=2)  # n_times 3
CASH = {"cash": Holding(asset="USD")}
NAN, INF = float("nan"), float("inf")


def called(value):
    """A value in the name of a test: an array by its type and shape, else its class and how it is shown."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    if isinstance(value, tuple) and value and isinstance(value[0], type):
        return " ".join([value[0].__name__, *map(show, value[1:])])
    name, text = type(value).__name__, show(value)
    return name if " at 0x" in text else f"{name} {text}"


def case(value, error, *words):
    return pytest.param(value, error, words, id=", ".join([called(value), *words[:2]]))


def refusal(error, start, words, call, *args, **options):
    """The call is refused by exactly this error, in one line that begins with the argument and says these words."""
    with pytest.raises(error) as caught:
        call(*args, **options)
    message = str(caught.value)
    assert type(caught.value) is error
    assert message.startswith(start), message
    assert len(message) <= 400
    assert message.isprintable()
    for word in words:
        assert word in message


class OnlyFloat:
    def __float__(self):
        return 32.0


# Scalars

CAPITALS = [
    case(NAN, IE, "finite", "nan"),
    case(INF, IE, "finite", "inf"),
    case(-INF, IE, "finite", "-inf"),
    case(np.float64(NAN), IE, "finite", "nan"),
    case(-1.0, IE, "(0", "-1.0"),
    case(0.0, IE, "(0", "0.0"),
    case(-0.0, IE, "(0", "0.0"),
    case(True, IT, "bool"),
    case(np.bool_(True), IT, "bool"),
    case("32", IT, "str", "'32'"),
    case(b"32", IT, "bytes"),
    case(None, IT, "NoneType"),
    case(32 + 0j, IT, "complex"),
    case(np.complex128(32), IT, "complex128"),
    case(Decimal(32), IT, "Decimal"),
    case(Decimal("NaN"), IT, "Decimal"),
    case(Decimal("sNaN"), IT, "Decimal"),
    case(10**400, IE, "too large"),
    case(1e16, IE, "too large", "limit", "1e+15"),
    case(1.7976931348623157e308, IE, "too large", "limit"),
    case(np.float32(32), IT, "float32", "float64"),
    case(np.float16(32), IT, "float16", "float64"),
    case(np.longdouble(32), IT, "longdouble", "float64"),
    case(np.array(32.0), IT, "scalar", "()"),
    case(np.array([[32.0]]), IE, "(n_paths,)", "(1, 1)"),
    case(["32"], IT, "list"),
    case([True], IT, "bool"),
    case(np.array([32.0], dtype=np.float32), IT, "float32"),
    case(np.array([NAN]), IE, "non-finite"),
    case([-1.0], IE, "on every path", "-1.0"),
    case({"capital": 32}, IT, "dict"),
    case(np.datetime64("NaT", "s"), IT, "datetime64"),
    case(np.timedelta64(1, "D"), IT, "timedelta64"),
    case(np.ma.masked, IT, "Masked"),
    case(OnlyFloat(), IT, "OnlyFloat"),
    case(len, IT, "builtin_function"),
    case(int, IT, "type"),
    case(..., IT, "ellipsis"),
    case("x" * 1_000_000, IT, "str", "..."),
    case("\x1b[31mred", IT, "str", r"\x1b"),
]


@pytest.mark.parametrize(("capital", "error", "words"), CAPITALS)
def test_capital(capital, error, words):
    refusal(error, "run: capital: ", words, CASH["cash"].run, Market(GRID, {}), capital=capital)
    refusal(error, "simulate: capital: ", words, simulate, CASH, Constants({}), GRID, capital=capital, n_paths=1)


@pytest.mark.parametrize("capital", [32, np.float64(32), np.int64(32)], ids=called)
def test_capital_as_another_number(capital):
    assert CASH["cash"].run(Market(GRID, {}), capital=capital).closing.tolist() == [32.0]


def test_capital_as_a_fraction():
    assert CASH["cash"].run(Market(GRID, {}), capital=Fraction(1, 4)).closing.tolist() == [0.25]  # type: ignore[arg-type]


# Fractions and domains


@pytest.mark.parametrize(
    ("commission", "error", "words"),
    [
        case(5.0, IE, "[0, 1]", "percent? write 0.05"),
        case(500, IE, "[0, 1]", "basis points? write 0.05"),
        case(1.0000000000000002, IE, "1.0000000000000002"),
        case(-1e-18, IE, "-1e-18"),
        case(NAN, IE, "finite"),
        case("5%", IT, "str"),
        case(None, IT, "NoneType"),
        case(False, IT, "bool"),
        case(np.full(3, 0.1), IT, "(3,)"),
    ],
)
def test_commission(commission, error, words):
    refusal(error, "StakingPool.commission: ", words, StakingPool, commission=commission)


@pytest.mark.parametrize(
    ("commission", "closing"),
    [
        pytest.param(0.0, 1503.0015, id="nothing"),
        pytest.param(1.0, 1500.0, id="all"),
        pytest.param(-0.0, 1503.0015, id="minus nothing"),
    ],
)
def test_commission_at_its_ends(commission, closing):
    pool = StakingPool(commission=commission)
    outcome = pool.run(Market(GRID, {ETH: 1.0, REWARD: APR(0.365)}), capital=1500.0)
    assert outcome.closing[0] == pytest.approx(closing, rel=1e-14)
    assert (Line.COMMISSION in outcome.lines) is (commission == 1.0)
    assert str(pool.commission) == str(abs(commission))


FIELDS = [
    case((Event, {"hazard": -0.1}), IE, "hazard"),
    case((Event, {"hazard": INF}), IE, "hazard", "finite"),
    case((CloudMiningContract, {"hashrate_th_s": 0}), IE, "(0"),
    case((CloudMiningContract, {"electricity_usd_per_th_day": -1}), IE, "[0"),
    case((CloudMiningContract, {"maintenance_usd_per_th_day": -1}), IE, "[0"),
    case((CloudMiningContract, {"term_days": 0}), IE, "(0"),
    case((CloudMiningContract, {"price_usd_per_th_s": -5}), IE, "(0", "-5"),
]


@pytest.mark.parametrize(("given", "error", "words"), FIELDS)
def test_fields(given, error, words):
    cls, terms = given
    more = {"name": "x"} if cls is Event else {}
    refusal(error, f"{cls.__name__}.{next(iter(terms))}: ", words, cls, **terms, **more)


@pytest.mark.parametrize(
    ("days", "error", "words"),
    [
        case(0, IE, "[1"),
        case(-1, IE, "[1"),
        case(1.0, IT, "integer", "float"),
        case(2.5, IT, "integer", "float"),
        case(NAN, IT, "integer", "float"),
        case(True, IT, "integer", "bool"),
        case("3", IT, "integer", "str"),
        case(10**7 + 1, IE, "limit"),
        case(2**64, IE, "limit"),
        case(np.uint64(2**64 - 1), IE, "limit"),
        case(Decimal(3), IT, "integer", "Decimal"),
        case(None, IT, "integer", "NoneType"),
        case(np.array(3), IT, "integer", "ndarray"),
        case(10**10_000, IE, "limit", "bits"),
    ],
)
def test_whole_numbers(days, error, words):
    refusal(error, "TimeGrid.days: ", words, TimeGrid.daily, "2026-01-01", days=days)


def test_a_narrow_integer():
    one, other = (CloudMiningContract(stop_after_days=days) for days in (np.int32(3), 3))  # type: ignore[arg-type]
    assert (one, hash(one)) == (other, hash(other))


@pytest.mark.parametrize(
    ("args", "terms", "word"),
    [((), {}, "asset"), (("ETH", 0.1), {}, "positional"), ((), {"asset": "ETH", "buy_fe": 0.1}, "buy_fe")],
    ids=["missing", "by position", "misspelt"],
)
def test_fields_are_keywords(args, terms, word):
    with pytest.raises(TypeError, match=word):
        Holding(*args, **terms)


# Time

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = [
    pytest.param(dt.datetime(2026, 1, 1), id="naive datetime"),  # noqa: DTZ001
    pytest.param(dt.date(2026, 1, 1), id="date"),
    pytest.param("2026-01-01T00:00:00Z", id="text in UTC"),
    pytest.param(np.datetime64("2026-01-01"), id="datetime64"),
    pytest.param(dt.datetime(2026, 1, 1, 1, tzinfo=BERLIN), id="midnight of a zone"),
]


@pytest.mark.parametrize("start", STARTS)
def test_starts(start):
    assert TimeGrid.daily(start, days=2).times.tobytes() == GRID.times.tobytes()


class NoOffset(dt.tzinfo):
    def utcoffset(self, _moment):
        return None

    tzname = dst = utcoffset


@pytest.mark.parametrize(
    ("start", "error", "words"),
    [
        case(1_700_000_000, IT, "int"),
        case(dt.datetime(2026, 1, 1, tzinfo=NoOffset()), IE, "offset"),
        case(dt.timedelta(days=1), IT, "timedelta"),
        case(dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))), IE, "range"),
        case(dt.datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), IE, "does not exist"),
        case(np.datetime64(1_700_000_000_000, "s"), IE, "milliseconds", "9999"),
        case("31/12/2026", IE, "ISO 8601"),
    ],
)
def test_starts_refused(start, error, words):
    refusal(error, "TimeGrid.start: ", words, TimeGrid.daily, start, days=2)


def test_an_ambiguous_start():
    with pytest.warns(UnitWarning, match="ambiguous.*fold"):
        TimeGrid.daily(dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), days=2)


MOMENTS = np.arange("2026-01-01", "2026-01-05", dtype="M8[D]")


@pytest.mark.parametrize(
    ("times", "error", "words"),
    [
        case(MOMENTS[::-1], IE, "increasing"),
        case(np.array([dt.datetime(2026, 1, 1, tzinfo=z) for z in (BERLIN, dt.UTC)]), IT, "datetime64"),
        case(MOMENTS[:1], IE, "at least 2"),
        case(MOMENTS[:0], IE, "at least 2"),
        case(MOMENTS[[0, 2, 1]], IE, "increasing", "times[2]"),
        case(MOMENTS[[0, 1, 1]], IE, "increasing", "times[2]"),
        case(np.array(["2026-01-01", "NaT"], dtype="M8[D]"), IE, "NaT"),
        case(np.array([0, 10**12]).astype("M8[s]"), IE, "9999"),
        case(MOMENTS.reshape(2, 2), IE, "dimension", "(2, 2)"),
        case(MOMENTS[0].reshape(()), IE, "dimension", "()"),
        case(np.arange(10**6 + 1).astype("M8[s]"), IE, "steps", "limit"),
    ],
)
def test_times(times, error, words):
    refusal(error, "TimeGrid.times: ", words, TimeGrid, np.asarray(times))


@pytest.mark.parametrize("days", [0])
def test_no_days(days):
    refusal(IE, "TimeGrid.days: ", ["[1"], TimeGrid.daily, "2026-01-01", days=days)


# Series in a market of 3 times and 2 paths


def holding(cell, value):
    rows = np.ones((3, 2))
    rows[cell] = value
    return rows


def matrix():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.matrix(np.ones((3, 2)))


class Pretender:
    def __array__(self, *_args, **_options):
        return np.ones(3)


SERIES = [
    case(holding((1, 0), NAN), IE, "1 non-finite", "(1, 0)"),
    case(holding((1, 1), INF), IE, "1 non-finite", "(1, 1)", "inf"),
    case(holding((0, 1), -INF), IE, "1 non-finite", "(0, 1)", "-inf"),
    case(np.full((3, 2), NAN), IE, "6 non-finite", "(0, 0)"),
    case(holding((2, 0), -1e-12), IE, "-1e-12", "(2, 0)"),
    case(np.ones((3, 2, 1)), IE, "dimensions", "(3, 2, 1)"),
    case(np.ones((2, 3)), IE, "time is axis 0; transposed?", "(2, 3)", "n_times = 3"),
    case(np.ones((2, 2)), IE, "n_times", "rates too are given at every grid time"),
    case(np.ones((4, 2)), IE, "n_times", "(4, 2)"),
    case(np.ones((3, 0)), IE, "(3, 0)"),
    case(np.ones((0, 2)), IE, "(0, 2)"),
    case(np.ones(3, np.float32), IT, "float32"),
    case(np.ones(3, np.float16), IT, "float16"),
    case(np.ones(3, complex), IT, "complex"),
    case(np.ones(3, bool), IT, "bool"),
    case(np.ones(3, object), IT, "object"),
    case(np.array([Decimal(1)] * 3), IT, "object"),
    case(np.array(["1"] * 3), IT, "str"),
    case(np.array([b"1"] * 3), IT, "bytes"),
    case(np.ones(3, "M8[s]"), IT, "datetime64"),
    case(np.ones(3, "m8[s]"), IT, "timedelta64"),
    case(np.ones(3, [("a", float)]), IT, "'a'"),
    case(np.zeros(3, "V8"), IT, "V8"),
    case(np.full(3, 2**53 + 1), IE, "2**53"),
    case(np.full(3, 2**64 - 1, np.uint64), IE, "2**53"),
    case(np.full(3, -(2**63)), IE, "2**53"),
    case([[1.0]] * 3, IT, "ndarray", "list", "np.asarray("),
    case(((1.0,),) * 3, IT, "ndarray", "tuple", "np.asarray("),
    case(None, IT, "ndarray", "NoneType", "np.asarray("),
    case((x for x in [1.0] * 3), IT, "ndarray", "generator", "np.asarray("),
    case(np.ma.array(np.ones(3), mask=[True, False, False]), IT, "masked"),
    case(np.ma.array(np.ones(3)), IT, "masked"),
    case(matrix(), IT, "matrix"),
    case(memoryview(b"123"), IT, "ndarray", "memoryview", "np.asarray("),
    case(array.array("d", [1.0] * 3), IT, "ndarray", "array", "np.asarray("),
    case(Pretender(), IT, "Pretender"),
    case("1.0", IT, "str"),
    case({0: 1.0}, IT, "dict"),
]


@pytest.mark.parametrize(("rows", "error", "words"), SERIES)
def test_prices(rows, error, words):
    refusal(error, 'Price("ETH"): ', words, Market, GRID, {ETH: rows})


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(float).max, reason="a long double is a double here")
def test_a_long_double_beyond_a_double():
    refusal(IE, 'Price("ETH"): ', ["non-finite"], Market, GRID, {ETH: np.full(3, np.longdouble("1e4000"))})


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        case(holding((1, 0), NAN), IE, "non-finite", "(1, 0)"),
        case(holding((1, 0), -1.0), IE, "(-1", "(1, 0)", "0.05 means 5 %"),
        case(holding((1, 1), -1.5), IE, "(-1", "(1, 1)", "-1.5"),
        case(holding((2, 1), 1e10), IE, "1e+09", "(2, 1)"),
    ],
)
def test_rates_in_a_market(rows, error, words):
    refusal(error, "APR: ", words, lambda: Market(GRID, {REWARD: APR(rows)}))


def test_a_rate_like_percent():
    with pytest.warns(UnitWarning, match=r"4\.2, as a fraction") as caught:
        Market(GRID, {REWARD: APR(np.full(3, 4.2))})
    assert len(caught) == 1


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(np.full(3, 5.0), id="times"),
        pytest.param(np.array(5.0), id="array without dimensions"),
        pytest.param(5, id="number"),
        pytest.param(np.zeros(3), id="zeros"),
    ],
)
def test_one_series_for_all_paths(value):
    market = Market(GRID, {ETH: value, Price("BTC"): np.ones((3, 2)), REWARD: APR(0.0 * np.ones(3))})
    outcome = Holding(asset="ETH").run(market, capital=10.0)
    assert outcome.closing.tolist() == [10.0, 10.0]


@pytest.mark.parametrize("other", [np.ones((3, 1)), np.ones((3, 5))], ids=called)
def test_two_numbers_of_paths(other):
    words = ['Price("ETH")', "(3, 2)", 'Price("BTC")', str(other.shape)]
    refusal(IE, "Market.series: ", words, Market, GRID, {ETH: np.ones((3, 2)), Price("BTC"): other})


@pytest.mark.parametrize("rows", [np.ones(2), np.ones((2, 2))], ids=called)
def test_rates_a_row_short(rows):
    words = ["n_times", "rates too are given at every grid time"]
    refusal(IE, 'StakingReward("ETH"): ', words, lambda: Market(GRID, {REWARD: APR(rows)}))


def test_a_claim_of_24_gigabytes():
    begun = time.process_time()
    refusal(IE, 'Price("ETH"): ', ["limit", "3000000000"], Market, GRID, {ETH: np.broadcast_to(1.0, (3, 10**9))})
    assert time.process_time() - begun < 1.0


# Immutability


def test_arrays_of_an_outcome():
    closing = CASH["cash"].run(Market(GRID, {}), capital=1.0).closing
    with pytest.raises(ValueError, match="read-only"):
        closing[0] = 2.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        closing.setflags(write=True)


@pytest.mark.parametrize(
    "act", [lambda p: setattr(p, "buffer", 0.5), lambda p: setattr(p, "x", 1), lambda p: delattr(p, "buffer")]
)
def test_products_are_frozen(act):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        act(StakingPool())


def test_evolving_checks_again():
    refusal(IE, "StakingPool.commission: ", ["[0, 1]"], attrs.evolve, StakingPool(), commission=2.0)


def test_outcomes_are_equal_by_value():
    one, same, other = (CASH["cash"].run(Market(GRID, {}), capital=capital) for capital in (1.0, 1.0, 2.0))
    assert (one == same, one == other) == (True, False)


# Rates


@pytest.mark.parametrize(
    ("compounding", "error", "words"),
    [
        case(0, IE, "[1"),
        case(-1, IE, "[1"),
        case(365.25, IT, "integer", "float"),
        case(True, IT, "integer", "bool"),
        case("daily", IT, "integer", "str"),
    ],
)
def test_compounding(compounding, error, words):
    refusal(error, "APR.to_apy: compounding: ", words, APR(0.05).to_apy, compounding=compounding)
    refusal(error, "APY.to_apr: compounding: ", words, APY(0.05).to_apr, compounding=compounding)


@pytest.mark.parametrize(
    ("rate", "error", "words"),
    [
        case((APR, -1.0), IE, "apr", "(-1"),
        case((APR, -3.0), IE, "apr", "(-1"),
        case((APR, INF), IE, "finite"),
        case((APR, NAN), IE, "finite"),
        case((APY, -1.0), IE, "apy", "(-1"),
        case((APY, NAN), IE, "finite"),
    ],
)
def test_rates(rate, error, words):
    cls, value = rate
    refusal(error, f"{cls.__name__}: ", words, cls, value)


def test_conversions_out_of_range():
    refusal(IE, "apr: ", ["limit 1e+07"], APR(1e7).to_apy, compounding=12)
    refusal(NE, "APR.to_apy: overflow", ["1000000"], APR(1e6).to_apy, compounding=10**6)


def centuries(steps):
    return TimeGrid(np.datetime64("1950-01-01", "s") + np.arange(steps + 1) * np.timedelta64(36_500 // steps, "D"))


@pytest.mark.parametrize(("steps", "where"), [(1, "APY.accrued: "), (100, "StakingPool: ")])
def test_growth_beyond_a_float(steps, where):
    def grow():
        market = Market(centuries(steps), {ETH: 1.0, REWARD: APY(1e8)})
        return StakingPool(commission=0.0).run(market, capital=1.0)

    with pytest.warns(UnitWarning, match="percent"):
        refusal(NE, where, ["overflow"], grow)


def test_a_price_beyond_a_float():
    market = Market(GRID, {ETH: np.array([1e-5, 1.0, 1e300])})
    refusal(NE, "Holding: ", ["overflow", "path 0"], Holding(asset="ETH").run, market, capital=1e15)


def test_small_and_nearly_lost_rates():
    assert APR(1e-17).to_apy(compounding=365).value == pytest.approx(1e-17, rel=1e-15)
    assert 0.0 < 1.0 + APY(-0.999999999).accrued(1.0) < 1e-8


# simulate


def run(products=CASH, world: Any = None, **options):
    settings = {"capital": 1.0, "n_paths": 2, "rng": 1, **options}
    return simulate(products, world or GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.5)}), GRID, **settings)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        case({"rng": -1}, IE),
        case({"rng": 2**128}, IE),
        case({"rng": 1.0}, IT, "float"),
        case({"rng": np.random.RandomState(1)}, IT, "RandomState"),
        case({"rng": "abc"}, IT, "str"),
        case({"rng": True}, IT, "bool"),
        case({"n_paths": 0}, IE, "limit"),
        case({"n_paths": 10**7 + 1}, IE, "limit"),
        case({"n_paths": 100.0}, IT, "integer"),
        case({"executor": 0}, IT, "int", "ProcessPoolExecutor(n)"),
        case({"executor": -1}, IT, "int", "ProcessPoolExecutor(n)"),
        case({"executor": 257}, IT, "int", "ProcessPoolExecutor(n)"),
        case({"executor": 2.0}, IT, "float", "ProcessPoolExecutor(n)"),
        case(
            {"keep": "values", "n_paths": 10**7, "products": {str(i): CASH["cash"] for i in range(9)}},
            IE,
            "memory",
            "GiB",
        ),
        case({"products": {}}, IE),
    ],
)
def test_simulate(options, error, words):
    refusal(error, f"simulate: {next(iter(options))}: ", words, run, **options)


def test_seeds():
    fresh = run(rng=None)
    assert run(rng=fresh.entropy).entropy == fresh.entropy
    generator = np.random.default_rng(1)
    assert run(rng=generator).entropy != run(rng=generator).entropy


def test_an_executor_that_was_shut_down():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    refusal(XE, "simulate: executor: ", ["make a new one"], run, executor=executor)


@pytest.mark.parametrize(
    ("volatility", "error", "words"),
    [case(-0.1, IE), case(NAN, IE, "finite"), case(50.0, IE, "percent? write 0.50")],
)
def test_volatility(volatility, error, words):
    refusal(error, "GBM.volatility: ", words, GBM, 1.0, volatility=volatility)


def test_a_missing_argument():
    with pytest.raises(TypeError, match="capital"):
        simulate(CASH, Constants({}), GRID)  # type: ignore[call-arg]


def test_the_state_of_the_host():
    expected = run({"hold": Holding(asset="ETH")})["hold"].closing.tobytes()
    luck = np.random.get_state(legacy=False)["state"]["key"].tobytes()  # noqa: NPY002
    with np.errstate(all="raise"), warnings.catch_warnings(), decimal.localcontext(decimal.Context(prec=1)):
        warnings.simplefilter("error")
        assert run({"hold": Holding(asset="ETH")})["hold"].closing.tobytes() == expected
    assert np.random.get_state(legacy=False)["state"]["key"].tobytes() == luck  # noqa: NPY002


# Further cases


@pytest.mark.parametrize("value", [0.04, 1, np.float64(0.04)])
def test_a_bare_number_where_a_rate_is_wanted(value):
    words = [f"write APR({value!r}) or APY({value!r})"]
    refusal(IT, 'StakingReward("ETH"): ', words, Market, GRID, {REWARD: value})


def test_rates_do_not_mix():
    refusal(IT, "APR: ", ["to_apy()"], lambda: APR(0.04) + APY(0.04))
    refusal(IT, "APR: ", [".value"], lambda: float(APR(0.04)))
    assert APR(0.04) != APY(0.04)


def test_a_market_without_a_factor():
    words = ['StakingReward("ETH")', 'add StakingReward("ETH"): APR(0.028)']
    refusal(IE, "StakingPool: reads ", words, StakingPool().run, Market(GRID, {ETH: 1.0}), capital=1.0)


def test_an_exit_that_has_not_ended():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=3)
    pool = StakingPool(unbonding_days=4.0)
    outcome = pool.run(Market(grid, {ETH: 1.0, REWARD: APR(0.0)}), capital=1.0)
    assert (outcome.settled.tolist(), outcome.days_to_cash.tolist()) == ([False], [INF])


@pytest.mark.parametrize("level", [95, 0.0, 1.0])
def test_levels(level):
    outcome = CASH["cash"].run(Market(GRID, {}), capital=1.0)
    refusal(IE, "Outcome.risk: confidence_level: ", ["fraction in (0, 1)"], outcome.risk, confidence_level=level)
