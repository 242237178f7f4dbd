"""Checks that a run depends only on its arguments, and has no side effects."""

import contextlib
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.engine.run import run_block
from stakingmodels.errors import ScenarioWarning, StakingModelsError
from stakingmodels.ledger import Outcome
from stakingmodels.market import Market, Price
from stakingmodels.products import Holding, Product
from stakingmodels.testing.leaving import MORE
from stakingmodels.testing.surroundings import changed_by, printed_by, restored_generators, seed_generators
from stakingmodels.testing.trial import AnyArray, Trial, fields, numbers

_DTYPES: frozenset[np.dtype[Any]] = frozenset({np.dtype(np.float64), np.dtype(np.bool_), np.dtype("timedelta64[s]")})


def check_deterministic(product: Product, market: Market, *, capital: float) -> None:
    """Two runs give the same bits, whatever numpy's and Python's global generators and error settings are.

    Between them the product is run with 64 times the capital, which empties a store that all runs share, and in another
    market, which a store that outlives a run would remember.
    """
    trial = Trial.of("deterministic", product, market, capital)
    with restored_generators():
        seed_generators(1)
        first = numbers(trial.run())
        large = attrs.evolve(trial, capital=min(MORE * capital, checks.CAPITAL_LIMIT))
        with contextlib.suppress(StakingModelsError):  # not every product takes so much
            large.run()
        with contextlib.suppress(StakingModelsError):
            trial.run(trial.snapshot.changed_after(0, rising=True))
        seed_generators(2)
        with np.errstate(all="raise"):
            second = numbers(trial.run())
    trial.same(second, first, "when it is run again")


def check_inputs_unchanged(product: Product, market: Market, *, capital: float) -> None:
    """The market's rows are the same bytes after a run, and no result shares memory with them."""
    trial = Trial.of("inputs-unchanged", product, market, capital)
    mine = {factor: rows.copy() for factor, rows in trial.snapshot.rows.items()}
    outcome = trial.run(attrs.evolve(trial.snapshot, rows=mine))
    for factor, rows in mine.items():
        trial.same({str(factor): rows}, {str(factor): trial.snapshot.rows[factor]}, "after a run")
        for name, array in _arrays(outcome).items():
            if np.shares_memory(array, rows):
                trial.fail(f"{name} shares memory with {factor}")


def check_outputs_read_only(product: Product, market: Market, *, capital: float) -> None:
    """Arrays of an outcome are float64 or bool, in C order, and cannot be written to or made writeable.

    An array with the same number on all paths may store it once (stride 0). Time spans are in seconds.
    """
    trial = Trial.of("outputs-read-only", product, market, capital)
    for name, array in _arrays(trial.run()).items():
        if array.dtype not in _DTYPES or not (array.flags.c_contiguous or array.strides == (0,)):
            trial.fail(f"{name} is of {array.dtype} or not in C order")
        try:
            array.setflags(write=True)
        except ValueError:
            continue
        trial.fail(f"{name} can be made writeable")


def check_adding_a_product(product: Product, market: Market, *, capital: float) -> None:
    """A product gives the same bits alone, with other products, and with a copy of itself."""
    trial = Trial.of("adding-a-product", product, market, capital)
    alone = numbers(trial.run())
    others: dict[str, Product] = {"itself": product}
    if product.asset is not None and Price(product.asset) in trial.snapshot.rows:
        others["the coin"] = Holding(product.asset)
    with checks.muted(ScenarioWarning):
        together = run_block({**others, "it": product}, trial.snapshot.market(), capital, "ledger", verified=False)
    for name in ("it", "itself"):
        trial.same(numbers(together[name]), alone, f"when it is run beside {', '.join(others)}")


def check_global_state(product: Product, market: Market, *, capital: float) -> None:
    """A run leaves the state of the process as it was: generators, error settings, warnings, environment."""
    trial = Trial.of("global-state", product, market, capital)
    for name in changed_by(trial.run):
        trial.fail(f"a run changes {name}")


def check_quiet(product: Product, market: Market, *, capital: float) -> None:
    """A run prints nothing."""
    trial = Trial.of("quiet", product, market, capital)
    printed = printed_by(trial.run)
    if printed:
        trial.fail(f"a run prints {printed[:40]!r}")


def _arrays(outcome: Outcome) -> dict[str, AnyArray]:
    """Every array reachable from an outcome, as it is."""
    record = outcome.entries or ()
    return fields(outcome) | {f"record[{i}].units": entry.units for i, entry in enumerate(record)}
