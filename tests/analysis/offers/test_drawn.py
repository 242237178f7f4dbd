"""Any offer is answered, in both languages, whatever its figures."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.analysis import Offer, Promise, check_offer
from stakingmodels.analysis.offers.promises import PERIODS
from stakingmodels.analysis.offers.reasons import ORDER

AMOUNTS = st.floats(1e-3, 1e9)
PROMISES = st.one_of(
    st.builds(lambda share, period: f"{share:f}%/{period}", st.floats(1e-3, 4.0), st.sampled_from([*PERIODS])),
    st.builds(
        lambda low, more, days: f"{low:f}-{low + more:f}x in {days} days",
        st.floats(0.1, 3.0),
        st.floats(0.1, 3.0),
        st.integers(2, 900),
    ),
    st.builds(lambda share, hours: f"{share:f}% in {hours} hours", st.floats(1e-3, 4.0), st.integers(1, 90)),
)
CLAIMS: list[dict[str, Any]] = [
    {},
    *({"income": income} for income in ("mining", "staking", "lending", "trading", "other")),
    *({"income": "mining", "coin": coin} for coin in ("BTC", "LTC", "XRP")),
    *({"income": "staking", "coin": coin} for coin in ("SOL", "BTC", "LINK", "USDT")),
]
OFFERS = st.builds(
    lambda claim, size, **more: Offer(
        **claim, **{key: value for key, value in (*size.items(), *more.items()) if value}
    ),
    st.sampled_from(CLAIMS),
    st.just({}),
    promises=st.lists(PROMISES, max_size=3),
    price_usd=st.one_of(st.none(), AMOUNTS),
    term_days=st.one_of(st.none(), st.integers(1, 5_000)),
    guaranteed=st.booleans(),
    principal_returned=st.sampled_from([None, True, False]),
    maintenance_usd_per_th_day=st.one_of(st.just(0.0), st.floats(1e-4, 1.0)),
    tiers=st.sampled_from([(), ((100.0, 107.0), (1_000.0, 1_500.0)), ((100.0, 90.0), (1_000.0, 950.0))]),
    referral=st.sampled_from([False, True, (0.06, 0.03)]),
)
SIZED = st.builds(
    lambda price, size, promises: Offer(price_usd=price, hashrate_th_s=size, promises=promises),
    AMOUNTS,
    AMOUNTS,
    st.lists(PROMISES, max_size=2),
)
STAKED = st.builds(
    lambda stake, promises: Offer(coin="ETH", stake=stake, promises=promises), AMOUNTS, st.lists(PROMISES, max_size=2)
)


@given(offer=st.one_of(OFFERS, SIZED, STAKED))
def test_any_offer_is_answered_in_both_languages(offer):
    found = check_offer(offer)
    english, chinese = found.to_text(), found.to_text(language="zh-TW")
    assert found.grade in ORDER
    assert english != chinese
    assert json.dumps(found.to_dict())
    for text in (english, chinese, found.to_markdown()):
        assert "{" not in text


@pytest.mark.parametrize("period", PERIODS)
def test_a_promise_for_each_period_is_said_with_it(period):
    assert str(Promise.of(f"1%/{period}").note()) == f"1% {'an' if period == 'hour' else 'a'} {period}"
