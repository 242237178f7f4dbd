"""Error per second of quasi-random paths: ``python -m benchmarks.quasi``.

Each product alone is simulated in the built-in scenario over and over, each time with another seed: with independent
paths, with quasi-random ones of one replicate, and of the usual number. The three take turns. A gain is how many times
more processor time independent paths would need for the same error: the ratio of variances over seeds, divided by that
of times. ``--coverage`` counts how often the printed intervals of 95 % contain the figure of a run of many more paths.
"""

import argparse
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import machine
from stakingmodels import Outcome, TimeGrid, products, scenarios, simulate
from stakingmodels.analysis.windows import Windows
from stakingmodels.replicates import mean_error
from stakingmodels.scenarios import QuasiRandom
from stakingmodels.scenarios.quasi import Sampling
from stakingmodels.tables import Table

Floats = npt.NDArray[np.float64]
FIGURES = ("mean", "VaR 95%", "ES 95%", "P(loss)")
WAYS: Mapping[str, Sampling] = {
    "independent": "independent",
    "one": QuasiRandom(n_replicates=1),
    "usual": QuasiRandom(),
}
LIMITS = {"hold ETH": (15.0, 15.0, 50.0, 50.0), "staking pool": (15.0, 3.0, 8.0, 0.0)}
"""The least gains of one replicate."""
GRID = TimeGrid.daily(scenarios.REFERENCE_START, days=365, settlement_days=60)
_TRUE_PATHS, _TRUE_SEED = 524_288, 20_261_201


def run(name: str, n_paths: int, seed: int, sampling: Sampling) -> Outcome:
    """The outcome of one product."""
    rows = {name: products.reference()[name]}
    world = scenarios.reference()
    found = simulate(rows, world, GRID, capital=100_000.0, n_paths=n_paths, rng=seed, sampling=sampling, keep="summary")
    return found[name]


def figures(outcome: Outcome) -> tuple[float, ...]:
    risk = outcome.risk()
    return float(outcome.returns.mean()), risk.value_at_risk, risk.expected_shortfall, risk.probability_of_loss


def errors(outcome: Outcome) -> tuple[float, ...]:
    """Standard errors of the figures."""
    risk, lost = outcome.risk(), np.asarray(outcome.returns < 0.0, dtype=np.float64)
    mean, share = (mean_error(values, outcome.n_replicates) for values in (outcome.returns, lost))
    return mean, risk.value_at_risk_error, risk.expected_shortfall_error, share


def measured(name: str, n_paths: int, seeds: int) -> tuple[dict[str, Floats], dict[str, float]]:
    """Figures of every seed, ``(seeds, 4)``, and seconds, by way."""
    found: dict[str, list[tuple[float, ...]]] = {way: [] for way in WAYS}
    seconds = dict.fromkeys(WAYS, 0.0)
    for seed in range(seeds):
        for way in list(WAYS) if seed % 2 else reversed(WAYS):
            start = time.process_time()
            outcome = run(name, n_paths, seed, WAYS[way])
            seconds[way] += time.process_time() - start
            found[way].append(figures(outcome))
    return {way: np.array(rows) for way, rows in found.items()}, seconds


def gains(n_paths: int, seeds: int, names: list[str]) -> Table:
    rows = []
    for name in names:
        found, seconds = measured(name, n_paths, seeds)
        for way in ("one", "usual"):
            dearer = seconds[way] / seconds["independent"]
            with np.errstate(divide="ignore", invalid="ignore"):
                gain = found["independent"].var(axis=0) / found[way].var(axis=0) / dearer
                off = (found[way].mean(axis=0) - found["independent"].mean(axis=0)) / np.sqrt(
                    (found[way].var(axis=0) + found["independent"].var(axis=0)) / seeds
                )
            least = LIMITS.get(name) if way == "one" else None
            kept = "" if least is None else "kept" if (gain >= least).all() else "MISSED"
            cells = ["-" if np.isnan(x) or np.isinf(x) else f"{x:,.1f}" for x in gain]
            rows.append([name, way, *cells, f"{dearer:.2f}", f"{np.nanmax(np.abs(off)):.1f}", kept])
    columns = ["product", "replicates", *FIGURES, "time", "bias, s.e.", "limit"]
    title = f"Error per second against independent paths: {n_paths:,} paths, {seeds} seeds"
    return Table(title, columns, rows, ["time: processor time over that of independent paths."], left=2)


def coverage(n_paths: int, seeds: int, names: list[str]) -> Table:
    rows = []
    band = Windows(n_paths=n_paths, overlap=0, is_recorded=False, n_replicates=QuasiRandom().n_replicates).band
    for name in names:
        truth = np.array(figures(run(name, _TRUE_PATHS, _TRUE_SEED, WAYS["usual"])))
        inside = []
        for seed in range(seeds):
            outcome = run(name, n_paths, seed, WAYS["usual"])
            inside.append(np.abs(figures(outcome) - truth) <= band * np.array(errors(outcome)))
        rows.append([name, *(f"{share:.2%}" for share in np.mean(inside, axis=0))])
    title = f"Intervals of 95 % that contain the figure of {_TRUE_PATHS:,} paths: {n_paths:,} paths, {seeds} seeds"
    return Table(title, ["product", *FIGURES], rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quasi", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--paths", type=int, default=2_048)
    parser.add_argument("--products", default="hold ETH,staking pool", help="names with commas between, or all")
    parser.add_argument("--coverage", action="store_true")
    given: Any = parser.parse_args()
    names = list(products.reference()) if given.products == "all" else given.products.split(",")
    print(machine.describe())
    print((coverage if given.coverage else gains)(given.paths, given.seeds, names).to_text())


if __name__ == "__main__":
    main()
