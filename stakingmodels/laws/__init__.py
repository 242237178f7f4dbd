"""Laws of probability as plain functions of numbers and arrays; nothing here draws."""

__all__: list[str] = []  # used by the rooms above; no name of it is public
