"""Typed names of the series that a market consists of. Each says how a step reads it: its `kind`.

A new driver of products is a frozen subclass here, with its kind and, if it has one, its lower bound.
"""

import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal, TypeVar

import attrs

from stakingmodels import checks
from stakingmodels.display import cut

V = TypeVar("V")

Kind = Literal["level", "interval", "event"]
_TEXT = re.compile(r"""(?P<kind>[A-Za-z_]\w*)\((?P<quote>["']?)(?P<name>[^"'()]+)(?P=quote)\)""")


@attrs.frozen(cache_hash=True)
class Factor:
    """Base of all factors: a name and the kind of thing it names.

    ``level`` is read at the interval's end (row k+1); ``interval`` is row k, held over [k, k+1), and a rate arrives as
    the fraction accrued; ``event`` says whether it occurs in the interval.
    """

    name: str = attrs.field(validator=checks.TEXT)

    kind: ClassVar[Kind] = "level"
    is_rate: ClassVar[bool] = False
    optional: ClassVar[bool] = False
    rescales: ClassVar[bool] = False
    minimum: ClassVar[float] = 0.0
    zero_allowed: ClassVar[bool] = True
    example: ClassVar[str] = "1.0"
    stream: ClassVar[str] = ""

    @property
    def stream_name(self) -> str:
        """Key of its random stream; part of the seed contract, so it stays when the class is renamed."""
        return f'{self.stream or type(self).__name__}("{self.name}")'

    def __str__(self) -> str:
        return f'{type(self).__name__}("{self.name}")'

    def __repr__(self) -> str:
        given = ((f.name, getattr(self, f.name)) for f in attrs.fields(type(self))[1:])
        more = "".join(f", {name}={value!r}" for name, value in given if value is not None)
        return cut(f'{type(self).__name__}("{self.name}"{more})')


@attrs.frozen(cache_hash=True)
class Price(Factor):
    """Price of one coin in the market's numeraire, at the end of the interval; 0 or more."""

    rescales: ClassVar[bool] = True
    example: ClassVar[str] = "3000.0"


@attrs.frozen(cache_hash=True)
class MarketRatio(Factor):
    """Market price of a liquid token in units of its underlying coin; 0 or more, above 1 is a premium."""


@attrs.frozen(cache_hash=True)
class Difficulty(Factor):
    """Proof-of-work difficulty of a chain; above 0. A block takes ``difficulty * 2**32`` hashes on average."""

    zero_allowed: ClassVar[bool] = False
    rescales: ClassVar[bool] = True
    example: ClassVar[str] = "1.5e14"


@attrs.frozen(cache_hash=True)
class Hashrate(Factor):
    """Hash rate of a whole network in TH/s; above 0. Scenarios turn it into `Difficulty`."""

    zero_allowed: ClassVar[bool] = False
    rescales: ClassVar[bool] = True
    example: ClassVar[str] = "1.0e9"


@attrs.frozen(cache_hash=True)
class BlockFees(Factor):
    """Transaction fees that one block pays to its miner, in coins; 0 or more."""

    kind: ClassVar[Kind] = "interval"
    example: ClassVar[str] = "0.02"


@attrs.frozen(cache_hash=True)
class PowerPrice(Factor):
    """Price of electricity in US dollars per kWh, whatever the numeraire; 0 or more. Its name is a place or tariff.

    It is what machines pay for a kWh at the meter, network charges and levies included, averaged over an interval.
    Hours of a wholesale market below 0 count in the average; an average below 0 is refused, because money paid for
    taking power is an income that no bill covers: write 0 for such a day.
    """

    example: ClassVar[str] = "0.05"


@attrs.frozen(cache_hash=True)
class StakingReward(Factor):
    """Reward rate of a chain for the average validator, before commissions: an `APR` or `APY`.

    Consensus and execution rewards together; `ExecutionReward` gives the latter's part. Like observed rates, it is net
    of the average validator's losses from being offline: a validator of average performance earns exactly this.
    """

    kind: ClassVar[Kind] = "interval"
    is_rate: ClassVar[bool] = True
    minimum: ClassVar[float] = -1.0
    zero_allowed: ClassVar[bool] = False
    example: ClassVar[str] = "APR(0.028)"


@attrs.frozen(cache_hash=True)
class ExecutionReward(Factor):
    """Part of a chain's `StakingReward` from tips and MEV: an `APR` or `APY`. A market without it has no such part."""

    kind: ClassVar[Kind] = "interval"
    is_rate: ClassVar[bool] = True
    optional: ClassVar[bool] = True
    minimum: ClassVar[float] = -1.0
    zero_allowed: ClassVar[bool] = False
    example: ClassVar[str] = "APR(0.001)"


@attrs.frozen(cache_hash=True)
class CashRate(Factor):
    """Risk-free rate earned by cash of a currency: an `APR` or `APY`. A market without it pays nothing."""

    kind: ClassVar[Kind] = "interval"
    is_rate: ClassVar[bool] = True
    optional: ClassVar[bool] = True
    minimum: ClassVar[float] = -1.0
    zero_allowed: ClassVar[bool] = False
    example: ClassVar[str] = "APY(0.04)"


