"""Things in files: products, scenarios and assumption sets as JSON, results with their arrays; nothing is evaluated."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.serialize.convert import converter
from stakingmodels.serialize.repeated import Repeat, repeat
from stakingmodels.serialize.schemas import schema
from stakingmodels.serialize.things import SCHEMA, dumps, load, loads, save
from stakingmodels.serialize.toml import to_toml

__all__ = ["SCHEMA", "Repeat", "converter", "dumps", "load", "loads", "repeat", "save", "schema", "to_toml"]

displays(__name__)
entrances(__name__)
