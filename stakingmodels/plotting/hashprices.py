"""`HashpriceBands`: hash prices of a run by day, and the share of its paths on which a contract has been stopped."""

import functools
from collections.abc import Collection, Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.engine import Results
from stakingmodels.market import BlockFees, Difficulty, Factor, Market, Now, Price
from stakingmodels.plotting.counted import SHARES, DayCounts, shown_times
from stakingmodels.plotting.worlds import intervals_of, markets_of
from stakingmodels.products import CloudMiningContract
from stakingmodels.products.mining.hash_rate import HashRate
from stakingmodels.products.mining.losing_days import LosingDays
from stakingmodels.series import FrozenMap, frozen
from stakingmodels.tolerances import DAY_TOL

_WIDTH = 0.002  # of a bin of hash prices, relative
_LEAST = 1e-12  # USD per TH/s and day: a coin may be worth nothing
_BITCOIN, _DOLLAR = Price("BTC"), Price("USD")


@attrs.frozen(eq=False, kw_only=True)
class HashpriceBands:
    """Hash price over the paths of a run, while a contract runs, and the stops of the contract.

    Attributes
    ----------
    n_paths
        Number of paths.
    days
        Days since the opening of `quantiles`, ``(n_times,)``: ends of intervals, until the term is over.
    quantiles
        Hash price in USD per TH/s and day by the share of the paths below, 0.05, 0.25, 0.5, 0.75 and 0.95;
        ``(n_times,)`` each.
    cost
        Hash price at which the income of the holder is as large as the running cost, USD per TH/s and day.
    stop_days, stopped
        Days since the opening of all intervals' ends, and the share of the paths on which the contract has been
        stopped by then because of cost above income; ``(n_steps,)`` each.
    """

    n_paths: int
    days: FloatArray
    quantiles: Mapping[float, FloatArray]
    cost: float
    stop_days: FloatArray
    stopped: FloatArray


def cost_of(where: str, contract: CloudMiningContract) -> float:
    """Hash price at which the holder's income is the running cost: after fees, shares and time offline."""
    names = "pool_fee", "maintenance_share", "platform_fee"
    taken = {name: float(getattr(contract, name)) for name in names}
    if contract.uptime == 0.0 or 1.0 in taken.values():
        rule = "must leave its holder some of what it mines"
        told = [f"{name} {value:g}" for name, value in taken.items() if value or name == "pool_fee"]
        checks.refuse(where, rule, " and ".join([f"uptime {contract.uptime:g}", *told]))
    running = contract.electricity_usd_per_th_day + contract.maintenance_usd_per_th_day / contract.uptime
    shares = (1.0 - contract.maintenance_share) * (1.0 - contract.platform_fee)
    return running / ((1.0 - contract.pool_fee) * shares)


def hashprice_bands_of(where: str, contract: CloudMiningContract, thing: Results | Market) -> HashpriceBands:
    """Hash prices on all paths of a run or market, and the stops by the contract's own rule.

    Failures of the provider are left out: the hash price is what the machines would earn.
    """
    cost, ends = cost_of(where, contract), thing.grid.elapsed_days[1:]
    last_day = contract.start_days + contract.term_days - DAY_TOL
    n_steps = min(int(np.searchsorted(ends, last_day)) + 1, ends.size)
    last = {n_steps - 1}  # step in which the term ends
    steps = sorted(last | {time - 1 for time in shown_times(thing.grid).tolist() if 0 < time < n_steps})
    looks = (_Look.at(contract, market, n_steps, steps) for market in markets_of(where, thing, _read(thing)))
    found = functools.reduce(_Look.joined, looks)
    values = np.exp((found.counts.places + 0.5) * _WIDTH)
    n_paths = found.counts.n_paths
    return HashpriceBands(
        n_paths=n_paths,
        days=frozen(ends[steps]),
        quantiles=FrozenMap({q: frozen(found.counts.quantile(q, values)) for q in SHARES}),
        cost=cost,
        stop_days=frozen(ends[:n_steps]),
        stopped=frozen(np.cumsum(found.stops) / n_paths),
    )


def hash_prices(market: Market) -> Iterator[tuple[Now, PathValue]]:
    """Hash price in USD per TH/s and day at the end of each interval of a market, with the interval."""
    machine: HashRate | None = None
    for now in intervals_of(market):
        if machine is None:
            machine = HashRate(now, np.ones(1), 1.0)
            continue
        yield now, machine.mined_by_one(now, 1.0) * now[_BITCOIN] / now[_DOLLAR]


def factors_of_hashing(numeraire: str) -> frozenset[Factor]:
    """Factors that a hash price is made of."""
    return frozenset({_BITCOIN, Difficulty("BTC"), BlockFees("BTC"), _DOLLAR}) - {Price(numeraire)}


def _read(thing: Results | Market) -> frozenset[Factor]:
    return factors_of_hashing(thing.numeraire if isinstance(thing, Market) else thing.scenario.numeraire)


@attrs.frozen(eq=False)
class _Look:
    """Hash prices of a stretch of paths, counted by day, and the paths stopped in each interval."""

    counts: DayCounts
    stops: IntArray

    @classmethod
    def at(cls, contract: CloudMiningContract, market: Market, n_steps: int, steps: Collection[int]) -> "_Look":
        """The look at one market, in which the contract's rule of losing days is applied step by step."""
        n = market.n_paths
        cost, works = cost_of("hashprice", contract), np.ones(n, dtype=np.bool_)
        losing = LosingDays(n, contract.stop_after_days)
        may_stop = contract.stop_after_days is not None and contract.guaranteed_per_day is None
        rows: list[IntArray] = []
        stops = np.zeros(n_steps, dtype=np.int64)
        for now, value in hash_prices(market):
            if now.step == n_steps:
                break
            prices = np.broadcast_to(value, (n,))
            days = min(now.days, now.elapsed_days - contract.start_days)
            over = losing.over_limit(prices, cost, works, days) if may_stop and days > DAY_TOL else ()
            works[over], stops[now.step] = False, len(over)
            if now.step in steps:
                rows.append(np.floor(np.log(np.maximum(prices, _LEAST)) / _WIDTH).astype(np.int64))
        return cls(DayCounts.of(rows), stops)

    def joined(self, other: "_Look") -> "_Look":
        """The looks at two stretches of paths together."""
        return _Look(self.counts.joined(other.counts), self.stops + other.stops)
