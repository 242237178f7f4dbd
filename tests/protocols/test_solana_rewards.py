"""Solana's epoch rewards: lamports of an epoch, points and credits, the commission split, warm-up and cool-down."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import solana

U64 = 2**64 - 1
U128 = 2**128 - 1
CREDITS = solana.EpochCredits


def test_lamports_of_an_epoch():
    years = solana.epoch_duration_in_years(400)
    assert solana.epoch_rewards(0.08, 500_000_000 * 10**9, years) == int(0.08 * 5e17 * years)
    assert solana.epoch_rewards(0.08, 500_000_000 * 10**9, years) == pytest.approx(40e15 / 182.62, rel=1e-4)
    assert solana.epoch_rewards(0.5, 3, 1.0) == 1
    assert solana.epoch_rewards(0.5, 3, 0.5) == 0
    assert solana.epoch_rewards(1.0, U64, 1.0) == U64  # 2**64 as a double, which the conversion cuts
    assert solana.epoch_rewards(1.0, 2**53 + 1, 1.0) == 2**53
    assert solana.epoch_rewards(0.0, U64, 1.0) == solana.epoch_rewards(1.0, 0, 1.0) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((8, 1, 0.1), r"validator_rate: must be a fraction in \[0, 1\], got 8 \(percent\? write 0.08\)"),
        ((0.1, -1, 0.1), r"capitalization: must be an integer in \[0, 18446744073709551615\]"),
        ((0.1, 2**64, 0.1), r"capitalization: must be an integer in"),
        ((0.1, 1, 2.0), r"epoch_duration_in_years: must be a fraction in \[0, 1\]"),
    ],
)
def test_lamports_of_an_epoch_refuse(arguments, message):
    with pytest.raises(InputError, match=r"^epoch_rewards: " + message):
        solana.epoch_rewards(*arguments)


# The commission split


@pytest.mark.parametrize(
    ("commission", "rewards", "voter", "staker", "is_split"),
    [
        (0, 1, 0, 1, False),
        (0, U64, 0, U64, False),
        (10_000, 1_000, 1_000, 0, False),
        (10_001, 1_000, 1_000, 0, False),
        (65_535, U64, U64, 0, False),
        (1, 10_000, 1, 9_999, True),
        (9_999, 10_000, 9_999, 1, True),
        (500, 3, 0, 2, True),
        (1_234, U64, 2276328218695758669, 16170415855013792945, True),
        (5_000, 0, 0, 0, True),
    ],
)
def test_commission_split(commission, rewards, voter, staker, is_split):
    assert solana.commission_split(commission, rewards) == solana.CommissionSplit(voter, staker, is_split)


@given(st.integers(0, 10_000), st.integers(0, U64))
def test_a_split_loses_a_lamport_at_most(commission, rewards):
    split = solana.commission_split(commission, rewards)
    assert rewards - 1 <= split.voter + split.staker <= rewards
    mirrored = solana.commission_split(10_000 - commission, rewards)
    assert (mirrored.voter, mirrored.staker) == (split.staker, split.voter)


def test_commission_split_refuses():
    with pytest.raises(InputError, match=r"^commission_split: commission: must be an integer in \[0, 65535\]"):
        solana.commission_split(-1, 1)
    with pytest.raises(InputError, match=r"^commission_split: commission: must be an integer in \[0, 65535\]"):
        solana.commission_split(65_536, 1)
    with pytest.raises(InputError, match=r"^commission_split: rewards: must be an integer in \[0, "):
        solana.commission_split(1, 2**64)
    with pytest.raises(InputTypeError, match=r"^commission_split: rewards: must be an integer, got float"):
        solana.commission_split(1, 1.5)  # type: ignore[arg-type]


# Points and credits


LINES = [CREDITS(0, 2, 0), CREDITS(1, 3, 2), CREDITS(2, 4, 3)]


@pytest.mark.parametrize(
    ("observed", "points", "seen", "force"),
    [
        (0, 40, 4, False),
        (1, 30, 4, False),
        (2, 20, 4, False),
        (3, 10, 4, False),
        (4, 0, 4, False),
        (5, 0, 4, True),
        (1_000, 0, 4, True),
    ],
)
def test_points_since_the_stake_was_paid(observed, points, seen, force):
    assert solana.calculate_stake_points_and_credits(10, observed, LINES) == solana.StakePoints(points, seen, force)


def test_points_of_a_vote_account_without_votes():
    assert solana.calculate_stake_points_and_credits(10, 0, []) == solana.StakePoints(0, 0, force_credits_update=False)
    assert solana.calculate_stake_points_and_credits(10, 7, []) == solana.StakePoints(0, 0, force_credits_update=True)


def test_points_by_the_stake_of_each_epoch():
    stakes = {0: 5, 1: 7, 2: 11}
    assert solana.calculate_stake_points_and_credits(stakes, 0, LINES).points == 5 * 2 + 7 + 11
    assert solana.calculate_stake_points_and_credits({1: 7}, 0, LINES).points == 7


def test_points_of_an_epoch_seen_in_part_of_a_gap():
    # the second line begins above what the stake has seen: all of it counts, though the first had a gap before it
    lines = [CREDITS(3, 8, 5), CREDITS(9, 30, 20)]
    assert solana.calculate_stake_points_and_credits(1, 6, lines) == solana.StakePoints(2 + 10, 30, False)
    assert solana.calculate_stake_points_and_credits(1, 5, lines).points == 3 + 10
    assert solana.calculate_stake_points_and_credits(1, 8, lines).points == 10
    # lines that overlap: the second gives only what the first has not
    overlapping = [CREDITS(3, 8, 5), CREDITS(4, 10, 6)]
    assert solana.calculate_stake_points_and_credits(1, 6, overlapping).points == 2 + 2


def test_points_under_alpenglow():
    lines = [CREDITS(0, 1_000, 0), CREDITS(1, 1_999, 1_000)]
    found = solana.calculate_stake_points_and_credits(1, 0, lines, validator_stake=3)
    assert found == solana.StakePoints(333 + 333, 1_999, force_credits_update=False)
    with pytest.raises(InputError, match=r"^calculate_stake_points_and_credits: validator_stake: must be above 0"):
        solana.calculate_stake_points_and_credits(1, 0, lines, validator_stake=0)
    with pytest.raises(InputError, match=r"^calculate_stake_points_and_credits: validator_stake: must be an integer"):
        solana.calculate_stake_points_and_credits(1, 0, lines, validator_stake=-1)
    assert solana.calculate_stake_points_and_credits(1, 0, lines, validator_stake=1).points == 1_999


def test_typical_points_fit():
    # anza-xyz/agave runtime/src/inflation_rewards/points.rs: 10 million SOL, an epoch of 14 days
    slots = 14 * 24 * 3_600 * 160
    points = solana.calculate_stake_points_and_credits(10_000_000 * 10**9, 0, [CREDITS(0, slots, 0)]).points
    assert points == 10**16 * slots


def test_points_refuse():
    where = "calculate_stake_points_and_credits"
    with pytest.raises(InputError, match=rf"^{where}: effective_stake: must be an integer in \[0, "):
        solana.calculate_stake_points_and_credits(-1, 0, LINES)
    with pytest.raises(InputError, match=rf"^{where}: effective_stake: must be an integer in \[0, "):
        solana.calculate_stake_points_and_credits({1: 2**64}, 0, LINES)
    with pytest.raises(InputError, match=rf"^{where}: credits_observed: must be an integer in \[0, "):
        solana.calculate_stake_points_and_credits(1, -1, LINES)
    huge = [CREDITS(0, U64 - 1, 0), CREDITS(1, U64, U64 - 1)]
    assert solana.calculate_stake_points_and_credits(U64, 0, huge).points == U64**2
    many = [CREDITS(0, U64, 0), CREDITS(1, U64, 1)]
    with pytest.raises(
        InputError, match=rf"^{where}: points: must be an integer in \[0, 340282366920938463463374607431"
    ):
        solana.calculate_stake_points_and_credits(U64, 0, many)
    for bad in [(-1, 1, 0), (0, 2**64, 0), (0, 1, -1)]:
        with pytest.raises(InputError, match=r"^EpochCredits\.(epoch|final|initial): must be an integer in \[0, "):
            CREDITS(*bad)
    with pytest.raises(InputError, match=r"^EpochCredits\.final: must not be below the initial 3, got 2$"):
        CREDITS(0, 2, 3)
    assert CREDITS(0, 3, 3).final == 3


# What a stake is paid


def paid(observed=0, lines=None, rewards=4, points=4, commission=0, stake=1, **more):
    return solana.calculate_stake_rewards(
        effective_stake=stake,
        credits_observed=observed,
        epoch_credits=LINES if lines is None else lines,
        point_value=solana.PointValue(rewards, points),
        commission=commission,
        **more,
    )


def test_rewards_by_points():
    assert paid() == solana.StakeRewards(staker=4, voter=0, new_credits_observed=4)
    assert paid(observed=3) == solana.StakeRewards(1, 0, 4)
    assert paid(rewards=7, points=8) == solana.StakeRewards(3, 0, 4)  # 3.5 rounded down
    assert paid(rewards=8, commission=10_000) == solana.StakeRewards(0, 8, 4)
    assert paid(rewards=1_000, commission=500) == solana.StakeRewards(950, 50, 4)


@pytest.mark.parametrize("commission", [100, 2_499, 7_501, 9_900])
def test_a_side_that_rounds_to_nothing_waits(commission):
    assert paid(commission=commission) is None


@pytest.mark.parametrize("commission", [2_500, 5_000, 7_500])
def test_a_side_of_one_lamport_is_paid(commission):
    voter = 4 * commission // 10_000
    assert paid(commission=commission) == solana.StakeRewards(4 - voter, voter, 4)


def test_nothing_to_pay_leaves_the_credits():
    assert paid(observed=4) is None  # no new credits
    assert paid(lines=[]) is None
    assert paid(stake=0) is None  # no points
    assert paid(points=0) is None  # nobody has points
    assert paid(rewards=1, points=5) is None  # less than a lamport
    assert paid(rewards=1, points=5, commission=10_000) is None


def test_nothing_is_paid_but_the_credits_move():
    nothing = solana.StakeRewards(0, 0, 4)
    assert paid(rewards=0) == nothing  # inflation is off
    assert paid(rewards=0, observed=4) == nothing
    assert paid(just_activated=True) == nothing
    assert paid(just_activated=False) == solana.StakeRewards(4, 0, 4)
    assert paid(observed=1_000) == nothing  # the vote account was created anew


def test_rewards_to_the_end_of_128_bits():
    stake, earned = 67280421310721 * 65537, 274177 * 257 * 641 * 6700417
    assert stake * earned * 255 == U128
    found = paid(stake=stake, lines=[CREDITS(0, earned, 0)], rewards=255, points=U128)
    assert found == solana.StakeRewards(1, 0, earned)


def test_rewards_refuse():
    huge = [CREDITS(0, U64, 0)]
    with pytest.raises(
        InputError, match=r"^calculate_stake_rewards: point_value\.rewards: must leave points \* rewards"
    ):
        paid(stake=U64, lines=huge, rewards=2, points=U128)
    assert paid(stake=U64, lines=huge, rewards=1, points=U64) == solana.StakeRewards(U64, 0, U64)
    with pytest.raises(InputError, match=r"^calculate_stake_rewards: rewards: must be an integer in \[0, "):
        paid(stake=U64, lines=huge, rewards=1, points=U64 - 1)
    with pytest.raises(InputTypeError, match=r"^calculate_stake_rewards: just_activated: must be True or False"):
        paid(just_activated=1)
    with pytest.raises(InputError, match=r"^PointValue\.rewards: must be an integer in \[0, 18446744073709551615\]"):
        solana.PointValue(2**64, 1)
    with pytest.raises(InputError, match=r"^PointValue\.points: must be an integer in \[0, 3402823669209384634633746"):
        solana.PointValue(1, 2**128)
    assert solana.PointValue(U64, U128).points == U128


@given(
    st.lists(st.tuples(st.integers(0, 10**17), st.integers(0, 10_000)), min_size=1, max_size=8), st.integers(0, 10**15)
)
def test_an_epoch_never_pays_more_than_it_has(stakes, lamports):
    lines = [CREDITS(0, 432_000, 0)]
    total = sum(stake for stake, _ in stakes) * 432_000
    all_paid = [paid(stake=s, commission=c, lines=lines, rewards=lamports, points=total) for s, c in stakes]
    assert sum(each.staker + each.voter for each in all_paid if each is not None) <= lamports


# Warm-up and cool-down


@pytest.mark.parametrize(
    ("account", "cluster", "effective", "rule", "change"),
    [
        (100, 500, 1_000, solana.ORIGINAL, 50),
        (200, 1_000, 10_000, solana.TOWER, 180),
        (100, 1_000, 10_001, solana.TOWER, 90),
        (40, 100, 1_000_000, solana.ORIGINAL, 40),
        (0, 10, 100, solana.TOWER, 0),
        (5, 0, 100, solana.TOWER, 0),
        (5, 10, 0, solana.TOWER, 0),
        (U64, 1, U64, solana.TOWER, U64),
        (4 * 10**17, 4 * 10**17, 4 * 10**17, solana.ORIGINAL, 85_070_591_730_234_615),
        (4 * 10**17, 4 * 10**17, 4 * 10**17, attrs.evolve(solana.ORIGINAL, saturates=False), 4 * 10**17),
        (4 * 10**17, 4 * 10**17, 4 * 10**17, solana.TOWER, 36 * 10**15),
        (4 * 10**17, 4 * 10**17, 4 * 10**17, solana.TOWER_UNSATURATED, 36 * 10**15),
    ],
)
def test_stake_that_may_change(account, cluster, effective, rule, change):
    assert solana.rate_limited_stake_change(account, cluster, effective, rule) == change


def test_the_last_product_within_128_bits():
    portion, effective, rate = 67280421310721 * 65537, 274177 * 257 * 641 * 6700417, 255
    assert portion * effective * rate == U128
    whole_past_it = solana.WarmupCooldown(rate_bps=rate, saturates=False)
    at_the_end = U128 // (U64 * 10_000)
    assert solana.rate_limited_stake_change(portion, U64, effective, whole_past_it) == at_the_end < portion
    assert solana.rate_limited_stake_change(portion, U64, effective + 1, whole_past_it) == portion
    saturated = solana.WarmupCooldown(rate_bps=rate)
    assert solana.rate_limited_stake_change(portion, U64, effective + 1, saturated) == at_the_end


def test_nine_percent_is_the_default():
    assert solana.rate_limited_stake_change(200, 1_000, 10_000) == 180
    assert (solana.ORIGINAL.rate_bps, solana.TOWER.rate_bps, solana.TOWER_UNSATURATED.rate_bps) == (2_500, 900, 900)
    assert (solana.ORIGINAL.saturates, solana.TOWER.saturates, solana.TOWER_UNSATURATED.saturates) == (
        True,
        True,
        False,
    )


def test_stake_changes_refuse():
    where = "rate_limited_stake_change"
    for arguments, name in [
        ((-1, 1, 1), "account_portion"),
        ((1, -1, 1), "cluster_portion"),
        ((1, 1, 2**64), "cluster_effective"),
    ]:
        with pytest.raises(InputError, match=rf"^{where}: {name}: must be an integer in \[0, 18446744073709551615\]"):
            solana.rate_limited_stake_change(*arguments)
    for rate in (-1, 10_001):
        with pytest.raises(InputError, match=r"^WarmupCooldown\.rate_bps: must be an integer in \[0, 10000\]"):
            solana.WarmupCooldown(rate_bps=rate)
    with pytest.raises(InputTypeError, match=r"^WarmupCooldown\.saturates: must be True or False"):
        solana.WarmupCooldown(rate_bps=1, saturates=1)  # type: ignore[arg-type]
    assert solana.WarmupCooldown(rate_bps=10_000).rate_bps == 10_000
    for change in ({"effective": -1}, {"activating": -1}, {"deactivating": 2**64}):
        with pytest.raises(InputError, match=r"^StakeHistoryEntry\.\w+: must be an integer in \[0, "):
            solana.StakeHistoryEntry(**{"effective": 1} | change)


PORTIONS = st.integers(0, 6 * 10**17)
"""All SOL there is, 900 times the square of which stays within 128 bits."""


@given(PORTIONS, PORTIONS.filter(bool), PORTIONS)
def test_accounts_share_the_allowance(account, cluster, effective):
    change = solana.rate_limited_stake_change(account, cluster, effective)
    assert 0 <= change <= account
    assert change * cluster * 10_000 <= account * effective * 900
    assert solana.rate_limited_stake_change(cluster, cluster, effective) == min(cluster, effective * 900 // 10_000)


def entry(effective=1_000, activating=0, deactivating=0):
    return solana.StakeHistoryEntry(effective=effective, activating=activating, deactivating=deactivating)


def test_warm_up_epoch_by_epoch():
    history = [entry(activating=500), entry(1_090, 410), entry(1_188, 312), entry(1_294, 206)]
    assert solana.effective_while_activating(100, history) == [18, 37, 58, 81]
    assert solana.effective_while_activating(100, [entry(activating=500, deactivating=1)] * 40)[-1] == 100
    assert solana.effective_while_activating(100, [entry(activating=90)]) == [100]
    assert solana.effective_while_activating(0, [entry(activating=90)]) == [0]
    assert solana.effective_while_activating(10, []) == []


def test_warm_up_by_another_rule():
    assert solana.effective_while_activating(100, [entry(activating=500)], solana.ORIGINAL) == [50]
    assert solana.effective_while_deactivating(100, [entry(deactivating=500)], solana.ORIGINAL) == [50]


def test_cool_down_epoch_by_epoch():
    history = [entry(deactivating=500), entry(910, 0, 410)]
    assert solana.effective_while_deactivating(100, history) == [82, 66]
    assert solana.effective_while_deactivating(100, [entry(deactivating=90)] * 2) == [0, 0]


def test_at_least_a_lamport_moves():
    crowd = [entry(effective=1, activating=U64, deactivating=U64)] * 3
    assert solana.effective_while_activating(2, crowd) == [1, 2, 2]
    assert solana.effective_while_deactivating(2, crowd) == [1, 0, 0]


def test_a_history_is_written_by_name_and_waits_for_nothing():
    assert solana.StakeHistoryEntry(effective=5) == solana.StakeHistoryEntry(effective=5, activating=0, deactivating=0)
    with pytest.raises(TypeError, match="positional argument"):
        solana.StakeHistoryEntry(5, 1, 0)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        solana.WarmupCooldown(900, True)  # type: ignore[call-arg]


def test_the_walk_stops_where_nothing_waits():
    history = [entry(activating=500), entry(), entry(activating=500)]
    assert solana.effective_while_activating(100, history) == [18, 18, 18]
    assert solana.effective_while_deactivating(100, history) == [100, 100, 100]


def test_walks_refuse():
    for walk in (solana.effective_while_activating, solana.effective_while_deactivating):
        with pytest.raises(InputError, match=rf"^{walk.__name__}: delegated: must be an integer in \[0, "):
            walk(-1, [])
