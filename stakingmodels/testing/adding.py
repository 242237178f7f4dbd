"""Check of more money put in later: on the paths that do, at work, charged once, and out again."""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import ConformanceError, InputError, StakingModelsError
from stakingmodels.ledger import Book, Group, Outcome
from stakingmodels.market import Market, Now
from stakingmodels.products import Position, Product
from stakingmodels.products.wrappers.base import CHILD
from stakingmodels.testing.around import Around
from stakingmodels.testing.books import SUM
from stakingmodels.testing.leaving import compare_paths, money_left
from stakingmodels.testing.lengths import stretched
from stakingmodels.testing.replay import Replay
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial

_PENNY = 1e-9  # of the money added: a rounding


class _TakesNoMoreError(InputError):
    """The product takes no further money."""


@attrs.frozen(eq=False)
class _Adding(Around):
    """A product opened with half of the money, to which the other half is added in a step, as the plan says.

    `plan` is called with the number of paths and the money of each, and gives the arguments of `Position.add`.
    """

    step: int = -1
    plan: Any = None
    moved: list[FloatArray] = attrs.field(factory=list)

    def open(self, book: Book, now: Now) -> "_AddingPosition":
        return _AddingPosition(self, book, now)


class _AddingPosition(Position):
    def __init__(self, terms: _Adding, book: Book, now: Now) -> None:
        self._terms, self._book = terms, book
        self._child = book.child(CHILD, terms.asset)
        self._money = 0.5 * book.cash.units
        book.pay_to(self._child, book.cash, self._money)
        self._inner = terms.inner.open(self._child, now)
        self._idle = self._child.cash.units.copy()
        self._read()

    def _read(self) -> None:
        self.capital_shortfall = self._inner.capital_shortfall
        self.earns_until_day = self._inner.earns_until_day

    def step(self, now: Now) -> None:
        self._inner.step(now)
        if now.step == self._terms.step and self._terms.plan is not None:
            self._add(now)
        self._read()

    def _add(self, now: Now) -> None:
        money, paths = self._terms.plan(now.n_paths, self._money)
        self._book.pay_to(self._child, self._book.cash, money, paths)
        before = self._child.cash.units.copy()
        try:
            self._inner.add(now, money, paths)
        except InputError as error:
            raise _TakesNoMoreError(str(error)) from error
        works = self._idle < _PENNY * self._money  # a product of money leaves it in the wallet
        if paths is None and works.any():
            self._terms.moved.append((before - self._child.cash.units)[works] / self._money[works])

    def exit(self, now: Now, share: Any = 1.0, how: str | None = None, paths: Any = None) -> None:
        self._inner.exit(now, share, how, paths)
        self._read()


def _everybody(_n: int, money: FloatArray) -> tuple[Any, Any]:
    return money, None


def _some(n: int, money: FloatArray) -> tuple[Any, Any]:
    """Every other path, named."""
    paths = np.arange(0, n, 2)
    return money[paths], paths


def _nothing_on_others(n: int, money: FloatArray) -> tuple[Any, Any]:
    """All paths, with an amount of 0 on every other one."""
    return np.where(np.arange(n) % 2 == 0, money, 0.0), None


def check_add(product: Product, market: Market, *, capital: float) -> None:
    """More money is put to work on the paths that add it, costs what another position would, and comes out again.

    A product that takes no further money has nothing to prove. Otherwise it is opened with the capital, and as much is
    added later: on all paths, or on every other one.
    """
    trial = Trial.of("add", product, market, capital)
    trial = attrs.evolve(trial, capital=min(2.0 * capital, checks.CAPITAL_LIMIT))
    step = (trial.snapshot.grid.exit - 1) // 2
    adding = _Adding(product, step, _everybody)
    try:
        everyone = trial.run(product=adding)
    except _TakesNoMoreError:
        trial.run()  # what breaks off any run does so here too
        return
    _check_paths(trial, step, everyone)
    _check_comes_out(trial, step)
    _check_costs(trial)


def _check_paths(trial: Trial, step: int, everyone: Outcome) -> None:
    """Paths that add are as if all did, others as if nobody did."""
    staying = trial.run(product=_Adding(trial.product, step))
    adds = np.arange(trial.snapshot.n_paths) % 2 == 0
    for plan, how in ((_some, "named paths"), (_nothing_on_others, "paths with an amount above 0")):
        when = f"when money is added on {how} in step {step}"
        try:
            some = trial.run(product=_Adding(trial.product, step, plan))
        except ConformanceError:
            raise
        except StakingModelsError as error:
            trial.fail(f"the run breaks off {when}, which on all paths it does not: {error}")
        compare_paths(trial, when, some, everyone, staying, adds)


def _check_comes_out(trial: Trial, step: int) -> None:
    """What is added is paid out in time, in a market frozen from the exit on."""
    world = trial.snapshot.stilled(13)
    outcome = trial.run(world, product=_Adding(trial.product, step, _everybody))
    left = money_left(outcome, world)
    late = left > SUM * Replay(outcome, world).scale[-1]
    if late.any():
        path = int(np.argmax(late))
        trial.fail(f"of what was added in step {step}, {float(left[path])!r} is not paid out on path {path}")


def _check_costs(trial: Trial) -> None:
    """In a frozen market, the money goes to work, and adding costs at most what another opening does."""
    still = Snapshot.of(trial.snapshot.market().frozen_at_open(), trial.product.factors).quiet()
    world = stretched(still, 3, 1)
    adding = _Adding(trial.product, 0, _everybody)
    added = trial.run(world, product=adding)
    if adding.moved and not (np.concatenate(adding.moved) > _PENNY).any():
        trial.fail("add leaves all the money in the wallet, on every path")
    single = trial.run(world, product=_Adding(trial.product))
    whole = trial.run(world)
    paid = _costs(added, world, 0) - _costs(single, world, 0)
    one = _costs(single, world, -1)
    opening = np.maximum(one, _costs(whole, world, -1) - one)
    slack = SUM * (trial.capital + Replay(added, world).scale[1])
    trial.at_least("what another opening costs, less what adding costs,", opening - paid, -slack, 0)


def _costs(outcome: Outcome, world: Snapshot, step: int) -> FloatArray:
    """Fees and costs booked in a step, ``(n_paths,)``; -1 for the opening."""
    replay, found = Replay(outcome, world), np.zeros(outcome.n_paths)
    for entry in outcome.entries or ():
        if entry.step == step and entry.line is not None and entry.line.group in {Group.FEE, Group.COST}:
            found = found - replay.market_value(entry)
    return found
