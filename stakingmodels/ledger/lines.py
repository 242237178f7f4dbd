"""`Line`: the closed list of causes for which holdings change, each with its group and sign."""

import enum


class Group(enum.Enum):
    """What kind of cause a line is. Gross is the rewards; net is everything but the market and contributions."""

    REWARD = "reward"
    FEE = "fee"
    COST = "cost"
    LOSS = "loss"
    EXIT = "exit"
    MARKET = "market"
    OTHER = "other"


class Line(enum.Enum):
    """A cause for which holdings change. `sign` is +1 (only adds to the holder), -1 (only takes) or 0 (either).

    A reward is negative only where the market's rate itself is.
    """

    CONSENSUS = ("consensus", Group.REWARD, 1)
    EXECUTION = ("execution", Group.REWARD, 1)
    MINING = ("mining", Group.REWARD, 1)
    INTEREST = ("interest", Group.REWARD, 1)
    INCENTIVE = ("incentive", Group.REWARD, 1)

    COMMISSION = ("commission", Group.FEE, -1)
    PROTOCOL = ("protocol", Group.FEE, -1)
    PLATFORM = ("platform", Group.FEE, -1)
    TRADING = ("trading", Group.FEE, -1)
    NETWORK_FEE = ("network fee", Group.FEE, -1)
    PREMIUM = ("premium", Group.FEE, -1)

    OPERATING = ("operating", Group.COST, -1)
    ELECTRICITY = ("electricity", Group.COST, -1)
    MAINTENANCE = ("maintenance", Group.COST, -1)
    CONTRACT = ("contract", Group.COST, -1)
    INTEREST_PAID = ("interest paid", Group.COST, -1)

    DOWNTIME = ("downtime", Group.LOSS, -1)
    LEAK = ("leak", Group.LOSS, -1)
    SLASHING = ("slashing", Group.LOSS, -1)
    CREDIT = ("credit", Group.LOSS, -1)
    EXPLOIT = ("exploit", Group.LOSS, -1)
    LIQUIDATION = ("liquidation", Group.LOSS, -1)
    FORFEIT = ("forfeit", Group.LOSS, -1)

    DISCOUNT = ("discount", Group.EXIT, 0)
    PRICE = ("price", Group.MARKET, 0)

    CLAIM = ("claim", Group.OTHER, 1)
    TAX = ("tax", Group.OTHER, -1)
    CONTRIBUTION = ("contribution", Group.OTHER, 1)
    OTHER_INCOME = ("other income", Group.OTHER, 1)
    OTHER_COST = ("other cost", Group.OTHER, -1)

    def __init__(self, label: str, group: Group, sign: int) -> None:
        self.label = label
        self.group = group
        self.sign = sign

    __hash__ = object.__hash__  # members are singletons; Enum's own hash is a slow Python function

    def __repr__(self) -> str:
        return f"Line.{self.name}"


Cause = Line | tuple[tuple[Line, float], ...]
"""A line; or several, each with the fixed share that it has of an amount."""


def with_fee(reward: Line, fee: Line, fraction: float) -> Cause:
    """A reward, and the fraction of it that a fee takes."""
    return ((reward, 1.0), (fee, -fraction)) if fraction else reward
