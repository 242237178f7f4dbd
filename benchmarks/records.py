"""``python -m benchmarks.records SHARED_DATA_DIR``: the tables of docs/explanation/records.md.

SHARED_DATA_DIR holds chains/, defi/, eth_validators/ and yahoo_2024/ as in the project's shared/data; none of it is in
the repository, and only what is computed here goes into the page. Each function takes arrays of a record, so that
another record of the same kind is held against the same rules.
"""

import argparse
import csv
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import attrs
import numpy as np

from benchmarks.records_mev import spikes
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, Market, MarketRatio, Price, StakingReward, TimeGrid
from stakingmodels.products import LiquidStakingToken
from stakingmodels.protocols.chains import cardano, cosmos, solana
from stakingmodels.protocols.chains.solana import rewards as solana_rewards
from stakingmodels.protocols.chains.solana.slots import epoch_duration_in_years
from stakingmodels.rates import APR
from stakingmodels.scenarios import DailyFile, History

ETH_REWARD = StakingReward("ETH")
WSTETH, STETH, ETH_PRICE = MarketRatio("wstETH"), MarketRatio("stETH"), Price("ETH")
FEE = 0.10  # of stETH, as in the term sheet's default
CAP_DAY = np.datetime64("2023-11-25")  # the first day at the cap of 10 % in the record
BEFORE_CAP = attrs.evolve(cosmos.HUB_MINT, inflation_max=cosmos.LegacyDec.from_str("0.20"))
FIRST_EXACT_EPOCH = 259  # the first whose blocks are all made by pools
SALE, FIRST_REDEMPTION = np.datetime64("2022-06-15"), np.datetime64("2023-05-15")


@attrs.frozen
class Gap:
    """A model beside a record: both over the same periods.

    Attributes
    ----------
    modelled, recorded
        Sum or growth over all periods, in the unit of the record.
    largest
        Largest relative gap of one period.
    n_periods
        Periods compared.
    """

    modelled: float
    recorded: float
    largest: float
    n_periods: int

    @property
    def error(self) -> float:
        """Model over record, less 1."""
        return self.modelled / self.recorded - 1.0


def gap(modelled: FloatArray, recorded: FloatArray) -> Gap:
    """Sums and the largest gap of two series of the same periods."""
    off = np.abs(modelled / recorded - 1.0)
    return Gap(float(modelled.sum()), float(recorded.sum()), float(off.max()), len(recorded))


# ------------------------------------------------------------------------------------------------------- Ethereum


def share_rate(days: Sequence[np.datetime64], reward: FloatArray, opening_rate: float) -> FloatArray:
    """Coins behind one wstETH on each day, by the network's recorded rate and the fee of the term sheet's default."""
    grid = TimeGrid.daily(str(days[0]), days=len(days) - 1)
    token = LiquidStakingToken(
        token=WSTETH.name, accounting="accruing", opening_rate=opening_rate, redeemable_from=None, exit_route="queue"
    )
    series: dict[Factor, float | APR] = {ETH_PRICE: 1.0, ETH_REWARD: APR(reward), WSTETH: 1.0}
    outcome = token.run(Market(grid, series), capital=1.0, keep="values")
    return opening_rate * np.asarray(outcome.values)[:, 0]


def wsteth(data: Path) -> tuple[Gap, Gap]:
    """Growth of wstETH's rate, and of each 30 days: modelled and recorded."""
    days, reward, recorded = read_wsteth(data)
    modelled = share_rate(days, reward, float(recorded[0]))
    months = slice(0, len(days), 30)
    whole = Gap(modelled[-1] / modelled[0] - 1.0, recorded[-1] / recorded[0] - 1.0, 0.0, len(days) - 1)
    return whole, gap(np.diff(np.log(modelled[months])), np.diff(np.log(recorded[months])))


def read_wsteth(data: Path) -> tuple[list[np.datetime64], FloatArray, FloatArray]:
    """Days, the published reward rate of each, and coins behind one wstETH at its midnight."""
    path = data / "defi" / "wstETH_ETH_oracle_hourly.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    first: dict[np.datetime64, float] = {}
    for row in csv.DictReader(lines):
        if row["timestamp"][11:16] == "00:00":
            first[np.datetime64(row["timestamp"][:10])] = float(row["oracle_price_eth"])
    days = list(first)
    # A row holds for the interval after its date: the day that begins at the reading.
    reward = _daily(data / "eth_validators" / "historical_data.json", ETH_REWARD, days)
    return days, reward, np.array([first[day] for day in days])


