"""Types of fields, by which files are read: also those that stand behind a name of a type."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from stakingmodels.serialize.fitting import misfit, plain_type
from stakingmodels.serialize.schemas import _Schemas

COUNT = SimpleNamespace(__value__=int)  # as a `type` statement of Python 3.12 makes it, and numpy 2.5 for NDArray
COUNTS = SimpleNamespace(__value__=COUNT)


def test_names_of_types_stand_for_their_type():
    assert plain_type(COUNTS) is int
    assert plain_type(float) is float


def test_a_value_is_held_to_the_type_behind_its_name():
    assert misfit(3, COUNTS) == ""
    assert misfit("3", COUNTS) == "int"
    assert misfit("3", NDArray[np.float64]) == "ndarray"
    assert misfit(np.ones(2), NDArray[np.float64]) == ""


@pytest.mark.parametrize(("annotation", "schema"), [(COUNTS, {"type": "integer"}), (int, {"type": "integer"})])
def test_a_schema_is_of_the_type_behind_its_name(annotation, schema):
    assert _Schemas().of(annotation, {}) == schema


def test_arrays_are_arrays_whichever_numpy_names_them():
    assert _Schemas().of(NDArray[np.float64], {}) == {"$ref": "#/$defs/array"}
