"""`Trial`: one check of one product on one market: runs it, compares, and reports differences."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray
from stakingmodels.engine.keep import Keep
from stakingmodels.engine.run import run_market
from stakingmodels.errors import (
    BookError,
    ConformanceError,
    InputError,
    InputTypeError,
    NumericalError,
    ScenarioWarning,
    StakingModelsError,
)
from stakingmodels.ledger import Outcome
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.testing.blame import line_of
from stakingmodels.testing.near import ABOUT_BOOKS, books_near
from stakingmodels.testing.snapshot import Snapshot

_HUGE = 1e100  # inputs beyond this may overflow
_NOT_THERE = ": is not in this market"  # a trial's markets have all that the product says it reads
AnyArray = np.ndarray[Any, np.dtype[Any]]
Numbers = Mapping[str, AnyArray]
"""Results of a run by name; the last axis of each array is the paths."""


@attrs.frozen(eq=False)
class Trial:
    """State of one running check.

    Attributes
    ----------
    check
        Its name, as in `CHECKS`.
    product, capital
        Product and capital that are run.
    snapshot
        Snapshot of the market given.
    """

    check: str
    product: Product
    capital: float
    snapshot: Snapshot

    @classmethod
    def of(cls, check: str, product: Product, market: Market, capital: float) -> "Trial":
        """A trial on a market."""
        where = f"CHECKS[{check!r}]"
        checks.instance(f"{where}: product", product, Product, 'Holding("ETH")')
        checks.instance(f"{where}: market", market, Market, 'Market(grid, {Price("ETH"): 3000.0})')
        return cls(check, product, capital, Snapshot.of(market, product.factors))

    def run(
        self, world: Market | Snapshot | None = None, *, product: Product | None = None, keep: Keep = "ledger"
    ) -> Outcome:
        """Run the product (or another in its place), with its step ledger, on the trial's market or another."""
        chosen = self.snapshot if world is None else world
        market = chosen if isinstance(chosen, Market) else chosen.market()
        thing = product or self.product
        # a run's own checks of its books would hide which of the checks finds a fault
        return self.attempt(lambda: run_market(thing, market, capital=self.capital, keep=keep, verified=False))

    def attempt(self, run: Callable[[], Outcome], what: str = "the run") -> Outcome:
        """Outcome of a run or quote; what it raises is told as a fault, unless the caller's input is to blame."""
        try:
            with checks.muted(ScenarioWarning):  # a rule may wait for a day after the end of a short market
                return run()
        except BookError as error:
            raise ConformanceError(self.message(f"{what} breaks off: {error}{line_of(error)}")) from error
        except NumericalError as error:
            if max((float(np.abs(rows).max()) for rows in self.snapshot.rows.values()), default=0.0) >= _HUGE:
                raise
            raise ConformanceError(self.message(f"the market is finite, but: {error}")) from error
        except InputTypeError as error:  # the caller's market and capital are of the right types
            raise ConformanceError(self.message(f"{what} breaks off: {error}{line_of(error)}")) from error
        except InputError as error:
            if _NOT_THERE not in str(error):
                raise
            undeclared = f"it reads {str(error).partition(_NOT_THERE)[0]}, which is not in `factors`; add it there"
            raise ConformanceError(self.message(undeclared)) from error
        except StakingModelsError:
            raise  # the caller's market or capital
        except Exception as error:
            text = f"{what} raised {type(error).__name__}: {error}{line_of(error)}"
            raise ConformanceError(self.message(text)) from error

    def message(self, text: str) -> str:
        """Message with the check and the product named before it."""
        return f"{self.check}: {checks.show(self.product)}: {text}"

    def fail(self, text: str, path: int | None = None, step: int | None = None) -> NoReturn:
        """Raise `ConformanceError` with this message; of a check of the books, with those around a step on a path."""
        message = self.message(text)
        if path is not None and self.check in ABOUT_BOOKS:
            message = f"{message}\n{books_near(self.run(), self.snapshot, path, step)}"
        raise ConformanceError(message)

    def same(self, got: Numbers, want: Numbers, when: str, paths: IntArray | None = None) -> None:
        """Fail where two sets of numbers differ in any bit; entries in only one of them count as 0 in the other.

        Parameters
        ----------
        got, want
            The numbers of two runs.
        when
            Text of the change between them, for the message.
        paths
            Indices in `want` of the paths of `got`; None if they are the same.
        """
        expected = want if paths is None else {name: array[..., paths] for name, array in want.items()}
        found = difference(got, expected)
        if found is not None:
            self.fail(f"{found} {when}")

    def close(self, what: str, got: FloatArray, want: FloatArray, slack: FloatArray) -> None:
        """Fail where an amount is further from another than `slack`, or not a number."""
        bad = ~(np.abs(got - want) <= slack)
        if bad.any():
            at = tuple(int(i) for i in np.argwhere(bad)[0])
            off = f"{float(got[at] - want[at]):.3g} off, {float(np.broadcast_to(slack, got.shape)[at]):.1g} allowed"
            self.fail(f"{what} {_place(at)} is {float(got[at])!r}, not {float(want[at])!r} ({off})", at[-1], _step(at))

    def at_least(self, what: str, got: FloatArray, least: FloatArray, step: int | None = None) -> None:
        """Fail where an amount is below another, or not a number; `step` is that of amounts of one step."""
        bad = ~(got >= least)
        if bad.any():
            at = tuple(int(i) for i in np.argwhere(bad)[0])
            bound = float(np.broadcast_to(least, got.shape)[at])
            where = _step(at) if step is None else step
            self.fail(f"{what} {_place(at)} is {float(got[at])!r}, below {bound!r}", at[-1], where)