def steth_sale(data: Path) -> tuple[float, float, np.datetime64]:
    """Recorded ratio on the day of the sale, ETH that a sale then brings for one stETH, and day of redemption's money.

    The holder asks on the day of the sale, once by the cheaper way and once by the queue.
    """
    series = {}
    for name in ("ETH", "STETH"):
        file = DailyFile(data / "yahoo_2024" / f"{name}-USD.csv", column="close")
        found = History({Price(name): file}, missing_days="previous").series[Price(name)]
        series[name] = dict(zip(found.dates.tolist(), found.values, strict=True))
    days = np.arange(SALE - 14, FIRST_REDEMPTION + 30).tolist()
    price = np.array([series["ETH"][day] for day in days])
    ratio = np.array([series["STETH"][day] for day in days]) / price
    grid = TimeGrid.daily(str(days[0]), days=14, settlement_days=len(days) - 15)
    market = Market(grid, {ETH_PRICE: price, ETH_REWARD: APR(0.0), STETH: ratio})
    money = {}
    for way in ("cheaper", "queue"):
        token = LiquidStakingToken(exit_route=way, withdrawal_days=0.0)
        money[way] = token.run(market, capital=float(price[0]))
    waited = float(money["queue"].days_to_cash[0])
    sold = float(money["cheaper"].closing[0]) / price[14]
    return float(ratio[14]), sold, SALE + np.timedelta64(int(np.floor(waited)), "D")


# -------------------------------------------------------------------------------------------------------- Cardano


def cardano_pots(
    reserves: Sequence[int], fees: Sequence[int], blocks: Sequence[int], pots: Sequence[int]
) -> tuple[int, int]:
    """Epochs whose pot is that of the rule to the lovelace, and epochs compared; each with the reserves before it."""
    rules = cardano.CONWAY
    found = [
        cardano.epoch_pot(held, paid, made, rules).pot
        for held, paid, made in zip(reserves[:-1], fees[1:], blocks[1:], strict=True)
    ]
    return sum(one == other for one, other in zip(found, pots[1:], strict=True)), len(found)


def cardano_rewards(rows: Sequence[Mapping[str, int]]) -> Gap:
    """Rewards of all stake by epoch, ADA: those of saturated pools without pledge, and those that were paid."""
    modelled, recorded = [], []
    for before, row in pairwise(rows):
        pot = cardano.epoch_pot(before["reserves"], row["epoch_fees"], row["block_count"], cardano.CONWAY)
        supply = cardano.circulation(before["reserves"]) / cardano.LOVELACE_PER_ADA
        chain = cardano.Cardano(supply=supply, fees_per_epoch=row["epoch_fees"] / cardano.LOVELACE_PER_ADA)
        share = row["active_epoch_stake"] / cardano.LOVELACE_PER_ADA * cardano.EPOCH_DAYS / 365.0
        full = pot.rewards / chain.pot().rewards  # fewer blocks than expected release less
        modelled.append(chain.nominal_apr().value * share * full)
        recorded.append(row["total_distributed_rewards"] / cardano.LOVELACE_PER_ADA)
    return gap(np.array(modelled), np.array(recorded))


