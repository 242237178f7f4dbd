"""Meaning of a row in the files of known providers: its day, its unit, and its kind of rate (APR, APY, percent).

Each dialect was proven as its `proof` says: ``files``, by the correlation of daily returns with a second source and by
levels, on files downloaded from 2018 to 2025; ``documents``, by the provider's own pages; ``code``, by the provider's
program; ``parsers``, by the reading of such files in several other programs. All were checked on 2026-11-30.
"""

import datetime as dt

import attrs

from stakingmodels.words import Note

PRICES = ("Price", "MarketRatio")
RATES = ("StakingReward", "ExecutionReward", "CashRate")


@attrs.frozen(kw_only=True)
class Column:
    """Rule for reading one series of a provider.

    Attributes
    ----------
    kinds : tuple of str
        Factors that it may be read as, by the names of their classes; empty for all.
    names : tuple of str
        Names of its column in lower case; empty for all.
    shift : int
        Days from the date of a row to the day whose close or mean it holds.
    since, shift_before : date, int
        Date from which `shift` holds, and the shift of earlier rows.
    instant : bool
        Whether the row is a quote at the midnight nearest to its stamp: the beginning of its date.
    unit, rate : str
        As in `DailyFile`; empty for the unit of the factor.
    may_be_smoothed : bool
        Whether the provider offers a mean of 7 days under the same name.
    refused : str
        Reason for refusing it; empty if it is accepted.
    remark : str
        Text for the notes of a scenario.
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
        """Text on the day that a row belongs to."""
        if self.since is None:
            return _day(self.shift)
        return Note("file.row_until", before=_day(self.shift_before), since=self.since, after=_day(self.shift))


def _day(shift: int) -> Note:
    return Note("file.row_is_day_of", days=shift) if shift else Note("file.row_is_day")


@attrs.frozen(kw_only=True)
class Dialect:
    """Files of a provider, recognised by the names of their columns.

    Attributes
    ----------
    maker : str
        Provider and kind of file.
    header : tuple of str
        Names in lower case that must all be present; `others` says whether more are allowed.
    columns : tuple of Column
        Rules; the first that fits the factor and the column's name holds.
    proof : str
        Evidence for the rules.
    stamp : str
        ``"s"`` or ``"ms"`` if only epoch seconds or milliseconds identify such a file; empty for any date.
    newest_first : bool
        Whether only a file with the newest row on top matches.
    sure : bool
        False if other providers use these names too: the reading then gives a warning.
    told_by : str
        Word in the name of the file that makes it sure after all.
    asks : bool
        Whether files of other providers may look the same but have rows on other days: the day must then be given.
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
