"""`make`: a rate card of products for terms and amounts."""

import datetime as dt
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels._types import DateLike
from stakingmodels._version import VERSION
from stakingmodels.assumptions import NEWEST, AssumptionSet, assumption_set
from stakingmodels.market import TimeGrid
from stakingmodels.market.grid import STEPS_LIMIT
from stakingmodels.products import Product, reference
from stakingmodels.ratecard.averages import CONFIDENCE_LEVEL, Average, Drawn
from stakingmodels.ratecard.card import RateCard
from stakingmodels.ratecard.curves import Curve
from stakingmodels.ratecard.days import day_of, days_in
from stakingmodels.ratecard.rounding import ceiled
from stakingmodels.ratecard.schema import KIND, SCHEMA
from stakingmodels.ratecard.tiers import Tiers, tiers_of
from stakingmodels.ratecard.written import offer_of, wordings_of
from stakingmodels.scenarios import EXCHANGE_RATES, REFERENCE_START, Scenario, Streams
from stakingmodels.scenarios import reference as reference_scenario

RateKind = Literal["APR", "APY"]
"""Kinds of rates: simple over the days that the product pays for, or compounded to a year."""
TERMS = (30, 90, 180, 365)
"""Terms of a card by default, in days."""
CAPITAL = (100.0, 1_000_000.0)
"""Smallest and largest amount of a card by default."""
N_PATHS = 2_000
_VALID_DAYS = 7
_MOST_VALID_DAYS = 3_660
_TIERS = 64
_ANCHORS = 4
_COIN_DECIMALS = 8


@attrs.frozen(kw_only=True)
class _Asked:
    """Checked arguments that all offers share."""

    drawn: Drawn
    rows: Mapping[str, Product]
    terms: Sequence[int]
    grids: Sequence[TimeGrid]
    capital: tuple[float, float]
    decimals: int
    most_tiers: int
    rate_kind: RateKind

    @property
    def low(self) -> float:
        """Smallest amount."""
        return self.capital[0]

    @property
    def high(self) -> float:
        """Largest amount."""
        return self.capital[1]


