"""Things in files: products, scenarios and assumption sets as JSON, results with their arrays; nothing is evaluated."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.serialize.repeated import Repeat, repeat
from stakingmodels.serialize.things import SCHEMA, dumps, load, loads, save

__all__ = ["SCHEMA", "Repeat", "dumps", "load", "loads", "repeat", "save"]

displays(__name__)
entrances(__name__)
