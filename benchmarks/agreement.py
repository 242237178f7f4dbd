"""Whether the kernels do the same work: on the same paths, every sum of theirs must be the library's."""

import numpy as np
import numpy.typing as npt

from benchmarks import runs, worlds
from benchmarks.fused import Figures
from benchmarks.sides import KERNELS, Given, given_paths
from benchmarks.terms import kernel_terms, kernel_world
from stakingmodels.ledger import Group, Line, Outcome

TOLERANCE = 1e-9
_PATHS = 1000
_ASSETS = {"eth": "ETH", "btc": "BTC", "usd": "USD"}
_NAMES = {"returned": "proceeds", "drawdown": "max_drawdown"}
_RUNNING = (Line.COMMISSION, Line.PROTOCOL, Line.OPERATING, Line.ELECTRICITY)


def run(name: str, given: Given) -> Outcome:
    """A product of the library on given paths."""
    product = worlds.dear(name) if given.hard else worlds.PRODUCTS[name]
    return product.run(given.market, capital=worlds.CAPITAL)


def read(outcome: Outcome, field: str) -> npt.NDArray[np.float64]:
    """What an outcome has under a kernel's name for it, such as ``commission_eth``; 0 where nothing was booked."""
    name, _, suffix = field.rpartition("_")
    zero = np.zeros(outcome.n_paths)
    if suffix in _ASSETS:
        return outcome.native.get((Line[name.upper()], _ASSETS[suffix]), zero)
    if suffix == "coins":
        return outcome.coins.get(Line[name.upper()], zero)
    if field.upper() in Line.__members__:
        return outcome.lines.get(Line[field.upper()], zero)
    return np.asarray(getattr(outcome, _NAMES.get(field, field)))


def left_out(outcome: Outcome, fields: tuple[str, ...]) -> list[str]:
    """Sums that the library keeps and the kernel does not."""
    names = [f"{line.name}_{asset}".lower() for line, asset in outcome.native]
    names += [f"{line.name}_coins".lower() for line in outcome.coins]
    in_money = [line for line in outcome.lines if f"{line.name}_usd".lower() not in fields]
    return [name for name in [*names, *(line.name.lower() for line in in_money)] if name not in fields]


def differences(name: str, given: Given) -> dict[str, float]:
    """For each sum of a product, the largest difference over the paths, relative to the sum's largest value."""
    kernel = KERNELS[name]
    outcome = run(name, given)
    if missing := left_out(outcome, kernel.sums._fields):
        raise AssertionError(f"{name}: the kernel keeps no sum for {', '.join(missing)}")
    sums = _sums(name, given, kernel.book, len(kernel.sums._fields))
    return {field: _apart(read(outcome, field), row) for field, row in zip(kernel.sums._fields, sums, strict=True)}


def fused_differences(name: str, given: Given) -> dict[str, float]:
    """The same for what the kernel without a ledger keeps."""
    outcome = run(name, given)
    ours = Figures(
        kept=outcome.closing - outcome.contributions,
        drawdown=outcome.max_drawdown,
        rewards=sum((v for (line, _), v in outcome.native.items() if line.group is Group.REWARD), np.zeros(1)),
        costs=-sum((outcome.lines[line] for line in _RUNNING if line in outcome.lines), np.zeros(1)),
        days_to_cash=outcome.days_to_cash,
    )
    sums = _sums(name, given, KERNELS[name].fused, len(Figures._fields))
    return {field: _apart(mine, row) for field, mine, row in zip(Figures._fields, ours, sums, strict=True)}


def _sums(name: str, given: Given, book: object, fields: int) -> npt.NDArray[np.float64]:
    terms = kernel_terms(worlds.dear(name) if given.hard else worlds.PRODUCTS[name], luck=False)
    sums = np.empty((given.market.n_paths, fields))
    runs.given(book)(given.rows, given.strikes, kernel_world(), terms, sums)
    return sums.T


def _apart(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> float:
    if (np.isfinite(ours) != np.isfinite(theirs)).any():
        return float("inf")
    ours, theirs = (np.where(np.isfinite(side), side, 0.0) for side in (ours, theirs))
    scale = max(float(np.abs(ours).max()), float(np.abs(theirs).max()), np.finfo(float).tiny)
    return float(np.abs(ours - theirs).max()) / scale


def worst() -> float:
    """The largest difference over all products and sums, in the usual world and a hard one."""
    given = [given_paths(_PATHS, hard=hard) for hard in (False, True)]
    return max(
        max(compared(name, paths).values())
        for compared in (differences, fused_differences)
        for name in worlds.PRODUCTS
        for paths in given
    )
