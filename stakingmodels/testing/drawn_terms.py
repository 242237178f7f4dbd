"""Values of one term, drawn from its rules."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stakingmodels.errors import MissingExtraError
from stakingmodels.market import EntryWait, Event, ExitWait, PowerPrice
from stakingmodels.products import Entry, Execution, Failure, Halt, Payout, Schedule, Tiers
from stakingmodels.rates import APR, APY
from stakingmodels.terms import Term

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

CAPITAL = (1_000.0, 1e9)
"""Range of `capitals`; the least suffices for every mining contract drawn."""
ENOUGH = 1e14
"""Capital that opens three validators at nearly any price drawn."""
_LEAST = 1e-9  # above 0: smaller numbers underflow when multiplied a few times
_DAYS = (0.0, 0.5, 2.0, 7.25, 90.0, 1_000.0)
COINS = ("ETH", "BTC")
_ASSETS = (*COINS, "USD")
_AFFORDABLE = {
    "hashrate_th_s": (0.1, 50.0),
    "machines": (1e-3, 0.02),
    "hardware_usd": (0.0, 500.0),
    "validators": (1, 3),
}
_DATES = ("2023-05-15", "2026-01-01", "2026-01-04", "2026-03-01")
_RATES = (APR(0.0), APR(0.3), APY(0.9))


def hypothesis_strategies() -> Any:
    """Module of hypothesis strategies, or an error that says how to install it."""
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise MissingExtraError("hypothesis is not installed: pip install 'stakingmodels[testing]'") from error
    return strategies


def can_be_drawn(term: Term) -> bool:
    """Whether a term's rules suffice to draw it."""
    return term.kind not in {"other", "factor"}


def is_felt(term: Term, given: Mapping[str, object]) -> bool:
    """Whether a term has an effect together with the given ones, and may stand beside them."""
    if any(given.get(name) is not None for name in term.instead_of):
        return False
    if not term.needs:
        return True
    needed, *words = term.needs
    return given.get(needed) in words if words else given.get(needed) is not None


def values(name: str, term: Term, asset: object) -> "SearchStrategy[Any]":
    """Values of a term of a product of some coin."""
    st = hypothesis_strategies()
    found = _values(name, term, asset)
    if term.scheduled:
        found = st.one_of(found, _tiers()) if term.kind == "rate" else found
        changing = _numbers(name, term) if term.kind == "power price" else found  # no schedule of factors
        found = st.one_of(found, found, _schedules(changing))
    drawn: SearchStrategy[Any] = st.one_of(st.none(), found) if term.optional else found
    return drawn


def _values(name: str, term: Term, asset: object) -> Any:
    st = hypothesis_strategies()
    days = st.sampled_from([days for days in _DAYS if term.low is None or days >= term.low])
    makers: Mapping[str, Callable[[], Any]] = {
        "fraction": lambda: _numbers(name, term),
        "number": lambda: _numbers(name, term),
        "money": lambda: _numbers(name, term),
        "days": lambda: days,
        "entry days": lambda: days if asset not in COINS else st.one_of(days, st.just(EntryWait(str(asset)))),
        "exit days": lambda: days if asset not in COINS else st.one_of(days, st.just(ExitWait(str(asset)))),
        "power price": lambda: st.one_of(_numbers(name, term), st.just(PowerPrice("drawn"))),
        "rate": lambda: st.sampled_from(_RATES),
        "count": lambda: st.integers(*map(int, _usual(name, term))),
        "flag": st.booleans,
        "choice": lambda: st.sampled_from(term.choices),
        "event": lambda: st.just(Event(f"{name}:drawn")),
        "failures": lambda: _failures(term),
        "halts": _halts,
        "payout": _payouts,
        "entry": _entries,
        "execution": _executions,
        "coin": lambda: st.sampled_from(
            term.choices or ((*COINS, "USD") if name == "asset" else (f"{name} of {asset}",))
        ),
        "text": lambda: st.sampled_from(("a", "some text")),
        "day": lambda: st.sampled_from(_DATES),
    }
    return makers[term.kind]()


def _failures(term: Term) -> Any:
    """None to three failures of two events, of every line allowed, often with severity 1 or a claim."""
    st = hypothesis_strategies()
    part = st.one_of(st.just(1.0), st.floats(_LEAST, 1.0))
    one = st.builds(
        Failure,
        st.sampled_from([Event(f"failure:{name}") for name in ("one", "other")]),
        part,
        recovery=st.one_of(st.just(0.0), part),
        delay_days=st.sampled_from(_DAYS),
        recovery_in=st.sampled_from(("coin", "money")),
        line=st.sampled_from(term.choices),
    )
    return st.lists(one, max_size=3).map(tuple)


