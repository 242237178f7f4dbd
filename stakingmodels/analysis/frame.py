"""`data_frame`: rows as a pandas data frame."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stakingmodels.errors import MissingExtraError

if TYPE_CHECKING:
    import pandas as pd


def data_frame(where: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> "pd.DataFrame":
    """One row a product, by name, and the other columns in order.

    Raises
    ------
    MissingExtraError
        Where pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError(f"{where}: needs pandas; pip install 'stakingmodels[pandas]'") from error
    return pd.DataFrame(rows, columns=list(columns)).set_index("product")
