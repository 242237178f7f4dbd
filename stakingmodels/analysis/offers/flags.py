"""Red flags of an offer: facts that frauds have in common, each of which honest offers can have too."""

import math

import attrs

from stakingmodels.analysis.offers.offer import Offer
from stakingmodels.analysis.offers.reasons import figure
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.words import Note

_SHORT = DAYS_PER_YEAR / 12.0  # a rate for a month or less is said to be fixed
_RISES = 1.02  # of parts paid to larger deposits


@attrs.frozen
class OfferFlag:
    """One fact about an offer that frauds have in common. It is no proof.

    Attributes
    ----------
    name
        ``"guaranteed"``, ``"fixed_rate"``, ``"doubles"``, ``"no_hash_rate"``, ``"no_income"``, ``"no_term"``,
        ``"no_costs"``, ``"not_mined"``, ``"not_staked"``, ``"referral"``, ``"rising_tiers"``, ``"free"``,
        ``"withdrawal_fee"`` or ``"minimum"``.
    value
        Its figure; NaN where there is none.
    """

    name: str
    value: float = math.nan

    def sentence(self) -> Note:
        """The fact in words."""
        percent = "" if math.isnan(self.value) else f"{100.0 * self.value:,.4g}%"
        name = "referral_paid" if self.name == "referral" and not percent else self.name
        return Note(f"offers.flag.{name}", value=figure(self.value), percent=percent)

    def short(self) -> Note:
        """The fact in a word or two."""
        return Note(f"offers.short.{self.name}")


def flags_of(offer: Offer, *, not_mined: bool, not_staked: bool) -> tuple[OfferFlag, ...]:
    """All flags of an offer, in a fixed order."""
    mines, promises = offer.kind == "mining", offer.promises
    doubling = min((each.doubling_days for each in promises), default=math.inf)
    short = [each.per_day for each in promises if not each.total and each.per_days <= _SHORT]
    parts = [back / deposit - 1.0 for deposit, back in offer.tiers]
    no_income = offer.kind == "other" and bool(promises)
    levels = offer.referral if isinstance(offer.referral, tuple) else ()
    found = (
        ("guaranteed", offer.guaranteed, math.nan),
        ("fixed_rate", bool(short), max(short, default=math.nan)),
        ("doubles", doubling <= DAYS_PER_YEAR, doubling),
        ("not_mined", not_mined, math.nan),
        ("not_staked", not_staked, math.nan),
        ("no_hash_rate", mines and bool(promises) and offer.hashrate_th_s is None, math.nan),
        ("no_income", no_income, math.nan),
        ("no_term", offer.term_days is None and (mines or bool(offer.tiers)), math.nan),
        ("no_costs", mines and not offer.costs_told and offer.maintenance_usd_per_th_day == 0.0, math.nan),
        ("referral", bool(offer.referral), float(sum(levels)) if levels else math.nan),
        ("rising_tiers", len(parts) > 1 and parts[-1] > _RISES * max(parts[0], 0.0), parts[-1] if parts else math.nan),
        ("free", offer.free_th_s > 0.0, offer.free_th_s),
        ("withdrawal_fee", offer.withdrawal_fee > 0.0, offer.withdrawal_fee),
        ("minimum", offer.minimum_withdrawal_usd is not None, offer.minimum_withdrawal_usd or 0.0),
    )
    return tuple(OfferFlag(name, value) for name, is_so, value in found if is_so)
