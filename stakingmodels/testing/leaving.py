"""Checks of the exit: in full, in part, and without gain."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.errors import ConformanceError, StakingModelsError
from stakingmodels.ledger import Book, Group, Line, Outcome
from stakingmodels.ledger.guards import OWN_LINES
from stakingmodels.market import Market, Now
from stakingmodels.products import Position, Product
from stakingmodels.testing.around import Around
from stakingmodels.testing.books import SUM
from stakingmodels.testing.replay import DEBTS, Replay, Slot, is_cash
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.trial import Trial

HALF = 0.5
LOTS = 1.0 / 32.0
"""Allowed difference of a partial exit from its share: `MORE` times the capital holds many whole lots."""
MORE = 64.0
_ENDING = {Group.REWARD, Group.FEE, Group.COST}


@attrs.frozen(eq=False)
class _Leaving(Around):
    """A product with a planned exit: shares by the step after the exit (0 for the exit itself), way and paths."""

    plan: tuple[PathValue, ...] = ()
    how: str | None = None
    paths: IntArray | None = None

    def open(self, book: Book, now: Now) -> "_LeavingPosition":
        return _LeavingPosition(self, self.inner.open(book, now))


class _LeavingPosition(Position):
    def __init__(self, terms: _Leaving, inner: Position) -> None:
        self._terms = terms
        self._inner = inner
        self._since = -1
        self._read()

    def _read(self) -> None:
        self.capital_shortfall = self._inner.capital_shortfall
        self.earns_until_day = self._inner.earns_until_day

    def step(self, now: Now) -> None:
        self._inner.step(now)
        if self._since >= 0:
            self._leave(now)
        self._read()

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        self._since = 0
        self._leave(now)
        self._read()

    def _leave(self, now: Now) -> None:
        if self._since < len(self._terms.plan):
            some = {} if self._terms.paths is None else {"paths": self._terms.paths}
            self._inner.exit(now, share=self._terms.plan[self._since], how=self._terms.how, **some)
        self._since += 1


def check_exit_pays(product: Product, market: Market, *, capital: float) -> None:
    """An exit pays in full: in a market frozen from the exit on, everything becomes money in time.

    The market goes on for 22 years, without rates and events: queues, terms and claims must have ended by then. A debt
    may stay.
    """
    trial = Trial.of("exit-pays", product, market, capital)
    world = trial.snapshot.stilled(13)
    outcome = trial.run(world)
    left, slots = _left(outcome, world)
    allowed = SUM * Replay(outcome, world).scale[-1]
    late = left > allowed
    if late.any():
        path = int(np.argmax(late))
        where = next(str(slot) for slot, worth in slots.items() if worth[path] > 0.0)
        days = world.grid.elapsed_days[-1] - world.grid.elapsed_days[world.grid.exit]
        trial.fail(f"{float(left[path])!r} is not paid out {days:g} days after the exit on path {path}: {where}")


def check_exit_ends(product: Product, market: Market, *, capital: float) -> None:
    """No fee, cost or reward is booked once all is paid out: who has left neither pays nor earns any more.

    In a market frozen from the exit on, for 22 years, without rates and events.
    """
    trial = Trial.of("exit-ends", product, market, capital)
    world = trial.snapshot.stilled(13)
    outcome = trial.run(world)
    replay, exit_time = Replay(outcome, world), world.grid.exit
    held = np.zeros((world.grid.n_times, outcome.n_paths), dtype=np.bool_)
    for slot, units in replay.held.items():
        if not is_cash(slot, world.numeraire):
            held |= np.abs(units) > SUM * replay.turnover[slot]
    still_in = np.flip(np.maximum.accumulate(np.flip(held, axis=0), axis=0), axis=0)  # something is held later
    for entry in outcome.entries or ():
        if entry.step < exit_time or entry.line is None or entry.line.group not in _ENDING:
            continue
        late = ~still_in[entry.step] & (np.abs(replay.market_value(entry)) > SUM * trial.capital)
        if late.any():
            path = int(np.argmax(late))
            amount = float(np.broadcast_to(entry.units, late.shape)[path])
            days = world.grid.elapsed_days[entry.step + 1] - world.grid.elapsed_days[exit_time]
            text = f"{entry.line!r} is booked {days:g} days after the exit, when all is paid out"
            trial.fail(f"{text}: {amount!r} {entry.asset} on path {path}", path, entry.step)


def check_exit_adds_nothing(product: Product, market: Market, *, capital: float) -> None:
    """An exit gains nothing by itself: no reward, claim or income is posted that would not have been without it."""
    trial = Trial.of("exit-adds-nothing", product, market, capital)
    leaving, staying = (trial.run(product=_Leaving(product, plan)) for plan in ((1.0,), ()))
    turnover = Replay(leaving, trial.snapshot).turnover
    step = trial.snapshot.grid.exit - 1
    usual = _gains(staying, step)
    for (line, slot), units in _gains(leaving, step).items():
        more = units - usual.get((line, slot), 0.0)
        trial.at_least(f"less {line!r} of {slot} when leaving, times -1,", -more, -SUM * turnover[slot])


def check_exit_share(product: Product, market: Market, *, capital: float) -> None:
    """A share of 0 changes nothing, half leaves half, the rest can follow; other shares and unknown ways are refused.

    Half may be more or less by a 32nd, where the product deals in whole lots: it is tried with 64 times the capital
    that suffices on each path, or by more where so much is above the limit of capital; and by one lot where the terms
    fix their number (`n_lots`). Where actions cost gas, which is the same for half, the limit of capital itself is
    tried.
    The rest is examined 22 years later, in a market frozen from the exit on, without events. A product that cannot be
    left early (`Product.can_leave_early`) must only accept the arguments, and refuse wrong ones.
    """
    trial = Trial.of("exit-share", product, market, capital)
    for share in (-0.1, 1.5, float("nan")):
        _refuses(trial, _Leaving(product, (share,)), f"a share of {share!r}")
    _refuses(trial, _Leaving(product, (1.0,), "no such way"), "the way out 'no such way'")
    staying, not_at_all = (trial.run(product=_Leaving(product, plan)) for plan in ((), (0.0,)))
    if staying.values is not None and not_at_all.values is not None:
        slack = SUM * Replay(staying, trial.snapshot).scale
        trial.close("the value when a share of 0 leaves", not_at_all.values, staying.values, slack)
    if not product.can_leave_early:
        return
    world = trial.snapshot.quiet().stilled(13)
    most, usual = checks.CAPITAL_LIMIT, trial.run(world)
    short = usual.capital_shortfall
    enough = capital + float(short[np.isfinite(short)].max(initial=0.0))  # for one lot at least
    trial = attrs.evolve(trial, capital=most if Line.NETWORK_FEE in usual.lines else min(MORE * enough, most))
    lots = min(LOTS * max(MORE * enough / trial.capital, 1.0), HALF)
    if product.n_lots is not None:
        lots = max(lots, 1.0 / product.n_lots)
    outcomes = [trial.run(world, product=_Leaving(product, plan)) for plan in ((), (HALF,), (HALF, 1.0))]
    at_exit, _ = _left(outcomes[0], world, world.grid.exit)
    stays, of_half, of_rest = (_left(outcome, world)[0] for outcome in outcomes)
    rounding = SUM * np.max([Replay(outcome, world).scale[-1] for outcome in outcomes], axis=0)
    # running costs are paid from the rest
    slack = rounding + np.max([np.abs(outcome.group(Group.COST)) for outcome in outcomes], axis=0)
    trial.at_least("what half leaves behind", of_half, (HALF - lots) * stays - slack)
    highest = np.maximum(at_exit, stays)  # it may earn by its terms, on its way out too, and bear costs
    trial.at_least("what half takes along", highest - of_half, (HALF - lots) * at_exit - slack)
    trial.close("what is left when the rest follows", of_rest, np.zeros(of_rest.shape), rounding)


def check_exit_paths(product: Product, market: Market, *, capital: float) -> None:
    """An exit on some paths is theirs alone: they leave as if all did, and the others as if nobody did.

    The paths are named, or have a share above 0 of their own. An exit after everything has left changes nothing, where
    the product can be left early.
    """
    trial = Trial.of("exit-paths", product, market, capital)
    n = trial.snapshot.n_paths
    leaves = np.arange(n) % 2 == 0
    staying = trial.run(product=_Leaving(product))
    for share in (HALF, 1.0):
        everyone = trial.run(product=_Leaving(product, (share,)))
        named = _Leaving(product, (share,), paths=np.flatnonzero(leaves))
        for some in (named, _Leaving(product, (np.where(leaves, share, 0.0),))):
            when = f"when {share:.0%} leaves on some paths"
            compare_paths(trial, when, _run(trial, some, when), everyone, staying, leaves)
    if product.can_leave_early:
        again = trial.run(product=_Leaving(product, (1.0, 1.0)))
        compare_paths(trial, "when an exit is repeated", again, everyone, staying, np.ones(n, dtype=np.bool_))
        years = everyone.earning_years
        trial.close("the years of earning when an exit is repeated", again.earning_years, years, SUM * years)


def _run(trial: Trial, product: Product, when: str) -> Outcome:
    """Run a product whose exit must not be refused."""
    try:
        return trial.run(product=product)
    except ConformanceError:
        raise
    except StakingModelsError as error:
        trial.fail(f"the run breaks off {when}: {error}")


def compare_paths(
    trial: Trial, when: str, outcome: Outcome, everyone: Outcome, staying: Outcome, leaves: BoolArray
) -> None:
    """Value and profit are those of a run in which all leave on paths that do, else of one in which nobody does."""
    slack = SUM * (Replay(staying, trial.snapshot).scale + Replay(everyone, trial.snapshot).scale)
    value = np.where(leaves, _values(everyone), _values(staying))
    trial.close(f"the value {when}", _values(outcome), value, slack)
    profit = np.where(leaves, everyone.profit, staying.profit)
    trial.close(f"the profit {when}", outcome.profit, profit, slack[-1])


def _refuses(trial: Trial, product: Product, what: str) -> None:
    try:
        trial.run(product=product)
    except ConformanceError:
        raise
    except StakingModelsError:
        return
    trial.fail(f"exit takes {what}; begin with self.check_exit(now, share, how, paths=paths)")


def _left(outcome: Outcome, world: Snapshot, time: int = -1) -> tuple[FloatArray, dict[Slot, FloatArray]]:
    """Value of all holdings but money in a wallet at a time, ``(n_paths,)``, without debts; and by account."""
    replay = Replay(outcome, world)
    found: dict[Slot, FloatArray] = {}
    for slot, units in replay.held.items():
        if slot.place not in DEBTS and not is_cash(slot, world.numeraire):
            kept = np.where(units[time] > SUM * replay.turnover[slot], units[time], 0.0)  # roundings left out
            found[slot] = kept * world.unit_value(slot.asset, slot.mark)[time]
    return sum(found.values(), np.zeros(outcome.n_paths)), found


def money_left(outcome: Outcome, world: Snapshot) -> FloatArray:
    """Value at the end of all holdings but money in a wallet, ``(n_paths,)``, without debts."""
    return _left(outcome, world)[0]


def _values(outcome: Outcome) -> FloatArray:
    return np.empty((0, 0)) if outcome.values is None else outcome.values


def _gains(outcome: Outcome, step: int) -> dict[tuple[Line, Slot], FloatArray]:
    """Units posted in a step under lines of gains, by line and account."""
    found: dict[tuple[Line, Slot], FloatArray] = {}
    for entry in outcome.entries or ():
        if entry.step == step and entry.line is not None and entry.line.sign > 0 and entry.line not in OWN_LINES:
            key = (entry.line, Slot.of(entry))
            found[key] = found.get(key, 0.0) + entry.units
    return found