def make(
    products: Mapping[str, Product] | None = None,
    scenario: Scenario | None = None,
    *,
    issued: str | dt.date,
    valid_days: int = _VALID_DAYS,
    terms: Sequence[int] = TERMS,
    capital: tuple[float, float] = CAPITAL,
    settlement_days: int = 60,
    assumptions: str | os.PathLike[str] | AssumptionSet = NEWEST,
    start: DateLike = REFERENCE_START,
    rate_kind: RateKind = "APR",
    n_paths: int = N_PATHS,
    seed: int = 1,
    most_tiers: int = _TIERS,
) -> RateCard:
    """Rate card: net rates, costs, waits and worst failures of products by term and amount; the room tells how.

    Parameters
    ----------
    products, scenario
        Products by name and the scenario, by default the reference ones of the assumption set.
    issued, valid_days
        Day of issue, such as ``"2026-12-01"``, and days after it for which the card may be shown, from 0 to 3,660.
    terms, settlement_days
        Days until the holder asks to leave, each once; and days after it in which all money must be out.
    capital
        Smallest and largest amount, in the scenario's money.
    assumptions
        Assumption set, or its name or file, whose ranges move the averages.
    start
        Day on which the scenario opens.
    rate_kind
        ``"APR"``, simple over the days that the product pays for, or ``"APY"``, compounded to a year.
    n_paths, seed
        Paths and seed of the runs for averages and for days at the confidence level of 95 %.
    most_tiers
        Most tiers of a product and term, from 1 to 1,000. With fewer, gains are understated more.

    Raises
    ------
    InputError, InputTypeError
        For arguments out of bounds, and a product that reads what the scenario does not have.
    """
    day = day_of("ratecard.make: issued", issued)
    last = _last_day(day, valid_days)
    drawn = _drawn(scenario, assumptions, n_paths, seed)
    days = checks.integer("ratecard.make: settlement_days", settlement_days, 0, STEPS_LIMIT // 2)
    found = _terms(terms, days)
    asked = _Asked(
        drawn=drawn,
        rows=_rows(products, drawn.scenario, drawn.numbers),
        terms=found,
        grids=[TimeGrid.daily(start, days=term, settlement_days=days) for term in found],
        capital=_bounds(capital),
        decimals=2 if drawn.scenario.numeraire in {"USD", *EXCHANGE_RATES} else _COIN_DECIMALS,
        most_tiers=checks.integer("ratecard.make: most_tiers", most_tiers, 1, 1_000),
        rate_kind=checks.choice("ratecard.make: rate_kind", rate_kind, get_args(RateKind)),
    )
    return RateCard.of(_document(asked, day, last, days))


def _last_day(day: dt.date, valid_days: object) -> dt.date:
    """Last day on which the card may be shown."""
    valid = checks.integer("ratecard.make: valid_days", valid_days, 0, _MOST_VALID_DAYS)
    if valid > (dt.date.max - day).days:
        checks.refuse("ratecard.make: issued", f"must be {valid} days before {dt.date.max} at least", day.isoformat())
    return day + dt.timedelta(days=valid)


def _document(asked: _Asked, day: dt.date, last: dt.date, settlement_days: int) -> dict[str, Any]:
    offers: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    for term, grid in zip(asked.terms, asked.grids, strict=True):
        found, left = _of_term(grid, term, asked)
        offers += found
        left_out += left
    order = list(asked.rows)
    offers.sort(key=lambda each: order.index(each["product"]))
    left_out.sort(key=lambda each: order.index(each["product"]))
    drawn = asked.drawn
    return {
        "schema": SCHEMA,
        "kind": KIND,
        "version": VERSION,
        "issued": day.isoformat(),
        "valid_until": last.isoformat(),
        "money": drawn.scenario.numeraire,
        "decimals": asked.decimals,
        "rate_kind": asked.rate_kind,
        "capital": {"low": asked.low, "high": asked.high},
        "basis": {
            "assumptions": drawn.numbers.name,
            "digest": drawn.numbers.digest,
            "opening": str(asked.grids[0].times[0].astype("datetime64[D]")),
            "settlement_days": settlement_days,
            "confidence_level": CONFIDENCE_LEVEL,
            "paths": min(drawn.paths(grid) for grid in asked.grids),
            "seed": drawn.seed,
        },
        "wordings": wordings_of(offers, left_out),
        "offers": offers,
        "left_out": left_out,
    }


def _drawn(
    scenario: Scenario | None, assumptions: str | os.PathLike[str] | AssumptionSet, paths: int, seed: int
) -> Drawn:
    numbers = assumption_set(assumptions)
    world = reference_scenario(assumptions=numbers) if scenario is None else scenario
    return Drawn(
        scenario=checks.instance("ratecard.make: scenario", world, Scenario, "scenarios.reference()"),
        numbers=numbers,
        n_paths=checks.integer("ratecard.make: n_paths", paths, 1, checks.PATHS_LIMIT),
        seed=checks.integer("ratecard.make: seed", seed, 0, 2**53),
    )


def _rows(products: object, world: Scenario, numbers: AssumptionSet) -> dict[str, Product]:
    where, how = "ratecard.make: products", '{"pool": StakingPool("ETH")}'
    if products is None:
        return dict(reference(currency=world.numeraire, assumptions=numbers))
    if not isinstance(products, Mapping) or not products:
        checks.refuse_type(where, f"must be products by name; write {how}", products)
    for name, product in products.items():
        checks.text(f"{where}: name of a product", name)
        checks.instance(f"{where}[{name!r}]", product, Product, how)
        missing = world.missing(product.factors)
        if missing:
            several = ", ".join(sorted(map(str, missing)))
            checks.refuse(f"{where}[{name!r}]", "must read what the scenario has", several, "give it in the scenario")
    return dict(products)


def _bounds(capital: object) -> tuple[float, float]:
    where = "ratecard.make: capital"
    if not isinstance(capital, (tuple, list)) or len(capital) != 2:
        checks.refuse_type(where, "must be the smallest and the largest amount; write (100.0, 1e6)", capital)
    low, high = (checks.capital(where, each) for each in capital)
    if low >= high:
        checks.refuse(where, "must have the smaller amount first", tuple(capital))
    return low, high


def _terms(terms: object, settlement_days: int) -> list[int]:
    where = "ratecard.make: terms"
    if not isinstance(terms, Sequence) or isinstance(terms, str) or not terms:
        checks.refuse_type(where, "must be whole numbers of days; write (30, 365)", terms)
    found = [checks.integer(where, term, 1, STEPS_LIMIT - settlement_days) for term in terms]
    if len(set(found)) < len(found):
        checks.refuse(where, "must name each term once", tuple(found))
    return found


def _of_term(grid: TimeGrid, term: int, asked: _Asked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Offers of a term, and what is left out of it."""
    rows = asked.rows
    lines: dict[str, Tiers] = {}
    left: dict[str, str] = {}
    waits: dict[str, float] = {}
    for name, product in rows.items():
        market = asked.drawn.scenario.market(grid, product.factors, streams=Streams(0), n_paths=1)
        curve, waits[name] = Curve(product, market), days_in(product, market)
        least = curve.minimum(asked.low, asked.high)
        if ceiled(least, asked.decimals) >= asked.high:  # no whole unit of money lies between
            left[name] = "ratecard.too_little"
            continue
        found = tiers_of(curve, least, asked.high, asked.most_tiers, asked.decimals)
        if found is None:
            left[name] = "ratecard.not_out"
        else:
            lines[name] = found
    averages = _averages({name: rows[name] for name in lines}, lines, grid, asked)
    for name, of_tiers in averages.items():
        if next(iter(of_tiers.values())).is_held:
            left[name] = "ratecard.held"
    offers = [
        offer_of(name, rows[name], term, tiers, averages[name], waits[name], asked.rate_kind, asked.high)
        for name, tiers in lines.items()
        if name not in left
    ]
    return offers, [{"product": name, "term_days": term, "wording": [why]} for name, why in left.items()]


def _averages(
    rows: Mapping[str, Product], lines: Mapping[str, Tiers], grid: TimeGrid, asked: _Asked
) -> dict[str, dict[int, Average]]:
    """Averages by product and number of the tier at whose beginning they were run; one run for each amount."""
    wanted: dict[float, dict[str, int]] = {}
    for name, tiers in lines.items():
        for number in _anchors(len(tiers.tiers)):
            amount = ceiled(tiers.tiers[number].start, asked.decimals)
            wanted.setdefault(amount, {})[name] = number
    found: dict[str, dict[int, Average]] = {name: {} for name in lines}
    for amount, numbers in wanted.items():
        run = asked.drawn.averages({name: rows[name] for name in numbers}, grid, amount)
        for name, number in numbers.items():
            found[name][number] = run[name]
    return found


def _anchors(n: int) -> Iterator[int]:
    """Numbers of up to 4 of so many tiers, the first and the last among them."""
    few = min(n, _ANCHORS)
    return (math.floor(at * (n - 1) / max(few - 1, 1)) for at in range(few))
