"""Checks of what is posted to a book: lines that no position may post, costs and amounts out of range, shapes."""

import math
from typing import NoReturn

import numpy as np

from stakingmodels import checks
from stakingmodels._types import IntArray, PathValue
from stakingmodels.errors import BookError, InputTypeError
from stakingmodels.ledger.account import PAID_OUT, Account
from stakingmodels.ledger.lines import Line, LineShares
from stakingmodels.values import any_of, highest, lowest

OWN_LINES = frozenset({Line.PRICE, Line.DISCOUNT, Line.CONTRIBUTION})
"""Lines that the book posts itself: they follow from prices, marks and costs."""


def refuse_books(where: str, rule: str, value: object, hint: str = "") -> NoReturn:
    """Raise `BookError` with the standard message."""
    raise BookError(checks.message(where, rule, value, hint))


def check_cause(where: str, cause: LineShares) -> LineShares:
    """Check a line that a position posts.

    Or several, whose shares must all have their lines' signs or all the opposite.
    """
    shares = ((cause, 1.0),) if isinstance(cause, Line) else cause
    signs = set()
    for pair in shares if isinstance(shares, tuple) else ((shares, 1.0),):
        line, share = pair if isinstance(pair, tuple) and len(pair) == 2 else (pair, 1.0)
        if not isinstance(line, Line):
            raise InputTypeError(checks.message(where, "must be a Line, or pairs of a line and a share", line))
        check_line(where, line)
        signs.add(np.sign(line.sign * checks.real(f"{where}: share of {line!r}", share)))
    if {-1.0, 1.0} <= signs:
        rule = "shares must have the signs of their lines, or all the opposite"
        refuse_books(where, rule, cause, "a fee's is negative")
    return cause


def check_line(where: str, line: Line, *, takes: bool = False) -> None:
    """Refuse a line that only the book posts; and a gain where a cost, fee or loss is wanted."""
    if line in OWN_LINES:
        refuse_books(where, f"{line!r} is posted by the book alone", line, "name what caused the gain or loss")
    if takes and line.sign >= 0:
        refuse_books(where, "must be a line of cost, fee or loss", line, "Line.OPERATING")


def check_cost(
    line: Line, cost: PathValue, verb: str = "Book.trade", names: tuple[str, str] = ("line", "cost")
) -> None:
    """Refuse a fraction that is lost or taken outside [0, 1] on any path, and a line that takes nothing."""
    if line.sign >= 0 or line in OWN_LINES:  # a message only where it is needed: losses come one path at a time
        check_line(f"{verb}: {names[0]}", line, takes=True)
    least, most = lowest(cost), highest(cost)
    if not 0.0 <= least <= most <= 1.0:
        wrong = float(most if least >= 0.0 else least)
        refuse_books(f"{verb}: {names[1]}", "must be a fraction in [0, 1]", wrong, checks.fraction_hint(wrong))


def check_unpaid(where: str, account: Account) -> None:
    """Refuse to take money that has been paid out to the holder."""
    if account.place == PAID_OUT:
        raise BookError(checks.sentence(f"{where}: money paid out is the holder's, and no longer the product's", ""))


def check_charge(line: Line, amount: PathValue, n_paths: int, first: Account | None = None) -> None:
    """Refuse a negative charge on any path, a line that is no cost, and money that has been paid out."""
    check_line("Book.charge: line", line, takes=True)
    if first is not None:
        check_unpaid("Book.charge", first)
    check_units("Book.charge: amount", amount, n_paths)
    if not (least := lowest(amount)) >= 0.0:
        refuse_books("Book.charge: amount", "must be 0 or more", float(least), "a gain is posted: Book.post")


def check_units(where: str, units: PathValue, size: int) -> None:
    """Refuse units that are neither one finite number nor an array of `size`."""
    if isinstance(units, np.ndarray):
        if units.dtype.kind not in "fiub":
            raise InputTypeError(checks.message(where, "units must be numbers", units))
        if units.shape != (size,) and units.ndim:
            refuse_books(where, f"units must be one number or have the shape ({size},)", units)
    elif not isinstance(units, (float, int, np.floating, np.integer)):
        raise InputTypeError(checks.message(where, "units must be a number or an array, one per path", units))
    elif not math.isfinite(units):
        refuse_books(where, "units must be finite", float(units))


def check_paths(where: str, paths: IntArray, n_paths: int) -> None:
    """Refuse anything but an array of distinct path indices."""
    if not isinstance(paths, np.ndarray) or paths.ndim != 1 or paths.dtype.kind not in "iu":
        raise InputTypeError(checks.message(where, "paths must be an array of indices", paths, "np.nonzero(mask)[0]"))
    ordered = paths
    if paths.size > 1 and any_of(paths[1:] <= paths[:-1]):
        ordered = np.sort(paths)
        if (ordered[1:] == ordered[:-1]).any():
            refuse_books(where, "paths must stand there once each", paths.tolist()[:8], "np.unique")
    if paths.size and not (ordered[0] >= 0 and ordered[-1] < n_paths):
        refuse_books(where, f"paths must be in [0, {n_paths - 1}]", paths.tolist()[:8])
