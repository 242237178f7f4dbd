"""Inputs made by a rule: a number from SHA-256 of the names of vector, case and argument, the same everywhere."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen
class Case:
    """One case of a vector, which draws the arguments by their names."""

    vector: str
    number: int

    def integer(self, argument: str, low: int, high: int) -> int:
        """A whole number of low to high: each length in bits is as likely as another; the first cases are the ends."""
        if self.number < 2:
            return (low, high)[self.number]
        seed = self._seed(argument)
        bits = low.bit_length() + seed % (high.bit_length() - low.bit_length() + 1)
        return min(max((seed >> 32) % (1 << bits), low), high)

    def number_of(self, argument: str, low: float, high: float, places: int = 4) -> float:
        """A decimal number of low to high with few places."""
        share = (self._seed(argument) >> 64) % 1_000_001 / 1_000_000
        return round(low + (high - low) * share, places)

    def choice(self, argument: str, among: Sequence[T]) -> T:
        """One of several."""
        return among[(self._seed(argument) >> 16) % len(among)]

    def _seed(self, argument: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.vector}/{self.number}/{argument}".encode()).digest(), "big")
