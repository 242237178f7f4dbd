"""Numbers of a file's column: read exactly or refused."""

import math
import re
from collections.abc import Sequence

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import UnitWarning
from stakingmodels.scenarios.history.files.csv_table import Table, plain

_NO_VALUE = frozenset({"", "null", "none", "nan", "n/a", "-", "."})  # FRED writes a lone point
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\$?\d{1,3}(,\d{3})*(\.\d+)?", re.ASCII)
_PROOF = re.compile(r"[+-]?\$?\d{1,3}(,\d{3})+\.\d+", re.ASCII)
_LIKE_A_NUMBER = re.compile(r"[^\w]{0,3}\d[\d.,'\s]*([eE][+-]?\d+)?\s?[%A-Za-z]{0,2}", re.ASCII)
_POINT_AND_THREE = re.compile(r"\d{1,3}\.\d{3}", re.ASCII)
_LEADING_ZERO = re.compile(r"0\d*\.", re.ASCII)
_HINT = "write 1234.56, without separators or units"


def number_of(text: str) -> float | None:
    """Number in a cell; NaN for a cell without one, None for anything else."""
    if text.casefold() in _NO_VALUE:
        return float("nan")
    # float() alone would also take inf, 1_000 and the digits of other scripts
    if not _NUMBER.fullmatch(text) or not math.isfinite(number := float(text)):
        return None
    return number + 0.0  # -0.0 becomes 0.0


def looks_like_a_number(text: str) -> bool:
    """Whether a cell may be meant as a number: 3.5M, 1,234 or $5 too, but neither 0x51 nor a date nor an identifier."""
    return _LIKE_A_NUMBER.fullmatch(text) is not None


def read_numbers(table: Table, column: int, *, positive: bool) -> FloatArray:
    """Numbers of a column; NaN where a cell has none.

    A comma separates thousands if a cell of the column proves it, such as ``101,329.1``.

    Raises
    ------
    InputError
        With the line of the first cell that is no number, or is not above 0 where it must be.
    """
    cells = [row[column] for row in table.rows]
    by_thousands = any(_PROOF.fullmatch(cell) for cell in cells)
    values = np.empty(len(cells))
    for index, cell in enumerate(cells):
        digits = cell.replace(",", "").replace("$", "") if by_thousands and _THOUSANDS.fullmatch(cell) else cell
        value = number_of(digits)
        if value is None:
            checks.refuse(table.place(index, column), "must be a finite number", cell, _HINT)
        if positive and value <= 0.0:
            checks.refuse(table.place(index, column), "must be above 0", cell)
        values[index] = value
    _warn_of_points(table, column, cells)
    return values


def _warn_of_points(table: Table, column: int, cells: Sequence[str]) -> None:
    # a price may have three decimals throughout; but decimals that end in 0 are cut beside whole numbers,
    # and between semicolons a point separates thousands
    pointed = [cell for cell in cells if "." in cell.strip(".")]
    whole = next((cell for cell in cells if cell.isdecimal()), "")
    if not pointed or not (whole or table.delimiter == ";"):
        return
    if all(_POINT_AND_THREE.fullmatch(cell) and not _LEADING_ZERO.match(cell) for cell in pointed):
        beside = f" beside {checks.show(whole)}" if whole else ""
        text = f"{table.where}: {plain(table.header[column])}: every point has three digits after it, as in "
        text += f"{checks.show(pointed[0])}{beside}; does it part thousands? write 1002 without a point"
        checks.warn(text, UnitWarning)
