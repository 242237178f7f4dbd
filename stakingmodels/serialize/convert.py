"""`converter`: things within structures of your own, by a cattrs converter."""

import types
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from stakingmodels import checks
from stakingmodels.errors import MissingExtraError
from stakingmodels.market import Factor
from stakingmodels.products import Product, Rule
from stakingmodels.scenarios import Scenario
from stakingmodels.serialize.arrays import InlineArrays
from stakingmodels.serialize.fitting import plain_type
from stakingmodels.serialize.jsontext import TEXT_LIMIT
from stakingmodels.serialize.kinds import kinds_of
from stakingmodels.serialize.reading import Reader
from stakingmodels.serialize.runs import READERS, WRITERS
from stakingmodels.serialize.writing import Writer

if TYPE_CHECKING:
    from cattrs import Converter

_BASES = (Factor, Product, Rule, Scenario)


def converter(classes: Iterable[type[Any]] = ()) -> "Converter":
    """A cattrs converter that knows the library's classes, for structures of your own that hold them.

    It writes and reads them as `dumps` and `loads` do, without the version and the schema number; your own attrs
    classes and dataclasses around them are held to their fields, and unknown keys are refused.

    Parameters
    ----------
    classes
        As in `dumps`.

    Raises
    ------
    MissingExtraError
        Where cattrs is not installed.

    Examples
    --------
    >>> import attrs
    >>> from stakingmodels import Product, StakingPool, serialize
    >>> @attrs.frozen
    ... class Order:
    ...     customer: str
    ...     product: Product
    >>> converter = serialize.converter()
    >>> plain = converter.unstructure(Order("A", StakingPool("ETH")))
    >>> plain["product"]["kind"], converter.structure(plain, Order) == Order("A", StakingPool("ETH"))
    ('StakingPool', True)
    """
    kinds = kinds_of("converter", classes)
    try:
        from cattrs import Converter
    except ImportError as error:
        raise MissingExtraError("serialize.converter: needs cattrs; pip install 'stakingmodels[files]'") from error

    def is_ours(kind: Any) -> bool:
        kind = plain_type(kind)
        if get_origin(kind) in (Union, types.UnionType):
            known = [each for each in get_args(kind) if each is not type(None)]
            return len(known) > 1 and all(map(is_ours, known))
        return isinstance(kind, type) and (kinds.get(kind.__name__) is kind or kind in _BASES)

    def structure(plain: Any, kind: Any) -> Any:
        where = "converter"
        found = Reader(kinds, InlineArrays(TEXT_LIMIT), READERS).value(where, plain)
        if not isinstance(found, kind):
            words = getattr(kind, "__name__", str(kind))
            checks.refuse_type(where, f"must be {words}", plain)
        return found

    def unstructure(thing: Any) -> Any:
        return Writer("converter", kinds, InlineArrays(), WRITERS).value(type(thing).__name__, thing)

    made = Converter(forbid_extra_keys=True, detailed_validation=False)
    made.register_structure_hook_func(is_ours, structure)
    made.register_unstructure_hook_func(is_ours, unstructure)
    return made
