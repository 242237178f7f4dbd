"""`InCurrency`: any scenario with its money counted in another currency, or in a coin."""

import math
from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import CashRate, Event, Factor, Price, TimeGrid
from stakingmodels.market.factors import as_factor
from stakingmodels.market.given import as_read
from stakingmodels.rates import APR, APY, as_rate
from stakingmodels.scenarios.base import BlockInputs, Scenario, Setting
from stakingmodels.scenarios.counted import Conversion, Counted
from stakingmodels.scenarios.drivers import Correlation, Drivers, Noise
from stakingmodels.scenarios.exchange_rates import EXCHANGE_RATES, known_rate
from stakingmodels.scenarios.history.history import History
from stakingmodels.scenarios.levels import copied
from stakingmodels.scenarios.lognormal import counted_growth
from stakingmodels.scenarios.nesting import refuse_deep
from stakingmodels.scenarios.processes.level_scenario import LevelScenario
from stakingmodels.scenarios.streams import Streams
from stakingmodels.series import FrozenMap, Sealed, as_series, frozen
from stakingmodels.words import Note

_RATE_LIMIT = 1e12
_NEAR = math.log(1.1)
_FAR = math.log(3.0)


@attrs.frozen(eq=False)
class InCurrency(Sealed, Scenario):
    """A scenario with its money counted in another currency, or in one of its coins.

    Prices are multiplied by the exchange rate, or divided by the coin's price, at each time on each path. Nothing else
    changes: within the scenario a hash rate still follows the price in the old currency, and terms of products in US
    dollars cost what a dollar is worth on the day (``Price("USD")``, which the scenario has from now on).

    Parameters
    ----------
    scenario
        Any scenario, complete: nothing in it may depend on a part outside. Put Joints and shocks into it.
    currency
        The new currency: money, such as ``"TWD"``, or a coin whose price the scenario has, such as ``"ETH"``.
    exchange_rate
        Units of the new currency for one unit of the old one, such as 31.4 TWD for a US dollar: one number, throughout;
        one for each time of the grid, ``(n_times,)``; or a scenario that gives it, as the price of the old currency
        (``Price("USD")``), such as a `GeometricBrownianMotion` or a `History`. By default the scenario's own, if it has
        a price of either currency; else the constant of `EXCHANGE_RATES`.
    cash_rate
        Risk-free rate of the new currency. By default the scenario's own, else that of `EXCHANGE_RATES`, else none:
        a coin that is kept earns nothing.
    correlation
        Pairs of factors -> correlation of the noises of the exchange rate's scenario with those of the scenario.

    Raises
    ------
    InputError, InputTypeError
        For an unknown currency, with the known ones; the scenario's own; an exchange rate that is not above 0, or that
        the scenario has already; two recorded parts; a scenario that depends on another.

    Warns
    -----
    UserWarning
        Where an exchange rate looks inverted, as 0.032 TWD for a US dollar does.

    Notes
    -----
    Drifts stay those of the old currency: at a constant exchange rate the mean of a coin's price grows in TWD as it
    does in USD, whatever cash in TWD earns. Counted in a coin of volatility ``s`` and drift ``m``, the mean of a
    dollar's price is ``exp((s**2 - m) t)`` (Siegel's paradox): the dollar's and the coin's mean may both grow in terms
    of the other. Money that waits in a wallet waits in the new currency: its value moves no more with the old one.

    Examples
    --------
    >>> from stakingmodels.scenarios import InCurrency, reference
    >>> world = InCurrency(reference(), "TWD", exchange_rate=31.4)
    >>> world.numeraire, sorted(str(f) for f in world.factors - reference().factors)
    ('TWD', ['CashRate("TWD")', 'Price("USD")'])
    """

    scenario: Scenario = attrs.field()
    currency: str = attrs.field(validator=checks.field(checks.text))
    exchange_rate: float | FloatArray | Scenario | None = attrs.field(default=None, kw_only=True)
    cash_rate: APR | APY | None = attrs.field(default=None, kw_only=True)
    correlation: Correlation = attrs.field(factory=dict, converter=copied, kw_only=True)
    _drivers: Drivers = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checks.instance("InCurrency.scenario", self.scenario, Scenario, "reference()")
        refuse_deep("InCurrency.scenario", [self], Scenario)
        for factor in sorted(self.scenario.depends_on, key=str):
            rule = f"must be complete; it depends on {factor}, which would be in the new currency"
            checks.refuse("InCurrency.scenario", rule, type(self.scenario).__name__, "put it around the whole Joint")
        object.__setattr__(self, "exchange_rate", self._as_rate(self.exchange_rate))
        self._check_currency()
        if self.cash_rate is not None:
            rate = as_rate("InCurrency.cash_rate", self.cash_rate)
            if np.ndim(rate.value):
                checks.refuse("InCurrency.cash_rate", "must be one rate", self.cash_rate, "APY(0.0123)")
        rates = self._path
        if rates is not None:
            self._check_path(rates)
        object.__setattr__(self, "_drivers", self._joined(rates))
        object.__setattr__(self, "correlation", FrozenMap(self.correlation))
        self._warn_if_inverted()

    @property
    def _base(self) -> Price:
        """Price of the old currency."""
        return Price(self.scenario.numeraire)

    @property
    def _own(self) -> Price | None:
        """Price of either currency that the scenario itself has; None for an exchange rate from elsewhere."""
        both = (Price(self.currency), self._base)
        return next((price for price in both if price in self.scenario.factors), None)

    @property
    def _path(self) -> Scenario | None:
        """Scenario of the exchange rate, where it is another one."""
        return self.exchange_rate if isinstance(self.exchange_rate, Scenario) else None

    def _as_rate(self, value: object) -> object:
        """Exchange rate, checked: a number, a series, a scenario or None."""
        where, pair = "InCurrency.exchange_rate", f"{self.currency} for one {self.scenario.numeraire}"
        if value is None or isinstance(value, Scenario):
            return value
        if isinstance(value, (list, tuple)) or np.ndim(value):  # type: ignore[arg-type]
            rates = as_series(where, value)
            if rates.ndim != 1:
                checks.refuse(where, "must have the shape (n_times,)", rates, "a path of its own goes into a scenario")
            low = float(rates.min())
            return rates if low > 0.0 else checks.refuse(where, f"must be above 0, in {pair}", low)
        number = checks.real(where, value)
        if not 1.0 / _RATE_LIMIT <= number <= _RATE_LIMIT:
            checks.refuse(where, f"must be above 0, in {pair}", value, f"such as {self._usual or 31.4:.4g}")
        return number

    @property
    def _usual(self) -> float | None:
        """The dated exchange rate of the two currencies."""
        return known_rate(self.currency, self.scenario.numeraire)

    def _check_currency(self) -> None:
        base, where = self.scenario.numeraire, "InCurrency.currency"
        if self.currency == base:
            checks.refuse(where, "must differ from the scenario's own", base, "leave InCurrency out")
        if self.exchange_rate is not None and self._own is not None:
            rule = f"must be left out, since the scenario has {self._own}"
            checks.refuse("InCurrency.exchange_rate", rule, self.exchange_rate)
        if self.exchange_rate is None and self._own is None and self._usual is None:
            money = [name for name in ("USD", *EXCHANGE_RATES) if known_rate(name, base) and name != base]
            coins = sorted(f.name for f in self.scenario.factors if isinstance(f, Price))
            rule = (
                f"must have a known exchange rate ({', '.join(money)}) or a price in the scenario ({', '.join(coins)})"
            )
            hint = checks.nearest_hint(self.currency, [*money, *coins])
            checks.refuse(where, rule, self.currency, hint or f"exchange_rate=... of its units for one {base}")

    def _check_path(self, rates: Scenario) -> None:
        where = "InCurrency.exchange_rate"
        if self._base not in rates.factors:
            known = ", ".join(sorted(map(str, rates.factors)))
            checks.refuse(where, f"must give {self._base}, in {self.currency}", known)
        for factor in sorted(rates.depends_on - self.scenario.factors, key=str):
            checks.refuse(where, f"follows {factor}, which the scenario must give", type(rates).__name__)
        if rates.is_recorded and self.scenario.is_recorded:
            how = f"put {self._base} into the scenario's own History, which aligns dates"
            checks.refuse(where, "must not be a second record beside the scenario's", type(rates).__name__, how)

    def _joined(self, rates: Scenario | None) -> Drivers:
        """Noises of scenario and exchange rate, with all correlations."""
        both = [self.scenario.drivers, *([] if rates is None else [rates.drivers])]
        factors = tuple(dict.fromkeys(factor for drivers in both for factor in drivers.factors))
        pairs = {pair: rho for drivers in both for pair, rho in drivers.correlation.items()}
        checks.instance("InCurrency.correlation", self.correlation, Mapping, '{(Price("USD"), Price("ETH")): -0.2}')
        return Drivers(factors, FrozenMap(pairs | dict(self.correlation)), where="InCurrency")

    def _warn_if_inverted(self) -> None:
        """Warn where the inverse of an exchange rate is the likelier one, by the dated rate."""
        usual, given = self._usual, self._opening()
        if usual is None or given is None:
            return
        off, inverted = abs(math.log(given / usual)), abs(math.log(given * usual))
        if inverted < off and (inverted < _NEAR or off > _FAR):
            base, date, new = self.scenario.numeraire, next(iter(EXCHANGE_RATES.values())).date, self.currency
            checks.warn(
                f"InCurrency.exchange_rate: {given:.4g} {new} for one {base} looks inverted; on {date} it was "
                f"{usual:.4g} (write exchange_rate={1.0 / given:.5g} if {given:.4g} is {base} for one {new})"
            )

    def _opening(self) -> float | None:
        """Exchange rate at the opening, where it can be known without a market."""
        if isinstance(self.exchange_rate, float):
            return self.exchange_rate
        if isinstance(self.exchange_rate, np.ndarray):
            return float(self.exchange_rate[0])
        holder = self._path or self.scenario
        if isinstance(holder, LevelScenario) and self._base in holder.levels:
            return float(holder.levels[self._base].initial_level)
        return holder.opening_level(self._base) if isinstance(holder, History) and self._base in holder.series else None

    @property
    def _cash(self) -> APR | APY | None:
        """Cash rate of the new currency, where the scenario does not give it."""
        if self.cash_rate is not None or CashRate(self.currency) in self.scenario.factors:
            return self.cash_rate
        known = EXCHANGE_RATES.get(self.currency)
        return None if known is None else known.cash_rate

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of the scenario, with the old currency's price and the new one's cash rate, without its price."""
        cash = frozenset() if self._cash is None else frozenset({CashRate(self.currency)})
        return (self.scenario.factors | {self._base} | cash) - {Price(self.currency)}

    @property
    def events(self) -> Mapping[Event, Setting]:
        """Events of the scenario."""
        return self.scenario.events

    @property
    def shocked(self) -> Mapping[str, frozenset[Factor]]:
        """Changes made by shocks within; a shock of the new currency's price changes all other prices."""
        here, coin = self.factors, Price(self.currency)
        moved = {factor for factor in here if isinstance(factor, Price)}
        within = {words: (changed & here) | (moved if coin in changed else set()) for words, changed in self._shocks()}
        return {words: frozenset(changed) for words, changed in within.items()}

    def _shocks(self) -> list[tuple[str, frozenset[Factor]]]:
        more = {} if self._path is None else self._path.shocked
        return [*self.scenario.shocked.items(), *more.items()]

    @property
    def drivers(self) -> Drivers:
        """Noises of the scenario and of the exchange rate."""
        return self._drivers

    def needed(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Some factors, and all that they depend on; every price depends on the exchange rate."""
        inner = self._asked(factors)
        more = frozenset({self._base}) if any(isinstance(factor, Price) for factor in factors) else frozenset[Factor]()
        return factors | more | (self.scenario.needed(inner) & self.factors)

    def _asked(self, factors: frozenset[Factor]) -> frozenset[Factor]:
        """Factors that the scenario itself must give, the exchange rate among them."""
        own = frozenset() if self._own is None else frozenset({self._own})
        follows = frozenset[Factor]() if self._path is None else self._path.depends_on
        mine = frozenset() if self._cash is None else frozenset({CashRate(self.currency)})
        return ((factors & self.scenario.factors) - mine) | own | follows

    @property
    def as_of(self) -> np.datetime64 | None:
        """Day for which the numbers of the scenario hold."""
        return self.scenario.as_of

    @property
    def numeraire(self) -> str:
        """The new currency."""
        return self.currency

    @property
    def is_recorded(self) -> bool:
        """Whether the scenario or the exchange rate is recorded."""
        return any(part.is_recorded for part in self._parts)

    @property
    def _parts(self) -> tuple[Scenario, ...]:
        return (self.scenario,) if self._path is None else (self.scenario, self._path)

    def n_paths(self, grid: TimeGrid) -> int | None:
        """The smaller number of paths of scenario and exchange rate."""
        return min((n for part in self._parts if (n := part.n_paths(grid)) is not None), default=None)

    def overlap(self, grid: TimeGrid) -> int:
        """The larger overlap of scenario and exchange rate."""
        return max(part.overlap(grid) for part in self._parts)

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """Inputs of the scenario, with its prices counted in the new currency by one source."""

        def made(part: Scenario, asked: frozenset[Factor]) -> BlockInputs:
            return part.generate(grid, asked, streams=streams.fresh(), noise=noise, n_paths=n_paths)

        inner = made(self.scenario, self._asked(factors))
        rates = BlockInputs() if self._path is None else made(self._path, frozenset({self._base}))
        given = {**inner.series, **rates.series}
        constants = {f: as_read(grid, f, x) for f, x in given.items() if not isinstance(f, Event)}
        name, by = type(self.scenario).__name__, self._conversion(grid)
        wanted = self.needed(factors) if factors else factors
        source = Counted(name, inner.sources, rates.sources, constants, by, n_paths, wanted)
        series = {f: x for f, x in inner.series.items() if not isinstance(f, Price)}
        cash = self._cash
        if cash is not None and CashRate(self.currency) in factors:
            series[CashRate(self.currency)] = cash
        offsets = rates.time_offsets if inner.time_offsets is None else inner.time_offsets
        still = {f: x for f, x in inner.frozen_levels.items() if not isinstance(f, Price)}
        return attrs.evolve(inner, sources=(source,), series=series, time_offsets=offsets, frozen_levels=still)

    def _conversion(self, grid: TimeGrid) -> Conversion:
        base, currency, given = self._base, Price(self.currency), self.exchange_rate
        if given is None and self._own is not None:
            return Conversion(base=base, currency=currency, factor=self._own)
        if isinstance(given, Scenario):
            return Conversion(base=base, currency=currency, factor=base)
        return Conversion(base=base, currency=currency, rates=self._given(grid))

    def _given(self, grid: TimeGrid) -> FloatArray:
        """Exchange rates that are given or dated, at every time, ``(n_times, 1)``."""
        rates = np.asarray(self._usual if self.exchange_rate is None else self.exchange_rate, dtype=np.float64)
        if rates.ndim and rates.size != grid.n_times:
            rule = f"must have one number for each of the grid's {grid.n_times} times"
            checks.refuse("InCurrency.exchange_rate", rule, rates.size)
        return frozen(np.broadcast_to(rates.reshape(-1, 1), (grid.n_times, 1)))

    def expected_growth(self, factor: Factor, grid: TimeGrid) -> FloatArray | None:
        """Expected growth of a level; of a price in the new currency.

        Known at given exchange rates; where the exchange rate is lognormal, for what is independent of it or lognormal
        too; else None.
        """
        factor = as_factor("InCurrency.expected_growth: factor", factor)
        if not isinstance(factor, Price):
            return self.scenario.expected_growth(factor, grid)
        if factor not in self.factors:
            return None
        quoted = self._own if self._path is None else self._base
        if quoted is not None:
            return counted_growth(self.scenario, self._path, quoted, self.drivers, factor, grid)
        unit = self._given(grid)[:, 0]
        growth = np.ones(grid.n_times) if factor == self._base else self.scenario.expected_growth(factor, grid)
        return None if growth is None else frozen(growth * (unit / unit[0]))

    def describe(self) -> tuple[str, ...]:
        """Notes of the scenario, in the old currency, and how money is counted."""
        old, new = self.scenario.numeraire, self.currency
        names = {"old": old, "new": new}
        return (*self.scenario.describe(), *self._rate_notes(), Note("currency.drift", **names), self._cash_note())

    def _rate_notes(self) -> tuple[str, ...]:
        names = {"old": self.scenario.numeraire, "new": self.currency}
        given = self.exchange_rate
        if isinstance(given, Scenario):
            return (Note("currency.path", **names), *given.describe())
        if isinstance(given, np.ndarray):
            return (Note("currency.series", first=float(given[0]), last=float(given[-1]), **names),)
        if given is not None:
            return (Note("currency.given", rate=given, **names),)
        if self._own == Price(self.currency):
            return (Note("currency.coin", **names),)
        if self._own is not None:
            return (Note("currency.own", factor=self._own, **names),)
        dated = [EXCHANGE_RATES[name] for name in (self.currency, self.scenario.numeraire) if name in EXCHANGE_RATES]
        sources = tuple(rate.source for rate in dated)
        return (Note("currency.dated", rate=self._usual, day=dated[0].date, sources=sources, **names),)

    def _cash_note(self) -> str:
        cash, new = self._cash, self.currency
        if cash is None:
            has = CashRate(new) in self.scenario.factors
            return Note("currency.cash_within" if has else "currency.cash_none", new=new)
        kind = type(cash).__name__
        if self.cash_rate is not None:
            return Note("currency.cash_given", new=new, rate=cash.value, kind=kind)
        known = EXCHANGE_RATES[new]
        return Note(
            "currency.cash_dated", new=new, rate=cash.value, kind=kind, day=known.cash_date, source=known.cash_source
        )
