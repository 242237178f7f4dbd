"""`Usual`: what an option is where it was not given."""


class Usual(str):
    """Text of an option that was not given."""

    __slots__ = ()


def is_given(value: object) -> bool:
    """Whether the value of an option stands in the line, even where it is the usual one."""
    return not (value is None or value == [] or isinstance(value, Usual))
