"""Laws of probability as plain functions of numbers and arrays; nothing here draws."""

__all__: list[str] = []  # what the rooms above need of them; no name of it is public
