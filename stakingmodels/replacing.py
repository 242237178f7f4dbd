"""`Replaceable`: a frozen object that can be copied with some of its terms replaced."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import attrs

from stakingmodels import checks


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