def _halts() -> Any:
    """None to two halts, pauses and wind-ups, by an event or on a date."""
    st = hypothesis_strategies()
    event, day, days = st.just(Event("halt:drawn")), st.sampled_from(_DATES), st.sampled_from(_DAYS)
    returned = st.one_of(st.just(1.0), st.just(0.0), st.floats(_LEAST, 1.0))
    long = st.sampled_from([each for each in _DAYS if each])
    pauses = [st.builds(Halt, st.just("pause"), **begins, days=long) for begins in ({"event": event}, {"on": day})]
    ends = [
        st.builds(Halt, st.just("wind-up"), **begins, days=days, returned=returned)
        for begins in ({"event": event}, {"on": st.sampled_from(_DATES[2:])})  # drawn markets open on 2026-01-01
    ]
    one = st.one_of(*pauses, *ends)
    return st.lists(one, max_size=2).map(tuple)


def _payouts() -> Any:
    st = hypothesis_strategies()
    return st.builds(
        Payout,
        st.sampled_from((0.5, 1.0, 3.0, 7.25, 90.0)),
        to=st.sampled_from(("balance", "holder")),
        cost_usd=st.sampled_from((0.0, 0.0, 1.0, 40.0)),
        minimum_coins=st.sampled_from((0.0, 0.0, 0.01)),
    )


def _entries() -> Any:
    st = hypothesis_strategies()
    pairs = [(least, gas) for least in (0.0, 0.001) for gas in (0.0, 0.5, 40.0) if least or gas]
    return st.sampled_from([Entry(minimum_deposit=least, gas_usd=gas) for least, gas in pairs])


def _executions() -> Any:
    """The market's, a share of the reward, or a rate beyond it; with and without a commission of their own."""
    st = hypothesis_strategies()
    part = st.one_of(st.just(1.0), st.floats(_LEAST, 1.0))
    fees = st.one_of(st.none(), st.sampled_from((0.0, 1.0)), part)
    fees = st.one_of(fees, _schedules(part))
    kinds = [{}, {"share": part}, {"rate": st.sampled_from([each for each in _RATES if each.value])}]
    return st.one_of(*(st.builds(Execution, commission=fees, **kind) for kind in kinds))


def _tiers() -> Any:
    """Rates by tier, often with a cap; their ends are about what drawn capital buys, and far from it."""
    st = hypothesis_strategies()
    ends = st.lists(st.sampled_from((1e-3, 0.05, 1.0, 500.0, 1e9)), min_size=1, max_size=2, unique=True).map(sorted)

    def made(up_to: list[float]) -> Any:
        def tiers(rates: list[Any]) -> Tiers:
            return Tiers(tuple(rates), up_to=tuple(up_to))

        return st.lists(st.sampled_from(_RATES), min_size=len(up_to), max_size=len(up_to) + 1).map(tiers)

    return ends.flatmap(made)


def _schedules(values: Any) -> Any:
    """Two or three values of a term, that change on dates or some days after the opening."""
    st = hypothesis_strategies()
    some: Mapping[str, Any] = {"on": _DATES, "after_days": [days for days in _DAYS if days > 0.0]}

    def of(name: str) -> Any:
        def made(days: list[Any]) -> Any:
            def schedule(found: list[Any]) -> Schedule:
                return Schedule(tuple(found), **{name: tuple(sorted(days))})

            return st.lists(values, min_size=len(days) + 1, max_size=len(days) + 1).map(schedule)

        return st.lists(st.sampled_from(some[name]), min_size=1, max_size=2, unique=True).flatmap(made)

    return st.one_of(of("on"), of("after_days"))


def _numbers(name: str, term: Term) -> Any:
    """Numbers in the usual range, often its ends; for a fraction that needs no other term, the full range."""
    st = hypothesis_strategies()
    low, high = _usual(name, term)
    inner = st.floats(max(low, _LEAST), high)
    if term.open_ends:
        return st.floats(_LEAST, 1.0 - _LEAST)
    if term.kind == "fraction" and not term.needs:
        return st.one_of(st.sampled_from((term.low, term.high)), inner)
    return st.one_of(st.sampled_from((low, high)), inner)


def _usual(name: str, term: Term) -> tuple[float, float]:
    """Usual range: the term's own, else that of its assumption, else 0 or above to 1; money up to what suffices."""
    if name in _AFFORDABLE:
        return _AFFORDABLE[name]
    if term.usual is not None:
        return term.usual
    if term.assumption is not None and term.kind != "fraction":
        return term.assumption.low, term.assumption.high
    is_positive = term.low is not None and term.low > 0.0
    return (_LEAST if term.needs or is_positive else 0.0), 1.0


def amounts(most: float) -> "SearchStrategy[float]":
    """Numbers up to a maximum, often 0."""
    st = hypothesis_strategies()
    found: SearchStrategy[float] = st.one_of(st.just(0.0), st.floats(_LEAST, most))
    return found
