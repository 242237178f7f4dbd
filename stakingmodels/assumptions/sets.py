"""`AssumptionSet`: the numbers behind products and scenario as one named, dated, hashed value."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.assumptions.assumption import Assumption, basis_note, judged_range
from stakingmodels.assumptions.drawing import drawn
from stakingmodels.assumptions.known import CHECKS, KINDS, meaning
from stakingmodels.assumptions.written import toml_of
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.errors import UnknownNameError
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_KEY_LIMIT = 80
_RESERVED = ("name", "date", "based_on")
_SHORT = 8


def _numbers(value: object) -> Mapping[str, Assumption]:
    where, how = "AssumptionSet.numbers", '{"exploit.hazard": judged(0.01, worse="high", date="2026-11")}'
    if not isinstance(value, Mapping) or not value:
        checks.refuse_type(where, f"must be a mapping such as {how}", value)
    for key, number in value.items():
        if not isinstance(key, str) or len(key) > _KEY_LIMIT or not _KEY.fullmatch(key) or key in _RESERVED:
            checks.refuse(where, "keys must be dotted names in lower case, such as exploit.hazard", key)
        checks.instance(f"{where}: {key}", number, Assumption, how)
        if key in KINDS:
            for end in ("low", "base", "high"):
                CHECKS[KINDS[key]](f"{where}: {key}: {end}", getattr(number, end))
    for key in value:
        for group in value:
            if key.startswith(f"{group}."):
                checks.refuse(where, f"must not have a number {group} beside {key}", sorted((group, key)))
    return FrozenMap(dict(value))


def _day(where: str, value: object) -> str:
    text = checks.text(where, value)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        checks.refuse(where, "must be a day such as 2026-11-30", value)
    return text


@attrs.frozen(kw_only=True, eq=False, repr=False)
class AssumptionSet(ByValue, Shown):
    """Assumed, measured and quoted numbers of products and scenario, as one value with a name, a day and a hash.

    Parameters
    ----------
    name
        Name, such as ``"2026.11"``.
    date
        Day on which it was made, such as ``"2026-11-30"``.
    numbers
        Numbers by key, a dotted name such as ``"exploit.hazard"``. A key of the library's own sets has bounds: a
        hazard is in [0, 1000], a fraction in [0, 1].

    Raises
    ------
    InputError
        For a key that is no dotted name, and a number out of the bounds of its kind.

    Examples
    --------
    >>> from stakingmodels.assumptions import assumption_set
    >>> ours = assumption_set()
    >>> mine = ours.changed("mine", {"exploit.hazard": 0.02})
    >>> mine["exploit.hazard"].base, mine.digest == ours.digest
    (0.02, False)
    """

    name: str = attrs.field(validator=checks.TEXT)
    date: str = attrs.field(validator=checks.field(_day))
    numbers: Mapping[str, Assumption] = attrs.field(converter=_numbers)

    def __getitem__(self, key: str) -> Assumption:
        """Number of a key.

        Raises
        ------
        UnknownNameError
            For a key that the set does not have, with the nearest.
        """
        if key not in self.numbers:
            self._refuse(key)
        return self.numbers[key]

    def __contains__(self, key: object) -> bool:
        return key in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def _refuse(self, key: object) -> None:
        near = checks.nearest(key, self.numbers) if isinstance(key, str) else ""
        hint = f"did you mean {near!r}?" if near else "print(set) lists its numbers"
        raise UnknownNameError(checks.message(f"assumption set {self.name}", "must be one of its numbers", key, hint))

    @property
    def digest(self) -> str:
        """SHA-256 of the content in hexadecimal digits: of the day, and of every number with all its fields.

        The content is written as JSON in ASCII with sorted keys and no blanks, numbers as Python's ``repr`` of a float
        writes them. The name is left out, so that a copy under another name has the same digest.
        """
        content = {"date": self.date, "numbers": {key: attrs.asdict(each) for key, each in self.numbers.items()}}
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    @property
    def label(self) -> str:
        """Name with the first eight digits of the digest, as tables and files name it: ``2026.11 (1a2b3c4d)``."""
        return f"{self.name} ({self.digest[:_SHORT]})"

    def changed(
        self,
        name: str,
        values: Mapping[str, float | Assumption],
        *,
        date: str | None = None,
        evidence: str = "changed by hand",
        source: str = "the user",
    ) -> "AssumptionSet":
        """A copy under another name, with some numbers replaced.

        Parameters
        ----------
        name
            Name of the copy.
        values
            New numbers by key: an `Assumption`, or the new usual value alone. Then a judged range is judged again
            around it, and any other is stretched to hold it.
        date
            Day on which the copy is made, and of the numbers given by value; by default the day of this set.
        evidence, source
            Evidence and source of the numbers given by value.

        Raises
        ------
        UnknownNameError
            For a key that this set does not have.
        """
        day = self.date if date is None else date
        if not isinstance(values, Mapping):
            checks.refuse_type("changed: values", 'must be a mapping such as {"exploit.hazard": 0.02}', values)
        new: dict[str, Assumption] = {}
        for key, value in values.items():
            old = self[key]
            if isinstance(value, Assumption):
                new[key] = value
            else:
                base = CHECKS[KINDS[key]](key, value) if key in KINDS else checks.real(key, value)
                low, high = _range(key, old, base)
                new[key] = Assumption(
                    low=low,
                    base=base,
                    high=high,
                    worse=old.worse,
                    basis="assumed",
                    evidence=evidence,
                    source=source,
                    date=day,
                )
        return AssumptionSet(name=name, date=day, numbers={**self.numbers, **new})

    def draw(self, rng: RNGLike = None) -> "AssumptionSet":
        """A copy with every number drawn from its range, independently.

        Half of the draws of a number lie on either side of its usual value, which is so their median. A measured number
        has on each side the half of a normal law whose 2.5 and 97.5 % are the ends of the range. Any other is uniform
        from the usual value to the end: a hazard in its logarithm, a fraction in the logarithm of its odds, as it is
        `judged`, where the end allows it. Correlations that contradict each other (not positive definite) are moved
        back towards those of this set, by halving the distance until they do not.

        Parameters
        ----------
        rng
            Seed or generator. Each number has a stream of its own, in the order of keys.
        """
        bases = drawn({key: self.numbers[key] for key in sorted(self.numbers)}, rng)
        numbers = {key: _moved(each, bases[key]) for key, each in self.numbers.items()}
        return AssumptionSet(name=f"{self.name} drawn", date=self.date, numbers=numbers)

    def to_toml(self) -> str:
        """Text of a TOML file from which `assumption_set` reads an equal set."""
        return toml_of(self.name, self.date, self.numbers)

    def to_dict(self) -> dict[str, Any]:
        """Name, day, digest and numbers as plain numbers and text, fit for JSON."""
        numbers = {key: attrs.asdict(each) for key, each in self.numbers.items()}
        return {"name": self.name, "date": self.date, "digest": self.digest, "numbers": numbers}

    def table(self, keys: Iterable[str] | None = None) -> Table:
        """Table of the numbers: key, meaning, range, worse end, basis, source; of some keys only, if given."""
        columns = [Note(f"assumptions.column.{each}") for each in ("key", "meaning", "low", "base", "high", "basis")]
        cells = [
            (key, meaning(key), *_figures(self[key]), basis_note(self[key].basis))
            for key in (self.numbers if keys is None else keys)
        ]
        title, notes = Note("assumptions.title", label=self.label, date=self.date), [Note("assumptions.worse")]
        return Table(title, columns, cells, notes, left=2)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _figures(number: Assumption) -> tuple[str, str, str]:
    low, base, high = (f"{x:,.7g}" for x in (number.low, number.base, number.high))
    if number.low == number.high:
        return low, base, high
    return (f"{low} *", base, high) if number.worse == "low" else (low, base, f"{high} *")


def _range(key: str, old: Assumption, base: float) -> tuple[float, float]:
    """Range around a new usual value: judged again where the old one was, otherwise stretched to hold it."""
    kind = KINDS.get(key)
    if kind in ("hazard", "fraction") and (old.low, old.high) == judged_range(old.base, kind):
        return judged_range(base, kind)
    return min(old.low, base), max(old.high, base)


def _moved(number: Assumption, base: float) -> Assumption:
    """Number with a drawn value, taken as known."""
    return attrs.evolve(number, low=base, base=base, high=base, n_events=None, exposure_years=None, trials=None)
