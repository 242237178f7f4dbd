"""100,000 USD held, staked and mined in the built-in scenario: the table, and what the mine's money went into."""

from stakingmodels import TimeGrid, compare, products, scenarios, simulate

grid = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
results = simulate(products.reference(), scenarios.reference(), grid, capital=100_000.0, n_paths=5_000, rng=1)
print(compare(results))

mine = results["cloud mining"]
print("\nCloud mining, mean over the paths in USD")
for line, amount in mine.lines.items():
    print(f"{line.label:12} {amount.mean():12,.2f}")
print(f"{'profit':12} {mine.profit.mean():12,.2f}")
