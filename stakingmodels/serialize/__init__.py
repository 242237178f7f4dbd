"""Things in files: products, scenarios, grids and assumption sets as JSON, read strictly; nothing is evaluated."""

from stakingmodels.numerics import entrances
from stakingmodels.serialize.things import SCHEMA, dumps, load, loads, save

__all__ = ["SCHEMA", "dumps", "load", "loads", "save"]

entrances(__name__)
