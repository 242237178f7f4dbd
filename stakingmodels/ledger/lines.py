"""`Line`: the closed list of causes for which holdings change, each with its group and sign."""

import enum
import itertools
from typing import Any, TypeVar

import numpy as np

from stakingmodels import checks
from stakingmodels.display import LINES, Summary, brief, displays, spread
from stakingmodels.series import FrozenMap

V = TypeVar("V")


class Group(enum.Enum):
    """Kind of cause that a line is. Gross yields count rewards.

    Net yields count all but the market and contributions.
    """

    REWARD = "reward"
    FEE = "fee"
    COST = "cost"
    LOSS = "loss"
    EXIT = "exit"
    MARKET = "market"
    OTHER = "other"


class Line(enum.Enum):
    """A cause of a change of holdings. `sign` is +1 (only gains), -1 (only costs) or 0 (either).

    A reward is negative only where the market's rate itself is.
    """

    CONSENSUS = ("consensus", Group.REWARD, 1)
    EXECUTION = ("execution", Group.REWARD, 1)
    MINING = ("mining", Group.REWARD, 1)
    INTEREST = ("interest", Group.REWARD, 1)
    GUARANTEED = ("guaranteed", Group.REWARD, 1)
    CURTAILMENT = ("curtailment", Group.REWARD, 1)

    COMMISSION = ("commission", Group.FEE, -1)
    PROTOCOL = ("protocol", Group.FEE, -1)
    PLATFORM = ("platform", Group.FEE, -1)
    TRADING = ("trading", Group.FEE, -1)
    NETWORK_FEE = ("network fee", Group.FEE, -1)

    OPERATING = ("operating", Group.COST, -1)
    ELECTRICITY = ("electricity", Group.COST, -1)
    MAINTENANCE = ("maintenance", Group.COST, -1)
    CONTRACT = ("contract", Group.COST, -1)
    DEPRECIATION = ("depreciation", Group.COST, -1)

    DOWNTIME = ("downtime", Group.LOSS, -1)
    SLASHING = ("slashing", Group.LOSS, -1)
    CREDIT = ("credit", Group.LOSS, -1)
    EXPLOIT = ("exploit", Group.LOSS, -1)
    FORFEIT = ("forfeit", Group.LOSS, -1)

    DISCOUNT = ("discount", Group.EXIT, 0)
    PRICE = ("price", Group.MARKET, 0)

    CONTRIBUTION = ("contribution", Group.OTHER, 1)

    def __init__(self, label: str, group: Group, sign: int) -> None:
        self.label = label
        self.group = group
        self.sign = sign

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a slow Python function

    def __repr__(self) -> str:
        return f"Line.{self.name}"

    def __str__(self) -> str:
        return self.label


_BY_LABEL = {line.label: line for line in Line}


class LineMap(FrozenMap[Any, V]):
    """A frozen mapping by line, or by line and asset, that also takes a line's label: ``lines["commission"]``."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> V:
        return super().__getitem__(_key(key))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(_key(key))

    def _shown(self) -> Summary:
        rows: list[tuple[str, ...]] = []
        for key, value in itertools.islice(self.items(), LINES):
            name = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            is_array = isinstance(value, np.ndarray)
            rows.append((name, *spread(np.asarray(value), ",.6g")) if is_array else (name, brief(value), "", ""))
        return Summary(f"{len(self)} lines", ("line", "mean", "5%", "95%"), rows, n_rows=len(self))

    def get(self, key: Any, default: Any = None) -> Any:
        """The value under a line, or the default."""
        return super().get(_key(key), default)


def _key(key: Any) -> Any:
    """The key with a label in it replaced by its line."""
    if isinstance(key, str):
        return _BY_LABEL.get(key, key)
    if isinstance(key, tuple) and key and isinstance(key[0], str):
        return (_BY_LABEL.get(key[0], key[0]), *key[1:])
    return key


def as_line(where: str, value: object) -> Line:
    """The line itself, or the line with that label."""
    if isinstance(value, Line):
        return value
    if not isinstance(value, str):
        checks.refuse_type(where, "must be a Line or its label", value, 'Line.COMMISSION or "commission"')
    if value not in _BY_LABEL:
        checks.refuse_name(where, value, list(_BY_LABEL))
    return _BY_LABEL[value]


def as_group(where: str, value: object) -> Group:
    """The group itself, or the group with that name."""
    if isinstance(value, Group):
        return value
    names = [group.value for group in Group]
    if not isinstance(value, str):
        checks.refuse_type(where, "must be a Group or its name", value, 'Group.FEE or "fee"')
    if value not in names:
        checks.refuse_name(where, value, names)
    return Group(value)


LineShares = Line | tuple[tuple[Line, float], ...]
"""A line; or several lines, each with its fixed share of an amount."""


def net_of_fee(reward: Line, fee: Line, fraction: float) -> LineShares:
    """Lines and shares of a reward of which a fee takes a fraction."""
    return ((reward, 1.0), (fee, -fraction)) if fraction else reward


displays(__name__)
