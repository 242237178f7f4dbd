"""`Offer`: the terms of an offer as its seller states them."""

from collections.abc import Sequence
from typing import Literal, get_args

import attrs

from stakingmodels import checks
from stakingmodels.analysis.offers.promises import Promise
from stakingmodels.errors import InputError

Income = Literal["mining", "staking", "lending", "trading", "other"]
"""Source of income that an offer names."""
_AMOUNT = checks.field(checks.positive, optional=True)
_HOW_TIERS = "write tiers=((100.0, 107.0), (1000.0, 1112.5)), a deposit and what comes back"


def _promises(value: object) -> tuple[Promise, ...]:
    if isinstance(value, (Promise, str)):
        value = (value,)
    if not isinstance(value, Sequence):
        how = 'write "1%/day" or Promise(0.01, per_days=1)'
        checks.refuse_type("Offer.promises", "must be a rate with its period", value, how)
    return tuple(Promise.of(each) for each in value)


def _referral(value: object) -> tuple[float, ...] | bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        value = (value,)
    if isinstance(value, str) or not isinstance(value, Sequence):
        checks.refuse_type("Offer.referral", "must be True or False, or parts a level", value, "write (0.06, 0.03)")
    return tuple(checks.fraction("Offer.referral", each) for each in value)


def _tiers(value: object) -> tuple[tuple[float, float], ...]:
    where = "Offer.tiers"
    if isinstance(value, str) or not isinstance(value, Sequence):
        checks.refuse_type(where, "must be pairs of money", value, _HOW_TIERS)
    found = []
    for each in value:
        if isinstance(each, str) or not isinstance(each, Sequence) or len(each) != 2:
            checks.refuse(where, "must be pairs of money", each, _HOW_TIERS)
        found.append((checks.positive(f"{where}: deposit", each[0]), checks.positive(f"{where}: back", each[1])))
    found.sort()
    if len({deposit for deposit, _ in found}) < len(found):
        checks.refuse(where, "must have each deposit once", [deposit for deposit, _ in found])
    return tuple(found)


@attrs.frozen(kw_only=True)
class Offer:
    """Offer of hash rate, stake or a pay-out, by the figures that its seller states; what is not stated is left out.

    Parameters
    ----------
    promises
        Promised pay-outs: a `Promise` or its text, or several of them. Empty where none is promised.
    price_usd
        Money put in, USD; None if not stated.
    income
        What it is said to earn by: ``"mining"``, ``"staking"``, ``"lending"``, ``"trading"`` or ``"other"``. By default
        mining where a hash rate is claimed, staking where a stake is, otherwise other.
    coin
        Coin that is mined or staked; by default BTC for mining.
    hashrate_th_s
        Hash rate claimed for the price, TH/s.
    stake
        Coins said to be staked for the price.
    term_days
        Days that it runs; None if no term is stated.
    guaranteed
        Whether a pay-out is guaranteed, fixed or said to be without risk.
    principal_returned
        Whether the money put in comes back beside what is promised; None if not stated.
    maintenance_usd_per_th_day
        Running costs for the holder, power included, USD per TH/s and day.
    costs_told
        Whether the offer says what running it costs, or that power is paid by the price.
    withdrawal_fee
        Part of a withdrawal that is kept, in [0, 1].
    minimum_withdrawal_usd
        Smallest withdrawal in USD; None if not stated.
    referral
        Parts that are paid for recruits, one a level, such as ``(0.06, 0.03)``; or True if they are paid at all.
    tiers
        Deposits and what comes back of each in all, the deposit included, USD.
    free_th_s
        Hash rate given for nothing, TH/s.

    Raises
    ------
    InputError
        For figures that no offer has, and for a hash rate beside a stake.

    Examples
    --------
    >>> from stakingmodels.analysis import Offer
    >>> offer = Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0, guaranteed=True)
    >>> offer.kind, offer.asset, offer.promises[0].a_year
    ('mining', 'BTC', 3.65)
    """

    promises: tuple[Promise, ...] = attrs.field(default=(), converter=_promises)
    price_usd: float | None = attrs.field(default=None, validator=_AMOUNT)
    income: Income | None = attrs.field(
        default=None, validator=checks.field(checks.choice, get_args(Income), optional=True)
    )
    coin: str | None = attrs.field(default=None, validator=checks.field(checks.text, optional=True))
    hashrate_th_s: float | None = attrs.field(default=None, validator=_AMOUNT)
    stake: float | None = attrs.field(default=None, validator=_AMOUNT)
    term_days: float | None = attrs.field(default=None, validator=_AMOUNT)
    guaranteed: bool = attrs.field(default=False, validator=checks.FLAG)
    principal_returned: bool | None = attrs.field(default=None, validator=checks.field(checks.flag, optional=True))
    maintenance_usd_per_th_day: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)
    costs_told: bool = attrs.field(default=False, validator=checks.FLAG)
    withdrawal_fee: float = attrs.field(default=0.0, validator=checks.FRACTION)
    minimum_withdrawal_usd: float | None = attrs.field(
        default=None, validator=checks.field(checks.non_negative, optional=True)
    )
    referral: tuple[float, ...] | bool = attrs.field(default=False, converter=_referral)
    tiers: tuple[tuple[float, float], ...] = attrs.field(default=(), converter=_tiers)
    free_th_s: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)

    def __attrs_post_init__(self) -> None:
        if self.hashrate_th_s is not None and self.stake is not None:
            how = "leave one of hashrate_th_s and stake out, or check each alone"
            raise InputError(f"Offer: must claim a hash rate or a stake, not both ({how})")
        claims = {"mining": self.hashrate_th_s, "staking": self.stake}
        for kind, claimed in claims.items():
            if claimed is not None and self.income is not None and self.income != kind:
                checks.refuse("Offer.income", f"must be {kind!r} for what is claimed", self.income, "or leave it out")

    @property
    def kind(self) -> Income:
        """Source of income, as given or by what is claimed."""
        if self.income is not None:
            return self.income
        if self.hashrate_th_s is not None:
            return "mining"
        return "other" if self.stake is None else "staking"

    @property
    def asset(self) -> str | None:
        """Coin that is mined or staked, in capital letters; BTC for mining without one, otherwise None."""
        if self.coin is not None:
            return self.coin.upper()
        return "BTC" if self.kind == "mining" else None
