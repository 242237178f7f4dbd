"""``python -m benchmarks.backtest SHARED_DATA_DIR``: the tables of docs/explanation/backtest.md.

SHARED_DATA_DIR holds yahoo_2025/, btc_network/ and eth_validators/ as in the project's shared/data; none of it is in
the repository, and only what is counted here goes into the page.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from stakingmodels.analysis import Backtest, backtest, fitted
from stakingmodels.analysis.backtesting import Known, Terms, World
from stakingmodels.market import BlockFees, Difficulty, Hashrate, Price, StakingReward
from stakingmodels.market.grid import day_end
from stakingmodels.measures import clopper_pearson
from stakingmodels.products import CloudMiningContract, Holding, Product, SoloValidator, StakingPool
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.scenarios import DailySeries, History, Joint, StationaryBootstrap, fit, read_daily
from stakingmodels.tables import Table

ETH, BTC, REWARD = Price("ETH"), Price("BTC"), StakingReward("ETH")
HASHRATE, DIFFICULTY, FEES = Hashrate("BTC"), Difficulty("BTC"), BlockFees("BTC")
SEED = 1
SINCE = "2021-01-01"
MINING_SINCE = "2022-02-01"  # the first close after 25 whole months of hash rate
STAKING_SINCE = "2023-06-14"  # the fourteenth day of the published APR
CAPITAL = 1_000_000.0  # opens some validators at any price so far
ELECTRICITY, UPTIME, POOL_FEE = 0.021, 0.98, 0.02  # the contract's defaults
STAKERS: Mapping[str, Product] = {
    "hold ETH": Holding("ETH"),
    "hold BTC": Holding("BTC"),
    "staking pool": StakingPool("ETH"),
    # without queues, so that it is sold on the same day as the coin
    "solo validator": SoloValidator(entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, random_duties=False),
}


def drawn(past: History) -> list[Joint]:
    """Twenty worlds whose parameters are drawn from their standard errors."""
    found, rng = fit(past), np.random.default_rng(int(past.dates[-1].astype(np.int64)))
    return [found.sample_parameters(rng).scenario() for _ in range(20)]


WORLDS: Mapping[str, World] = {
    "lognormal": fitted,
    "with jumps": lambda past: fit(past).scenario(jumps=True),
    "parameters drawn": drawn,
    "bootstrap, 20 days": lambda past: StationaryBootstrap(
        past, mean_block_days=20.0, drift={f: 0.0 for f in past.factors if isinstance(f, Price)}
    ),
    "trend of the past": lambda past: fit(past).geometric_brownian_motion(),
}


def closes(path: Path) -> DailySeries:
    """Closes without the last row, which was taken during the day."""
    found = read_daily(path, column="close")
    return DailySeries(found.dates[:-1], found.values[:-1], found.name)


def published_apr(path: Path) -> DailySeries:
    """The APR of consensus and execution layer on its own days; days that are missing keep the one before."""
    return read_daily(path, factor=REWARD, column="apr", missing_days="previous")


def histories(data: Path) -> tuple[History, History]:
    """Prices and the staking reward; and price, hash rate and fees of Bitcoin."""
    eth, btc = (closes(data / f"yahoo_2025/{coin}-USD.csv") for coin in ("ETH", "BTC"))
    apr = published_apr(data / "eth_validators/historical_data.json")
    network = data / "btc_network/coinmetrics_btc_2020_2026.csv"
    return History({ETH: eth, BTC: btc, REWARD: apr}), History({BTC: network, HASHRATE: network, FEES: network})


def miners(days: int, electricity: float = ELECTRICITY) -> Terms:
    """A contract for the whole window, at the price that it brings in if price, difficulty and fees stay."""

    def terms(date: np.datetime64, known: Known) -> Mapping[str, Product]:
        per_block = float(bitcoin.subsidy_at(day_end(date))) + known[FEES]
        coins = float(bitcoin.coins_per_th_s_day(known[DIFFICULTY], per_block * UPTIME))
        a_day = coins * (1.0 - POOL_FEE) * known[BTC] - electricity * UPTIME
        contract = CloudMiningContract(
            price_usd_per_th_s=days * a_day,
            term_days=float(days),
            pool_fee=POOL_FEE,
            electricity_usd_per_th_day=electricity,
            uptime=UPTIME,
            minimum_payout_btc=0.0,
        )
        return {"hold BTC": Holding("BTC"), "cloud mining": contract}

    return terms


def run(
    products: Mapping[str, Product] | Terms,
    history: History,
    *,
    days: int,
    first: str,
    lookback_days: int | None = None,
    world: World = fitted,
) -> Backtest:
    return backtest(
        products,
        history,
        days=days,
        first=first,
        capital=CAPITAL,
        lookback_days=lookback_days,
        model=world,
        rng=SEED,
    )


def coverage(found: Sequence[tuple[str, Backtest]]) -> str:
    """One row for each way of predicting and product."""
    headers = (
        "",
        "product",
        "windows",
        "inside",
        "below",
        "above",
        "share",
        "95% interval",
        "width",
        "ranks by fifths",
    )
    rows = []
    for name, result in found:
        fifths = result.histogram(5)
        for c in result.coverage():
            width = np.mean([row.high - row.low for row in result.rows if row.product == c.product])
            rows.append(
                (
                    name,
                    c.product,
                    str(c.n_windows),
                    str(c.n_inside),
                    str(c.n_below),
                    str(c.n_above),
                    f"{c.share:.1%}",
                    f"{c.ci_low:.0%} to {c.ci_high:.0%}",
                    f"{width:.2f}",
                    " ".join(map(str, fifths[c.product])),
                )
            )
    return Table("", headers, rows, left=2).to_text()


def each_window(result: Backtest) -> str:
    """What was predicted and what came, window by window."""
    headers = ("product", "start", "5%", "median", "95%", "realized", "rank")
    rows = [
        (
            r.product,
            r.start,
            f"{r.low:+.0%}",
            f"{r.median:+.0%}",
            f"{r.high:+.0%}",
            f"{r.realized:+.0%}",
            f"{r.pit:.3f}",
        )
        for r in result.rows
    ]
    return Table("", headers, rows, left=2).to_text()


def excess_over_holding(result: Backtest, product: str) -> str:
    """Growth over that of the coin, annualised: as predicted, which is the same on all paths, and as it came."""
    rows = {(row.product, row.start): row for row in result.rows}
    years = result.days / 365.0
    pairs = [(row, rows["hold ETH", row.start]) for row in result.rows if row.product == product]
    predicted = np.array([((1.0 + a.median) / (1.0 + b.median)) ** (1.0 / years) - 1.0 for a, b in pairs])
    came = np.array([((1.0 + a.realized) / (1.0 + b.realized)) ** (1.0 / years) - 1.0 for a, b in pairs])
    gap = came - predicted
    together = sum(a.inside == b.inside for a, b in pairs)
    return (
        f"{product}, {result.days} days, {gap.size} windows: predicted {predicted.mean():.3%} a year over holding, "
        f"came {came.mean():.3%}; gap from {gap.min():+.3%} to {gap.max():+.3%}, mean {gap.mean():+.3%}; "
        f"inside or outside together with the coin in {together}"
    )


def central(found: Sequence[Backtest]) -> str:
    """How many ranks lie in the middle of [0, 1], for bands of several widths."""
    shares = (0.5, 0.8, 0.9, 0.98)
    rows = []
    for result in found:
        for product in result.products:
            ranks = result.pits(product)
            cells = []
            for share in shares:
                count = int(np.count_nonzero(np.abs(ranks - 0.5) <= 0.5 * share))
                low, high = clopper_pearson(count, ranks.size)
                cells.append(f"{count / ranks.size:.0%} ({low:.0%} to {high:.0%})")
            rows.append((product, str(ranks.size), *cells))
    return Table("", ("product", "windows", *(f"middle {share:.0%}" for share in shares)), rows).to_text()


def moved(
    products: Mapping[str, Product] | Terms, history: History, *, days: int, first: str, by: Sequence[int]
) -> str:
    """The share inside, where the first window starts so many days later."""
    starts = [np.datetime64(first) + np.timedelta64(k, "D") for k in by]
    found = [run(products, history, days=days, first=str(start)).coverage() for start in starts]
    rows = []
    for i, name in enumerate(c.product for c in found[0]):
        at = [each[i] for each in found]
        shares = np.array([c.share for c in at])
        counts = ", ".join(f"{c.n_inside}/{c.n_windows}" for c in at) if len(at) <= 6 else ""
        outside = (f"{np.mean([c.n_below for c in at]):.1f}", f"{np.mean([c.n_above for c in at]):.1f}")
        rows.append((name, f"{shares.min():.1%}", f"{shares.mean():.1%}", f"{shares.max():.1%}", *outside, counts))
    return Table("", ("product", "least inside", "mean", "most", "mean below", "mean above", "counts"), rows).to_text()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backtest", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds yahoo_2025/ and the others")
    coins, network = histories(parser.parse_args().data)
    two = {name: STAKERS[name] for name in ("hold ETH", "hold BTC")}
    print("Coins since 2021, mining since there are 25 whole months; all days before each start are measured\n")
    for days in (30, 365):
        held = run(STAKERS, coins, days=days, first=SINCE)
        mined = run(miners(days), network, days=days, first=MINING_SINCE)
        print(f"{days} days\n{coverage([('', held), ('with mining', mined)])}", flush=True)
        print(*(f"{name}: {reason}" for name, reason in held.skipped.items()), sep="\n")
        print(*(excess_over_holding(held, name) for name in ("staking pool", "solo validator")), "", sep="\n")
        if days == 30:
            print(f"Other bands\n{central([held, mined])}\n")
            year = run(two, coins, days=days, first=SINCE, lookback_days=365)
            print(f"Other bands, 365 days measured\n{central([year])}\n")
        else:
            staked = run(STAKERS, coins, days=days, first=STAKING_SINCE)
            print(f"{each_window(held)}\n\n{each_window(mined)}\n\n{each_window(staked)}")
            print(*(excess_over_holding(staked, name) for name in ("staking pool", "solo validator")), "", sep="\n")
    print(f"30 days, first start moved by 0 to 29 days\n{moved(two, coins, days=30, first=SINCE, by=range(30))}")
    print(moved(miners(30), network, days=30, first=MINING_SINCE, by=range(30)), flush=True)
    quarters = (0, 90, 181, 273)
    print(f"\n365 days, first start moved by quarters\n{moved(two, coins, days=365, first=SINCE, by=quarters)}")
    print(moved(miners(365), network, days=365, first=MINING_SINCE, by=quarters), end="\n\n", flush=True)

    ways = {"all days": None, "365 days": 365, "730 days": 730}
    for first, used in ((SINCE, ("all days", "365 days")), ("2022-01-01", tuple(ways))):
        found = [(name, run(two, coins, days=30, first=first, lookback_days=ways[name])) for name in used]
        print(f"Look-back, 30 days since {first}\n{coverage(found)}\n", flush=True)
    found = [(name, run(two, coins, days=30, first=SINCE, world=world)) for name, world in WORLDS.items()]
    print(f"Worlds, 30 days since {SINCE}, all days measured\n{coverage(found)}\n", flush=True)
    mine = miners(30)
    found = [(name, run(mine, network, days=30, first=MINING_SINCE, world=world)) for name, world in WORLDS.items()]
    found += [("free power", run(miners(30, electricity=0.0), network, days=30, first=MINING_SINCE))]
    print(f"Worlds, 30 days of mining since {MINING_SINCE}\n{coverage(found)}", flush=True)


if __name__ == "__main__":
    main()
