"""Tables and labelled arrays for pandas and xarray, which are extras and imported on use."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stakingmodels.errors import MissingExtraError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def data_frame(
    where: str, columns: Mapping[str, Any], *, index: str, labels: Sequence[Any] | None = None
) -> "pd.DataFrame":
    """A pandas data frame of columns by name.

    Parameters
    ----------
    where
        Beginning of messages.
    columns
        Values by name, all of one length; copied.
    index
        Name of the index.
    labels
        Index; by default whole numbers from 0.

    Raises
    ------
    MissingExtraError
        Where pandas is not installed.
    """
    copies = {name: np.array(values) for name, values in columns.items()}
    frame = _pandas_frame(where)(copies, index=None if labels is None else list(labels))
    return frame.rename_axis(index=index)


def frame_of_rows(
    where: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, index: str = "product"
) -> "pd.DataFrame":
    """A pandas data frame of rows with the same keys, one of which is the index.

    Raises
    ------
    MissingExtraError
        Where pandas is not installed.
    """
    return _pandas_frame(where)(rows, columns=list(columns)).set_index(index)


def dataset(
    where: str,
    variables: Mapping[str, tuple[Sequence[str], Any]],
    coordinates: Mapping[str, Any],
    attributes: Mapping[str, Any],
) -> "xr.Dataset":
    """An xarray dataset of variables by name.

    Parameters
    ----------
    where
        Beginning of messages.
    variables
        Dimensions and values by name; copied.
    coordinates
        Labels by dimension.
    attributes
        Plain numbers and text that describe it.

    Raises
    ------
    MissingExtraError
        Where xarray is not installed.
    """
    try:
        import xarray as xr
    except ImportError as error:
        raise MissingExtraError(f"{where}: needs xarray; pip install 'stakingmodels[xarray]'") from error
    data = {name: (tuple(dims), np.array(values)) for name, (dims, values) in variables.items()}
    return xr.Dataset(data, dict(coordinates), dict(attributes))


def _pandas_frame(where: str) -> "type[pd.DataFrame]":
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError(f"{where}: needs pandas; pip install 'stakingmodels[pandas]'") from error
    return pd.DataFrame
