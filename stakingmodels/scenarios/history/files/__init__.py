"""Daily series from users' files and objects: read by the rules of their providers, or refused with the line."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.scenarios.history.files.daily import DailySeries
from stakingmodels.scenarios.history.files.frames import daily_series
from stakingmodels.scenarios.history.files.reading import DailyFile, read_daily

__all__ = ["DailyFile", "DailySeries", "daily_series", "read_daily"]

displays(__name__)
entrances(__name__)
