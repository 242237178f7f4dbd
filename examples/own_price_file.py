"""Every year of a price file, held and staked; and how much of the loss of the worst years is the price's doing."""

import tempfile
from pathlib import Path

import numpy as np

from stakingmodels import APR, Constants, History, Holding, Joint, Price, StakingPool, StakingReward, compare, simulate


def write_prices(path: Path) -> None:
    """Write five years of made-up closes; a file of yours needs a date and a price column as well."""
    days = np.arange("2021-01-01", "2026-01-01", dtype="datetime64[D]")
    closes = 1_000.0 * np.exp(np.cumsum(0.03 * np.random.default_rng(5).standard_normal(days.size)))
    rows = [f"{day},{close:.2f}" for day, close in zip(days, closes, strict=True)]
    path.write_text("\n".join(["date,close", *rows]) + "\n", encoding="utf-8")


with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "eth.csv"
    write_prices(file)
    history = History({Price("ETH"): file})

scenario = Joint([history, Constants({StakingReward("ETH"): APR(0.029)})])
products = {
    "hold": Holding("ETH", buy_fee=0.001, sell_fee=0.001),
    "pool": StakingPool("ETH", commission=0.10, unbonding_days=10.0, buy_fee=0.001, sell_fee=0.001),
}
results = simulate(products, scenario, history.grid(days=365, settlement_days=20), capital=10_000.0, rng=1)
print(compare(results))

print("\nExpected shortfall of the pool at 95 %, by cause")
for line, share in results["pool"].risk(confidence_level=0.95).shortfall_by_line.items():
    print(f"{line.label:12} {share:+.2%}")
