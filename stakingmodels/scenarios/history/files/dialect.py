"""What makers of daily files mean by a row: its day, its unit, and whether a rate is an APR, an APY or in percent.

Each dialect was proven as its `proof` says: ``files``, by the correlation of daily returns with a second source and by
levels, on files downloaded from 2018 to 2025; ``documents``, by the maker's own pages; ``code``, by the maker's
program; ``parsers``, by what several other programs do with such files. All were looked at on 2026-11-30.
"""

import datetime as dt

import attrs

from stakingmodels.words import Note

PRICES = ("Price", "MarketRatio")
RATES = ("StakingReward", "ExecutionReward", "CashRate")


@attrs.frozen(kw_only=True)
class Column:
    """How one series of a maker is read.

    Attributes
    ----------
    kinds : tuple of str
        The factors that it may be read as, by the names of their classes; empty for all.
    names : tuple of str
        Names of its column in lower case; empty for all.
    shift : int
        Days from the date of a row to the day whose close or mean it holds.
    since, shift_before : date, int
        From when `shift` holds, and what holds for rows dated before.
    instant : bool
        The row is a quote at the midnight nearest to its stamp: the beginning of its date.
    unit, rate : str
        As in `DailyFile`; empty for the unit of the factor.
    may_be_smoothed : bool
        Whether the maker offers a mean of 7 days under the same name.
    refused : str
        Why it is refused, if it is; empty otherwise.
    remark : str
        What the notes of a world say of it.
    """

    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    shift: int = 0
    since: dt.date | None = None
    shift_before: int = 0
    instant: bool = False
    unit: str = ""
    rate: str = ""
    may_be_smoothed: bool = False
    refused: str = ""
    remark: str = ""

    def in_words(self) -> Note:
        """Which day a row belongs to."""
        if self.since is None:
            return _day(self.shift)
        return Note("file.row_until", before=_day(self.shift_before), since=self.since, after=_day(self.shift))


def _day(shift: int) -> Note:
    return Note("file.row_is_day_of", days=shift) if shift else Note("file.row_is_day")


@attrs.frozen(kw_only=True)
class Dialect:
    """The files of a maker, told by the names of their columns.

    Attributes
    ----------
    maker : str
        Whose files they are, and which.
    header : tuple of str
        Names in lower case that all must be there; `others` says whether there may be more.
    columns : tuple of Column
        Rules; the first that fits the factor and the column's name holds.
    proof : str
        What the rules rest on.
    stamp : str
        ``"s"`` or ``"ms"`` where only epoch seconds or milliseconds are such a file; empty for any date.
    newest_first : bool
        Whether only a file with the newest row on top is one.
    sure : bool
        False where other makers use these names too: the reading is warned of.
    told_by : str
        A word in the name of the file that makes it sure all the same.
    asks : bool
        Whether anybody's file may look so, and the rows of this maker's lie on other days: the day must be said.
    """

    maker: str
    header: tuple[str, ...]
    columns: tuple[Column, ...] = (Column(),)
    proof: str
    others: bool = True
    stamp: str = ""
    newest_first: bool = False
    sure: bool = True
    told_by: str = ""
    asks: bool = False


RUNNING = Note("file.running_day")
SMOOTHED = Note("file.smoothed")
CANDLE = ("open", "high", "low", "close")
"""Names of a bar's prices."""
