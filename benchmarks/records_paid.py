"""``python -m benchmarks.records_paid SHARED_DATA_DIR``: the rates of stakingmodels/catalogue/paid.py, by record."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np

from benchmarks import records

ADA_EPOCHS = 73  # a year of five days each


def rates(data: Path) -> dict[str, tuple[float, str, str]]:
    """Rate a year, first and last day of each record, by its key in the catalogue; days where the record has them."""
    whole, _ = records.wsteth(data)
    days, _, _ = records.read_wsteth(data)
    growth = (1.0 + whole.recorded) ** (365.0 / whole.n_periods) - 1.0
    rows = records.read_cardano(data, records.FIRST_EXACT_EPOCH)[-ADA_EPOCHS:]
    ada = sum(row["total_distributed_rewards"] / row["active_epoch_stake"] for row in rows)
    sol = records.solana_sources(records.read_solana(data))
    told = json.loads((data / "chains" / "rewards" / "atom_apr.json").read_text(encoding="utf-8"))
    year = [row for row in told if row["date"] > told[-1]["date"].replace("2026", "2025")]
    atom = float(np.mean([row["apr"] for row in year])) / 100.0
    return {
        "wsteth": (growth, str(days[0]), str(days[-1])),
        "ada": (ada, "", ""),
        "sol": (sol["inflation_est_sol"], *_solana_days(data)),
        "mev": (sol["mev_sol"], *_solana_days(data)),
        "atom": (atom, year[0]["date"], year[-1]["date"]),
    }


def _solana_days(data: Path) -> tuple[str, str]:
    """Days on which the auctions of the first and the last epoch that have all sources were held."""
    names = ("inflation_est_sol", "mev_sol", "block_rewards_sol", "network_stake_sol")
    with (data / "chains" / "rewards" / "sol_epochs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[name] for name in names)]
    return rows[0]["auction_commit_time"][:10], rows[-1]["auction_commit_time"][:10]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.records_paid", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds chains/ and the others")
    for name, (rate, first, last) in rates(parser.parse_args().data).items():
        print(f"{name}: {rate:.4f} {first} {last}".rstrip())


if __name__ == "__main__":
    main()