def read_cardano(data: Path, first: int) -> list[dict[str, int]]:
    """Rows of the record from the epoch before the first."""
    with (data / "chains" / "rewards" / "ada_epochs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["epoch"]) >= first - 1]
    names = ("epoch", "reserves", "epoch_fees", "block_count", "total_rewards_pot", "total_distributed_rewards")
    return [{name: int(row[name]) for name in (*names, "active_epoch_stake")} for row in rows]


# --------------------------------------------------------------------------------------------------------- Solana


def solana_inflation(
    epochs: Sequence[int], supply: float, *, path: solana.InflationPath = solana.MAINNET, burned_per_epoch: float = 0.0
) -> FloatArray:
    """SOL of inflation by epoch, from the supply at the end of the first; later supply follows from the rule."""
    times, lamports, found = solana.MAINNET_SLOT_TIMES, round(supply * 1e9), []
    for epoch in epochs:
        rate = path.validator(times.inflation_year(epoch + 1))
        paid = solana_rewards.epoch_rewards(rate, lamports, epoch_duration_in_years(times.slot_ms(epoch)))
        found.append(paid / 1e9)
        lamports += paid - round(burned_per_epoch * 1e9)
    return np.array(found)


def read_solana(data: Path) -> dict[str, FloatArray]:
    """Columns of the record; what is not there is NaN."""
    with (data / "chains" / "rewards" / "sol_epochs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("epoch", "inflation_est_sol", "mev_sol", "block_rewards_sol", "network_stake_sol")
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in names}


def solana_sources(record: Mapping[str, FloatArray]) -> dict[str, float]:
    """Income of all stake by its source, as a rate a year of 182.5 epochs, over the epochs that have all three."""
    names = ("inflation_est_sol", "mev_sol", "block_rewards_sol")
    known = np.all([np.isfinite(record[name]) for name in (*names, "network_stake_sol")], axis=0)
    stake = record["network_stake_sol"][known].sum()
    found = {name: float(record[name][known].sum() / stake * 182.5) for name in names}
    return found | {"epochs": float(known.sum())}


# --------------------------------------------------------------------------------------------------------- Cosmos


@attrs.frozen
class Step:
    """ATOM's rate through the fall of its cap.

    Attributes
    ----------
    modelled, recorded
        Rates on the days before the cap, ``(n_days,)``.
    inflation
        Modelled inflation on the day before the cap.
    step, recorded_step
        Relative change of the rate at the cap.
    """

    modelled: FloatArray
    recorded: FloatArray
    inflation: float
    step: float
    recorded_step: float


def atom_step(apr: FloatArray, bonded: FloatArray, after: float, *, tax: float, pace: float) -> Step:
    """Run x/mint by day on recorded bonds, and cut the inflation at the cap on the day after the last.

    Parameters
    ----------
    apr, bonded
        Recorded rate, and ATOM bonded, of the days before the cap.
    after
        Recorded rate times bonded ATOM on the first day at the cap of 10 %, from which the supply follows.
    tax
        Community tax that the record took off.
    pace
        Blocks that are made over those that the parameter assumes.
    """
    supply_after = after / (0.10 * (1.0 - tax))
    change = cosmos.LegacyDec.from_str(f"{float(BEFORE_CAP.inflation_rate_change) * pace:.18f}")
    params = attrs.evolve(BEFORE_CAP, blocks_per_year=365, inflation_rate_change=change)  # a block a day
    low, high = 0.5 * supply_after, supply_after
    for _ in range(60):  # the opening supply that grows into that of the cap
        supply = 0.5 * (low + high)
        rates, end, _ = _minted(apr, bonded, supply, tax, pace, params)
        low, high = (supply, high) if end < supply_after else (low, supply)
    rates, _, inflation = _minted(apr, bonded, supply, tax, pace, params)
    recorded_step = after / bonded[-1] / apr[-1] - 1.0
    return Step(rates, apr, inflation, 0.10 / inflation - 1.0, recorded_step)


def _minted(
    apr: FloatArray, bonded: FloatArray, supply: float, tax: float, pace: float, params: cosmos.MintParams
) -> tuple[FloatArray, float, float]:
    """Rates by day, and supply and inflation at the end."""
    inflation = cosmos.LegacyDec.from_str(f"{apr[0] * bonded[0] / (1.0 - tax) / supply:.18f}")
    rates = []
    for held in bonded:
        ratio = cosmos.LegacyDec.from_str(f"{held / supply:.18f}")
        rates.append(float(inflation) * (1.0 - tax) / float(ratio))
        inflation = cosmos.next_inflation_rate(inflation, ratio, params)
        supply *= 1.0 + float(inflation) * pace / 365.0
    return np.array(rates), supply, float(inflation)


def read_atom(data: Path) -> tuple[FloatArray, FloatArray, float]:
    """Rates as fractions and ATOM bonded before the cap, gaps filled, and their product on its first day."""
    folder = data / "chains" / "rewards"
    rate = {np.datetime64(r["date"]): r["apr"] / 100.0 for r in json.loads((folder / "atom_apr.json").read_text())}
    held = {np.datetime64(r["date"]): r["total"] * 1e6 for r in json.loads((folder / "atom_bonded.json").read_text())}
    # The first value of the bonds is an outlier.
    days = [day for day in np.arange(np.datetime64("2022-01-17"), CAP_DAY) if day in rate]
    whole = np.arange(days[0], CAP_DAY)
    x = (whole - whole[0]).astype(float)
    known = [day for day in whole if day in held]
    bonded = np.interp(x, x[np.isin(whole, known)], [held[day] for day in known])
    apr = np.interp(x, x[np.isin(whole, days)], [rate[day] for day in days])
    return apr, bonded, rate[CAP_DAY] * held[CAP_DAY]


def _daily(path: Path, factor: StakingReward, days: Sequence[np.datetime64]) -> FloatArray:
    """A recorded rate on the days of a run."""
    series = History({factor: DailyFile(path)}, missing_days="previous").series[factor]
    values = dict(zip(series.dates.tolist(), series.values, strict=True))
    return np.array([values[day] for day in np.asarray(days).tolist()])


# ----------------------------------------------------------------------------------------------------------- rows


def rows(data: Path) -> dict[str, tuple[str, ...]]:
    """Cells of each row of the page: model, record, error, and the largest error of one period."""
    return _ethereum_rows(data) | _cardano_rows(data) | _solana_rows(data) | _atom_rows(data)


def _compared(each: Gap, form: str = ",.0f") -> tuple[str, ...]:
    return (f"{each.modelled:{form}}", f"{each.recorded:{form}}", f"{each.error:+.2%}", f"{each.largest:.2%}")


def _ethereum_rows(data: Path) -> dict[str, tuple[str, ...]]:
    whole, months = wsteth(data)
    ratio, sold, redeemed = steth_sale(data)
    _, reward, rate = read_wsteth(data)
    found = spikes(reward[:-1], rate, FEE)
    return {
        f"wstETH, growth of {whole.n_periods} days": (*_compared(whole, ".3%")[:3], ""),
        f"wstETH, {months.n_periods} times 30 days, logarithms": _compared(months, ".3%"),
        **found.rows(),
        "stETH sold on 2022-06-15, ETH for one": (f"{sold:.4f}", f"{ratio:.4f}", f"{sold / ratio - 1.0:+.2%}", ""),
        "stETH redeemed, day of the money": (str(redeemed), str(FIRST_REDEMPTION), "", ""),
    }


def _cardano_rows(data: Path) -> dict[str, tuple[str, ...]]:
    record = read_cardano(data, FIRST_EXACT_EPOCH)
    columns = ("reserves", "epoch_fees", "block_count", "total_rewards_pot")
    same, n = cardano_pots(*([row[name] for row in record] for name in columns))
    paid = cardano_rewards(record)
    return {
        "ADA, pots to the lovelace": (f"{same}", f"{n}", "", ""),
        f"ADA, rewards of {paid.n_periods} epochs": _compared(paid),
    }


def _solana_rows(data: Path) -> dict[str, tuple[str, ...]]:
    record, chain, times = read_solana(data), solana.Solana(), solana.MAINNET_SLOT_TIMES
    known = np.isfinite(record["inflation_est_sol"])
    epochs, recorded = record["epoch"][known].astype(int).tolist(), record["inflation_est_sol"][known]
    rate = solana.MAINNET.validator(times.inflation_year(epochs[0] + 1))
    supply = recorded[0] / rate / epoch_duration_in_years(times.slot_ms(epochs[0]))
    fees = chain.signatures_per_day * 2.0 * solana.LAMPORTS_PER_SIGNATURE / 1e9
    burned = fees * chain.fee_rules.burn_percent / 100.0
    found: dict[str, tuple[str, ...]] = {
        f"SOL, inflation of {len(epochs)} epochs": _compared(
            gap(solana_inflation(epochs, supply, burned_per_epoch=burned), recorded)
        )
    }
    parts = solana_sources(record)
    n = int(parts.pop("epochs"))
    names = {"inflation_est_sol": "inflation", "mev_sol": "MEV", "block_rewards_sol": "block rewards"}
    for column, value in parts.items():
        found[f"SOL, {names[column]} a year over the stake, {n} epochs"] = ("", f"{value:.2%}", "", "")
    return found


def _atom_rows(data: Path) -> dict[str, tuple[str, ...]]:
    apr, bonded, after = read_atom(data)
    found: dict[str, tuple[str, ...]] = {}
    for pace in (1.0, 1.15, round(cosmos.Cosmos().blocks_a_year / cosmos.HUB_MINT.blocks_per_year, 2)):
        step = atom_step(apr, bonded, after, tax=0.02, pace=pace)
        off = step.modelled - step.recorded
        found[f"ATOM, step at the cap, blocks at {pace:.2f} of the parameter"] = (
            f"{step.step:.1%}",
            f"{step.recorded_step:.1%}",
            f"{np.sqrt((off**2).mean()) * 100:.2f} pp",
            f"{np.abs(off).max() * 100:.2f} pp",
        )
    paid = 0.9 / 0.98 - 1.0
    found["ATOM, level if the tax was 10 % and not 2 %"] = ("", "", f"{paid:+.1%}", "")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.records", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds chains/ and the others")
    for name, cells in rows(parser.parse_args().data).items():
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
