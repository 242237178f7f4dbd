"""``stakingmodels compare``."""

import argparse
import functools
from typing import Literal

import attrs

from stakingmodels import checks, scenarios
from stakingmodels.analysis import Comparison, compare
from stakingmodels.cli.arguments import cash_rate_of, level_of, money_of, number, rows_of, whole
from stakingmodels.cli.catalogue import Chosen, chosen_of
from stakingmodels.cli.currency import in_currency
from stakingmodels.cli.files import check_target, keep, loaded
from stakingmodels.cli.history import how_to_give, recorded, refuse_alone
from stakingmodels.cli.output import printed, progress_bar
from stakingmodels.cli.views import views_of
from stakingmodels.cli.width import width_of
from stakingmodels.engine import simulate
from stakingmodels.engine.keep import Kept
from stakingmodels.market import Factor, TimeGrid
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import REFERENCE_START, Scenario
from stakingmodels.words import Note

_BOUNDS = ("max_es", "max_days_to_cash", "min_capital", "max_infeasible")


def compare_command(arguments: argparse.Namespace) -> tuple[str, bool]:
    """Run the command; returns the text to print, and whether the run was completed."""
    check_target(arguments)
    width_of(arguments)
    comparison = comparison_of(arguments)
    text = printed(comparison, arguments)
    chosen = None if arguments.load is not None else _chosen(arguments)
    if chosen is not None and arguments.format == "table":
        text = f"{text}\n\n{chosen.text(comparison, arguments)}"
    keep(comparison, arguments, text)
    return text, not comparison.results.partial


def comparison_of(arguments: argparse.Namespace, *, kept: Kept = "totals") -> Comparison:
    """The comparison that the options ask for, of a run that keeps so much, or of a file."""
    bounds = _bounds(arguments)
    comparison = _compared(arguments, kept) if arguments.load is None else loaded(arguments)
    if arguments.rank is not None or bounds:
        comparison = comparison.rank(arguments.rank or comparison.ranked_by or "return_mean", **bounds)
    return comparison


def _compared(arguments: argparse.Namespace, kept: Kept) -> Comparison:
    """Comparison of a run."""
    capital, days, tail = money_of(arguments)
    level = level_of(arguments)
    seed = whole("--seed", arguments.seed, 0, 2**128 - 1)
    paths = None if arguments.paths is None else whole("--paths", arguments.paths, 1, checks.PATHS_LIMIT)
    chosen = _chosen(arguments)
    rows = rows_of(arguments) if chosen is None else dict(chosen.rows)
    rate, views = cash_rate_of(arguments), views_of(arguments.views, arguments.format)
    complete = None if chosen is None else functools.partial(chosen.world, prices=not arguments.history)
    if arguments.history:
        world, grid = recorded(arguments, rows, days, tail, rate, complete=complete)
    else:
        coins = None if chosen is None else chosen.drawn
        world, grid = _built_in(arguments, days, tail, rate, coins)
        world = world if complete is None else complete(world)
    world = in_currency(arguments, world)
    with progress_bar(arguments.lang) as progress:
        results = simulate(
            rows,
            world,
            grid,
            capital=capital,
            n_paths=paths,
            rng=seed,
            progress=progress,
            keep=kept,
            on_missing="skip",
            event_sampling="stratified",
            sampling=arguments.sampling,
        )
    told = how_to_give if arguments.history else not_built_in
    skipped = {name: told(world.missing(rows[name].factors)) for name in results.skipped}
    results = attrs.evolve(results, skipped=skipped | ({} if chosen is None else chosen.missing))
    return compare(results, benchmark=arguments.benchmark, confidence_level=level, price_views=views)


def _chosen(arguments: argparse.Namespace) -> Chosen | None:
    """Rows chosen from the catalogue."""
    coins = None if arguments.history else scenarios.REFERENCE_COINS
    return chosen_of(arguments, scenarios.reference(coins=coins, assumptions=arguments.assumptions))


def _bounds(arguments: argparse.Namespace) -> dict[str, float]:
    """Bounds of a ranking that were given, by their names in `Comparison.rank`."""
    given = {name: getattr(arguments, name) for name in _BOUNDS}
    return {name: number(f"--{name.replace('_', '-')}", text) for name, text in given.items() if text is not None}


def _built_in(
    arguments: argparse.Namespace,
    days: int,
    tail: int,
    rate: APR | APY | Literal["assumed"] | None,
    coins: tuple[str, ...] | None,
) -> tuple[Scenario, TimeGrid]:
    refuse_alone(arguments, ("levels",))
    world = scenarios.reference(coins=coins, cash_rate=rate, assumptions=arguments.assumptions)
    return world, TimeGrid.daily(REFERENCE_START, days=days, settlement_days=tail)


def not_built_in(missing: frozenset[Factor]) -> str:
    """Reason for leaving out a product in the built-in scenario."""
    return Note("skipped.not_built_in", factors=tuple(sorted(map(str, missing))))
