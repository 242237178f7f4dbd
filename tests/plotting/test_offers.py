"""The picture of an offer: bars by hand, the bound under what is promised, and what is refused."""

import numpy as np
import pytest

from stakingmodels import plotting
from stakingmodels.analysis import Offer, check_offer
from stakingmodels.errors import InputTypeError

OFFER = Offer(promises="1%/day", price_usd=450.0, hashrate_th_s=10.0, term_days=730.0, guaranteed=True)


def bars(ax):
    return [bar.get_width() for bar in ax.patches]


def test_bars_are_what_comes_back_with_the_bound_second():
    found = check_offer(OFFER)
    ax = plotting.offer_money_back(found)
    by_hand = [each.money for each in found.elsewhere]
    by_hand.insert(1, 0.0594 * 10.0 * 730.0)
    assert bars(ax) == pytest.approx(by_hand)
    assert set(np.asarray(ax.lines[0].get_xdata())) == {450.0}
    assert plotting.alt(ax).startswith(
        "What comes back of 450.00 USD in 730 days: impossible. as promised, at most: 3,285"
    )


def test_the_bound_of_a_stake_is_on_top_of_the_money():
    found = check_offer(Offer(promises="7%/year", income="staking", coin="SOL", price_usd=1_000.0))
    limit = found.reasons[0].limit
    assert bars(plotting.offer_money_back(found))[:2] == pytest.approx([1_070.0, 1_000.0 * (1.0 + limit)])


def test_without_a_bounded_promise_there_is_no_such_bar():
    for offer in (Offer(income="mining"), Offer(promises="4%/week", income="trading")):
        found = check_offer(offer)
        assert len(bars(plotting.offer_money_back(found))) == len(found.elsewhere)


def test_anything_else_is_refused():
    with pytest.raises(InputTypeError, match=r"^offer_money_back: check: must be OfferCheck; write check_offer"):
        plotting.offer_money_back(OFFER)  # type: ignore[arg-type]
