"""`smallest`: a failure of a product on the smallest market that was found, told as Python text with its call."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import attrs
import numpy as np

from stakingmodels._types import AnyArray, IntArray
from stakingmodels.errors import ConformanceError, StakingModelsError
from stakingmodels.market import Event, Factor, Market, TimeGrid
from stakingmodels.products import Product
from stakingmodels.rates import APR
from stakingmodels.series import FrozenMap
from stakingmodels.testing.markets import unwarned
from stakingmodels.testing.snapshot import Snapshot

_TRIES = 40  # runs of a check
_LONGEST = 1_200  # characters of a market that is shown
_DAY = 86_400
CALL = "\ncall: "
"""Beginning of the line of a message that has the call."""

C = TypeVar("C", bound=Callable[..., None])


@attrs.frozen(eq=False)
class GivenMarket:
    """A market as series that can be written down: rates as `APR`, events as booleans, ``(n_times, n_paths)``."""

    grid: TimeGrid
    series: Mapping[Factor, AnyArray]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "GivenMarket":
        """Series of a snapshot, rates rounded to a millionth."""
        years = snapshot.grid.step_days[:, None] / 365.0
        found: dict[Factor, AnyArray] = {event: mask for event, mask in snapshot.strikes.items()}  # noqa: C416
        for factor, rows in snapshot.rows.items():
            found[factor] = np.round(rows / years, 6) if factor.is_rate else rows
        wide = {f: np.broadcast_to(rows, (len(rows), snapshot.n_paths)) for f, rows in found.items()}
        full = {f: rows if f.kind == "level" else np.concatenate([rows, rows[-1:]]) for f, rows in wide.items()}
        return cls(snapshot.grid, full)

    def market(self) -> Market:
        """The market."""
        return unwarned(self.grid, {f: APR(rows) if f.is_rate else rows for f, rows in self.series.items()})

    def simpler(self) -> Iterator["GivenMarket"]:
        """Shorter markets, those of fewer paths, and those of which one series stands still or has round numbers."""
        steps = self.grid.n_steps
        for time in sorted({1, 2, 4, 8, steps // 2, steps - 1} & {*range(1, steps)}):
            grid = TimeGrid(self.grid.times[: time + 1], min(self.grid.exit, time))
            yield GivenMarket(grid, {f: rows[: time + 1] for f, rows in self.series.items()})
        n = next(iter(self.series.values())).shape[1] if self.series else 1
        if n > 1:
            for paths in (np.arange(n // 2), np.arange(n // 2, n), np.arange(1, n), np.arange(n - 1)):
                yield self._of_paths(paths)
        for factor, rows in self.series.items():
            for other in (np.zeros_like(rows) if isinstance(factor, Event) else _still(rows), _rounded(rows)):
                if not np.array_equal(other, rows):
                    yield attrs.evolve(self, series={**self.series, factor: other})

    def _of_paths(self, paths: IntArray) -> "GivenMarket":
        return attrs.evolve(self, series={f: rows[:, paths] for f, rows in self.series.items()})

    def text(self) -> str:
        """The market as Python text."""
        texts = (f"{factor}: {_series_text(factor, rows)}" for factor, rows in sorted(self.series.items(), key=str))
        return f"Market({grid_text(self.grid)}, {{{', '.join(texts)}}})"


def _still(rows: AnyArray) -> AnyArray:
    return np.broadcast_to(rows[:1, :1], rows.shape).copy()


def _rounded(rows: AnyArray) -> AnyArray:
    """Numbers of two digits."""
    if rows.dtype == np.bool_:
        return rows
    return np.array([[float(f"{value:.2g}") for value in row] for row in rows])


def _series_text(factor: Factor, rows: AnyArray) -> str:
    if (rows == rows[:1, :1]).all():
        text = repr(rows[0, 0].item())
    else:
        text = f"np.array({rows[:, 0].tolist() if rows.shape[1] == 1 else rows.tolist()!r})"
    return f"APR({text})" if factor.is_rate else text


def grid_text(grid: TimeGrid) -> str:
    """A grid as Python text."""
    first = str(grid.times[0]).removesuffix("T00:00:00")
    if (grid.step_days == 1.0).all():
        rest = grid.n_steps - grid.exit
        settlement = f", settlement_days={rest}" if rest else ""
        return f'TimeGrid.daily("{first}", days={grid.exit}{settlement})'
    hours = np.round((grid.times - grid.times[0]).astype(np.int64) / 3_600, 6).tolist()
    whole = all(float(hour).is_integer() for hour in hours)
    if not whole:
        return f"TimeGrid(np.array({[str(each) for each in grid.times]!r}, 'M8[s]'), {grid.exit})"
    offsets = [int(hour) for hour in hours]
    return f'TimeGrid(np.datetime64("{first}", "s") + np.array({offsets}) * np.timedelta64(3600, "s"), {grid.exit})'


def smallest(
    check: Callable[[Market], None], product: Product, market: Market, error: ConformanceError
) -> tuple[ConformanceError, str]:
    """Failure of a check on the smallest market that was found, and the text of that market; empty if it is long."""
    if market.numeraire != "USD" or market.now().time_offsets is not None:
        return error, ""
    case = GivenMarket.of(Snapshot.of(market, product.factors))
    found = _fault(check, case, error)
    left, shown = _TRIES, ""
    while found is not None:
        error, found = found, None
        shown = case.text() if len(case.text()) <= _LONGEST else ""
        for each in case.simpler():
            left -= 1
            if left < 0:
                break
            found = _fault(check, each, error)
            if found is not None:
                case = each
                break
    return error, shown


def _fault(check: Callable[[Market], None], case: GivenMarket, known: ConformanceError) -> ConformanceError | None:
    """Failure of a check on a market, if it is the known one but for its numbers."""
    try:
        check(case.market())
    except ConformanceError as error:
        return error if _kind(error) == _kind(known) else None
    except StakingModelsError:
        return None
    return None


def _kind(error: ConformanceError) -> str:
    """First line of a message without steps, paths and amounts; of an entry's step, the line and account stay."""
    return re.sub(r"[-+]?\d[\d.e+-]*|inf|nan", "", str(error).partition("\n")[0])


def with_call(error: ConformanceError, call: str) -> ConformanceError:
    """The error, with the call that gives it in a line of its own, in place of another."""
    return ConformanceError(f"{str(error).partition(CALL)[0]}{CALL}{call}")


def told(table: str, known: Mapping[str, C]) -> Mapping[str, C]:
    """Checks by name, whose failures tell the call of the check alone, unless another call is put in its place."""
    return FrozenMap({name: _with_own_call(f"{table}[{name!r}]", check) for name, check in known.items()})


def _with_own_call(name: str, check: C) -> C:
    @functools.wraps(check)
    def run(thing: object, *arguments: object, **how: object) -> None:
        try:
            check(thing, *arguments, **how)
        except ConformanceError as error:
            texts = [python_text(thing), *map(_argument_text, arguments)]
            texts += [f"{key}={value!r}" for key, value in how.items()]
            raise with_call(error, f"{name}({', '.join(texts)})") from error.__cause__

    return run  # type: ignore[return-value]


def _argument_text(value: object) -> str:
    """A grid as Python text; a market by the name that it has in the signature."""
    return grid_text(value) if isinstance(value, TimeGrid) else "market"


def python_text(value: object) -> str:
    """Repr of an object in one line, which is Python text for frozen ones."""
    return " ".join(repr(value).split()).replace("( ", "(")