def _step(at: tuple[int, ...]) -> int | None:
    """Step that ends at the time of a place in an array; None for the last."""
    return None if len(at) == 1 else at[0] - 1


def _place(at: tuple[int, ...]) -> str:
    """Position in an array as text; the first of two axes is the time."""
    return f"on path {at[-1]}" if len(at) == 1 else f"at time {at[0]} on path {at[-1]}"


def difference(got: Numbers, want: Numbers) -> str | None:
    """First difference between two sets of numbers as text; entries in only one count as 0 in the other."""
    for name in [*want, *(name for name in got if name not in want)]:
        one, two = got.get(name), want.get(name)
        one = np.zeros_like(two) if one is None else one
        two = np.zeros_like(one) if two is None else two
        if one.shape != two.shape:
            return f"{name} has the shape {one.shape}, not {two.shape},"
        differs = ~((one == two) | (np.isnan(one) & np.isnan(two)))
        if differs.any():
            at = tuple(int(i) for i in np.argwhere(differs)[0])
            return f"{name} {_place(at)} is {one[at].item()!r}, not {two[at].item()!r},"
    return None


def fields(outcome: Outcome) -> dict[str, AnyArray]:
    """Arrays of an outcome by name, those in its mappings included."""
    found: dict[str, AnyArray] = {}
    for field in attrs.fields(Outcome):
        value = getattr(outcome, field.name)
        name = field.name.removeprefix("_")
        if isinstance(value, np.ndarray):
            found[name] = value
        elif isinstance(value, Mapping):
            found |= {f"{name}[{key!r}]": array for key, array in value.items()}
    return found


def numbers(outcome: Outcome) -> dict[str, AnyArray]:
    """All results of a run: the arrays of its outcome and the units entered in each step and account."""
    return fields(outcome) | entered(outcome)


def entered(outcome: Outcome, first: int = -1, last: int | None = None) -> dict[str, AnyArray]:
    """Units entered in each account under each line, step by step, from step `first` to `last` (both included)."""
    found: dict[str, AnyArray] = {}
    for entry in outcome.entries or ():
        if first <= entry.step and (last is None or entry.step <= last):
            cause = "moves" if entry.line is None else repr(entry.line)
            mark = "" if entry.mark is None else f" marked {entry.mark}"
            name = f"step {entry.step}: {cause} of {entry.asset} in {entry.book}/{entry.place}{mark}"
            known = found.get(name)
            found[name] = entry.units if known is None else known + entry.units
    return found


def until(outcome: Outcome, time: int) -> dict[str, AnyArray]:
    """Results up to a grid time: the values up to it, and the entries of the steps that ended by then."""
    values = outcome.values
    past: dict[str, AnyArray] = {} if values is None else {"the value": values[: time + 1]}
    return past | entered(outcome, last=time - 1)
