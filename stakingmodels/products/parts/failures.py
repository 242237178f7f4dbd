"""`Failure`: a default, exploit or slashing that can strike a product, as a term of every product."""

from collections.abc import Iterable
from typing import Any, Literal, cast, get_args

import attrs

from stakingmodels import checks, terms
from stakingmodels.display import shorten
from stakingmodels.market import Event
from stakingmodels.market.factors import as_event
from stakingmodels.replacing import Replaceable

FailureLine = Literal["credit", "slashing", "exploit"]
"""Line of a failure's loss: `Line.CREDIT`, `Line.SLASHING` or `Line.EXPLOIT`."""
RecoveryIn = Literal["coin", "money"]
"""Unit of a claim: the coins lost, or money at the prices of the day of the failure."""
_HOW = 'failures=(Failure(Event("custodian:x", hazard=0.02), recovery=0.5),)'


def _severity(where: str, value: object) -> float:
    number = checks.fraction(where, value)
    if number == 0.0:
        checks.refuse(where, "must be in (0, 1], as a failure takes something", value, "leave the failure out")
    return number


@terms.sheet
class Failure(Replaceable):
    """An event that takes a fraction of the coins and money held in a product, and how much of it comes back.

    Parameters
    ----------
    event
        Event of the failure, such as ``Event("custodian:x", hazard=0.02)``. Failures whose events have the same name
        strike together, in one product and in several.
    severity
        Fraction lost of all that is exposed, in (0, 1]; default 1. After a failure of severity 1 no further money can
        be invested in the product on that path.
    recovery
        Fraction of the loss that comes back as a claim, in [0, 1]; default 0.
    delay_days
        Days from the failure until the claim is paid; default 0. A claim earns no interest.
    recovery_in
        ``"money"`` (default): the claim is a fixed amount of money, at the prices of the day of the failure, as under
        United States law: of US dollars where the market has their price, else of the numeraire. ``"coin"``: the claim
        is in the coins lost, moves with their price, and is sold on arrival.
    line
        ``"slashing"`` strikes only what is at stake: staked coins and those in the exit queue. ``"credit"`` (default)
        and ``"exploit"`` strike everything that is still with the product: coins on their way in and out, and rewards.
        Coins and money in the holder's wallet, money paid out, and claims are never struck.

    Notes
    -----
    The loss less the claim is booked under the failure's line. A product's failures strike in their order, each what
    the ones before it have left. They find the interval's reward already there.

    Examples
    --------
    >>> from stakingmodels import APR, Event, ExchangeStaking, Market, Price, TimeGrid
    >>> from stakingmodels.products import Failure
    >>> import numpy as np
    >>> default = Failure(Event("custodian:x"), recovery=0.4)
    >>> earn = ExchangeStaking(posted_rate=APR(0.0), failures=(default,))
    >>> grid = TimeGrid.daily("2026-01-01", days=2)
    >>> market = Market(grid, {Price("ETH"): 3000.0, Event("custodian:x"): np.array([True, False, False])})
    >>> outcome = earn.run(market, capital=1000.0)
    >>> float(outcome.lines["credit"][0]), float(outcome.closing[0])
    (-600.0, 400.0)
    """

    event: Event = terms.field("event", as_event, kw_only=False)
    severity: float = terms.field("fraction", _severity, default=1.0, kw_only=False, low=checks.SMALLEST, high=1.0)
    recovery: float = terms.fraction(default=0.0)
    delay_days: float = terms.days(default=0.0)
    recovery_in: RecoveryIn = terms.choice(
        RecoveryIn,
        default="money",
        source="11 U.S.C. 502(b); so done by FTX (motion of 2023-12-27: prices of 2022-11-11)",
        date="2023-12-27",
    )
    line: FailureLine = terms.choice(FailureLine, default="credit")


shorten(Failure)


def _as_tuple(value: object) -> object:
    """Failures as a tuple: one alone, or in a list."""
    if isinstance(value, Failure):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _check(where: str, value: object, lines: tuple[str, ...]) -> tuple[Failure, ...]:
    if not isinstance(value, tuple):
        checks.refuse_type(where, f"must be failures; write {_HOW}", value)
    for each in value:
        checks.instance(where, each, Failure, _HOW)
    found = cast("tuple[Failure, ...]", value)
    for failure in found:
        if failure.line not in lines:
            rule = "must not be of the line 'slashing', since nothing is staked"
            checks.refuse(where, rule, failure, "line='credit'")
    check_hazards(where, [failure.event for failure in found])
    return found


def check_hazards(where: str, events: Iterable[Event]) -> None:
    """Refuse events of one name with two hazards."""
    known: dict[Event, Event] = {}
    for event in events:
        first = known.setdefault(event, event)
        if first.hazard != event.hazard:
            rule = "events of one name must have one hazard"
            checks.refuse(where, rule, (first.hazard, event.hazard), f"give {event.name!r} one, or write two names")


def first_loss(failure: Failure, own: float) -> Failure:
    """A failure as the owner of a part of a stake feels it, whose part bears the losses of the whole first.

    Parameters
    ----------
    failure
        A failure of the line ``"slashing"`` takes up to ``severity / own`` of the part; others are left as they are.
    own
        Part of the stake that is the owner's, in (0, 1].
    """
    if failure.line != "slashing" or own == 1.0:
        return failure
    return failure.replace(severity=min(failure.severity / own, 1.0))


def failures(*, is_staked: bool = True) -> Any:
    """A term for the failures that can strike a product: none by default; one alone or a list becomes a tuple.

    Parameters
    ----------
    is_staked
        Whether the product has a stake; otherwise failures of the line ``"slashing"`` are refused.
    """
    lines = tuple(line for line in get_args(FailureLine) if is_staked or line != "slashing")
    about = terms.rules("failures", _check, lines, default=(), choices=lines)
    return attrs.field(default=(), kw_only=True, converter=_as_tuple, **about)


def events_of(product: Any) -> frozenset[Event]:
    """Events of a product's failures, and of its halts if it has any."""
    parts = (*product.failures, *getattr(product, "halts", ()))
    return frozenset(part.event for part in parts if part.event is not None)