@attrs.frozen(cache_hash=True)
class EntryWait(Factor):
    """Days from joining a chain's activation queue to its end, by the time of joining; 0 or more.

    Waits after the queue, such as the first sweep, are not included.
    """

    example: ClassVar[str] = "5.0"


@attrs.frozen(cache_hash=True)
class ExitWait(Factor):
    """Days from joining a chain's exit queue to its end, by the time of joining; 0 or more.

    Waits after the queue, such as the withdrawability delay and the sweep, are not included.
    """

    example: ClassVar[str] = "5.0"


@attrs.frozen(cache_hash=True)
class ActiveStake(Factor):
    """Coins that a chain's validators have active; above 0."""

    stream: ClassVar[str] = "Staked"

    zero_allowed: ClassVar[bool] = False
    example: ClassVar[str] = "35.4e6"


@attrs.frozen(cache_hash=True)
class StakingQueue(Factor):
    """Coins that wait to be staked (above 0) or to leave (below 0)."""

    minimum: ClassVar[float] = -math.inf
    example: ClassVar[str] = "0.0"


HAZARD_LIMIT = 1_000.0
"""Largest hazard a year: events more frequent than three a day should be modelled as a rate."""


def _hazard(where: str, value: object) -> float:
    return checks.non_negative(where, value, HAZARD_LIMIT)


@attrs.frozen(cache_hash=True)
class Event(Factor):
    """A named event that may occur in an interval; events of the same name occur together.

    Parameters
    ----------
    name
        Such as ``"custodian:x"``.
    hazard
        Default intensity a year (365 days), used by scenarios that set none themselves. It does not make events
        different: one name with two hazards in a run is an error.
    """

    hazard: float | None = attrs.field(default=None, eq=False, validator=checks.field(_hazard, optional=True))

    kind: ClassVar[Kind] = "event"
    example: ClassVar[str] = "False"

    @property
    def drawn_as(self) -> str:
        """Name under which its occurrences are drawn; another's, for a variant of that event."""
        return self.name

    def __str__(self) -> str:
        return f'Event("{self.name}")'


FactorLike = Factor | str
"""A factor, or its text: ``Price("ETH")``, ``'Price("ETH")'`` or ``"Price(ETH)"``."""
_HOW = 'a factor such as Price("ETH")'


def as_factor(where: str, value: object, how: str = _HOW) -> Factor:
    """The factor itself, or the factor of a text such as ``"Price(ETH)"``.

    Raises
    ------
    InputTypeError
        For anything else.
    UnknownNameError
        For a text of a kind that there is not, with the nearest.
    """
    found = _TEXT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return checks.instance(where, value, Factor, how)
    kinds = {kind.__name__: kind for kind in _below(Factor)}
    if found["kind"] not in kinds:
        checks.refuse_name(where, found["kind"], kinds)
    return kinds[found["kind"]](found["name"])


def is_factor_text(value: object) -> bool:
    """Whether it is a text such as ``"Price(ETH)"``."""
    return isinstance(value, str) and _TEXT.fullmatch(value.strip()) is not None


def factor_keys(where: str, given: Mapping[Any, V], how: str = f"{_HOW} as key") -> dict[Factor, V]:
    """A copy of a mapping by factor, in which texts stand for their factors."""
    return {as_factor(where, factor, how): value for factor, value in given.items()}


def _below(kind: type[Factor]) -> Iterator[type[Factor]]:
    """The kinds of factors that modules define. attrs makes classes anew, and leaves the first behind."""
    for each in kind.__subclasses__():
        if getattr(sys.modules.get(each.__module__), each.__name__, None) is each:
            yield each
        yield from _below(each)


def as_event(where: str, value: object, how: str = "") -> Event:
    """The value if it is an `Event`; otherwise an error that says how to write one, naming it after the field."""
    cause = where.rpartition(".")[2]
    named = as_factor(where, value) if is_factor_text(value) else value
    return checks.instance(where, named, Event, how or f'Event("{cause}:x", hazard=0.01)')


def union(groups: Iterable[frozenset[Factor]], settled: frozenset[Factor] = frozenset()) -> frozenset[Factor]:
    """Union of the factors of several products. One event name with two hazards is refused.

    Parameters
    ----------
    groups
        The factors of each product.
    settled
        Factors whose hazard the scenario sets, whatever the products say.

    Raises
    ------
    InputError
        Where two events of one name carry different hazards.
    """
    merged: dict[Factor, Factor] = {}
    for factor in sorted((f for group in groups for f in group), key=str):
        known = merged.setdefault(factor, factor)
        if factor in settled:
            continue
        if isinstance(factor, Event) and isinstance(known, Event) and factor.hazard != known.hazard:
            if None not in (factor.hazard, known.hazard):
                checks.refuse(
                    f"{factor}: hazard",
                    "one event name must have one hazard in a run",
                    (known.hazard, factor.hazard),
                    "give the events different names, or set the hazard in the scenario",
                )
            if known.hazard is None:
                merged[factor] = factor
    return frozenset(merged.values())
