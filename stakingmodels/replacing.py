"""`Replaceable`: a frozen object that can be copied with some of its terms replaced."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import attrs

from stakingmodels import checks
from stakingmodels.errors import InputError


class Replaceable:
    """A frozen attrs class with `replace`; Python 3.13's ``copy.replace`` works too."""

    __slots__ = ()

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        setattr(cls, "__replace__", Replaceable.replace)  # noqa: B010  # attrs' own suggests no near names

    def replace(self, **terms: Any) -> Self:
        """A copy with some terms replaced, checked again.

        Parameters
        ----------
        **terms
            Values by name. Terms not named keep their values, defaults included.

        Raises
        ------
        UnknownNameError
            For a name that is no term, with the nearest one.
        InputError
            For a value that the constructor refuses.
        """
        known = [field.alias for field in attrs.fields(type(self)) if field.init]
        for name in terms:
            if name not in known:
                checks.refuse_name(f"{type(self).__name__}.replace: name of a term", name, known)
        itself: Any = self
        changed: Self = attrs.evolve(itself, **terms)
        return changed

    __replace__ = replace


def given_terms(owner: Any) -> dict[str, Any]:
    """Terms of a frozen attrs object that differ from their defaults, by the names of its arguments.

    A default that another term sets is left out too, so that an object made of these terms, with one of them changed,
    gets the default that belongs to the change.
    """
    fields = [field for field in attrs.fields(type(owner)) if field.init]
    values = {field.alias: getattr(owner, field.name) for field in fields}
    return {field.alias: values[field.alias] for field in fields if values[field.alias] != default_of(field, owner)}


def default_of(field: "attrs.Attribute[Any]", owner: Any) -> Any:
    """Default of a field of an object, `attrs.NOTHING` where there is none for these terms."""
    default: Any = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        try:
            return default.factory(owner) if default.takes_self else default.factory()
        except InputError:  # there is no default for these terms
            return attrs.NOTHING
    return default
