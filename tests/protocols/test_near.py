"""NEAR's rewards against the project's own tests, and the chain's face."""

from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import near
from stakingmodels.protocols.chains.near import Near, RewardRules, Validator

SECOND = 10**9
ONE_PERCENT = RewardRules(
    max_inflation_rate=Fraction(1, 100), protocol_reward_rate=Fraction(0), num_seconds_per_year=1_000
)
"""The rules of the project's tests: an epoch of 1,000 seconds is a year."""


def validator(name, **work):
    return Validator(account_id=name, stake=500_000, **work)


def rewards(*validators, rules=ONE_PERCENT, supply=1_000_000_000, seconds=1_000):
    return near.calculate_reward(validators, total_supply=supply, epoch_duration=seconds * SECOND, rules=rules)


def test_kinds_of_work_are_averaged():
    # source: reward_calculator.rs, test_reward_chunk_only_producer
    paid, minted = rewards(
        validator("test1", blocks=(945, 1_000), chunks=(945, 1_000)),
        validator("test2", chunks=(999, 1_000)),
        validator("test3", blocks=(945, 1_000)),
        validator("test4"),
    )
    assert paid == {"near": 0, "test1": 1_250_000, "test2": 2_500_000, "test3": 1_250_000, "test4": 0}
    assert minted == 5_000_000


def test_endorsements_count_as_well():
    # source: reward_calculator.rs, test_reward_stateless_validation
    paid, minted = rewards(
        validator("test1", blocks=(945, 1_000), chunks=(944, 1_000), endorsements=(946, 1_000)),
        validator("test2", chunks=(998, 1_000), endorsements=(1_000, 1_000)),
        validator("test3", blocks=(940, 1_000), endorsements=(950, 1_000)),
        validator("test4", endorsements=(1_000, 1_000)),
    )
    assert paid == {"near": 0, "test1": 1_250_000, "test2": 2_500_000, "test3": 1_250_000, "test4": 2_500_000}
    assert minted == 7_500_000


@pytest.mark.parametrize(("rules", "total"), [(near.MAINNET_UP_TO_80, 50), (near.MAINNET_FROM_81, 25)])
def test_inflation_was_halved(rules, total):
    # source: reward_calculator.rs, test_adjust_max_inflation
    paid, minted = rewards(
        Validator(account_id="test1", stake=100 * near.YOCTO_PER_NEAR, blocks=(1, 1)),
        rules=attrs.evolve(rules, num_seconds_per_year=1_000_000),
        supply=10**9 * near.YOCTO_PER_NEAR,
        seconds=1,
    )
    assert minted == total * near.YOCTO_PER_NEAR
    assert paid == {"near": minted // 10, "test1": minted - minted // 10}


def test_an_extreme_supply():
    # source: reward_calculator.rs, test_reward_no_overflow
    supply = 10**11 * near.YOCTO_PER_NEAR
    paid, minted = near.calculate_reward(
        [Validator(account_id="test", stake=1, blocks=(1, 1))], total_supply=supply, epoch_duration=43_200 * SECOND
    )
    assert minted == supply // 40 // 730
    assert paid["near"] == minted // 10


def test_an_epoch_without_validators_mints_nothing_but_names_the_treasury():
    assert rewards(rules=attrs.evolve(ONE_PERCENT, protocol_reward_rate=Fraction(1, 10))) == ({"near": 1_000_000}, 0)


def test_stakes_share_and_round_down():
    paid, minted = rewards(
        Validator(account_id="a", stake=1, blocks=(1, 1)),
        Validator(account_id="b", stake=2, blocks=(1, 1)),
        supply=1_001,
    )
    assert paid == {"near": 0, "a": 3, "b": 6}
    assert minted == 9


def test_each_product_is_rounded_down_by_itself():
    rules = attrs.evolve(ONE_PERCENT, protocol_reward_rate=Fraction(1, 3))
    paid, minted = rewards(Validator(account_id="a", stake=7, blocks=(1, 1)), rules=rules, supply=1_099)
    assert paid == {"near": 3, "a": 7}
    assert minted == 10


def test_no_stake_no_reward():
    assert rewards(Validator(account_id="a", stake=0, blocks=(1, 1)))[0] == {"near": 0, "a": 0}


def test_the_epochs_total():
    assert near.epoch_total_reward(10**9, 43_200 * SECOND) == 10**9 // 40 // 730
    assert near.epoch_total_reward(40, 365 * 86_400 * SECOND) == 1
    assert near.epoch_total_reward(40, 365 * 86_400 * SECOND - 1) == 0
    assert near.epoch_total_reward(0, SECOND) == 0
    assert near.epoch_total_reward(10**30, 0) == 0


@pytest.mark.parametrize(
    ("uptime", "share"),
    [
        (Fraction(0), 0),
        (Fraction(899, 1_000), 0),
        (Fraction(900, 1_000), 0),
        (Fraction(945, 1_000), Fraction(1, 2)),
        (Fraction(99, 100), 1),
        (Fraction(995, 1_000), 1),
        (Fraction(1), 1),
    ],
)
def test_uptime_pays_between_two_thresholds(uptime, share):
    assert near.online_share(uptime, near.MAINNET_FROM_81) == share


def test_no_work_counts_as_no_uptime():
    assert validator("a").online_ratio() == 0
    assert validator("a", blocks=(0, 1)).online_ratio() == 0
    assert validator("a", blocks=(1, 3), chunks=(0, 0), endorsements=(1, 2)).online_ratio() == Fraction(5, 12)
    assert validator("a", blocks=(1, 2), chunks=(1, 3), endorsements=(1, 6)).online_ratio() == Fraction(1, 3)


@given(st.lists(st.tuples(st.integers(0, 10**27), st.integers(0, 100)), max_size=8), st.integers(0, 10**33))
def test_never_more_is_minted_than_inflation_allows(states, supply):
    validators = [
        Validator(account_id=f"v{number}", stake=stake, blocks=(produced, 100))
        for number, (stake, produced) in enumerate(states)
    ]
    paid, minted = near.calculate_reward(validators, total_supply=supply, epoch_duration=43_200 * SECOND)
    assert sum(paid.values()) == minted or not validators
    assert 0 <= minted <= near.epoch_total_reward(supply, 43_200 * SECOND)


@pytest.mark.parametrize("names", [("a", "a"), ("near",), ("a", "b", "a")])
def test_names_differ(names):
    with pytest.raises(
        InputError, match=r"^calculate_reward: validators: must have different names, none the treasury's"
    ):
        rewards(*(validator(name) for name in names))


def test_the_treasury_may_have_another_name():
    rules = attrs.evolve(ONE_PERCENT, protocol_treasury_account="treasury")
    assert set(rewards(validator("near"), rules=rules)[0]) == {"near", "treasury"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: near.epoch_total_reward(-1, 1), "epoch_total_reward: total_supply: must be an integer in"),
        (lambda: near.epoch_total_reward(2**128, 1), "epoch_total_reward: total_supply"),
        (lambda: near.epoch_total_reward(1, -1), "epoch_total_reward: epoch_duration: must be an integer in"),
        (lambda: near.epoch_total_reward(1, 2**64), "epoch_total_reward: epoch_duration"),
        (lambda: near.online_share(Fraction(3, 2), ONE_PERCENT), "online_share: uptime: must be a ratio in"),
        (lambda: validator("a", blocks=(2, 1)), r"Validator.blocks\[0\]: must be an integer in \[0, 1\]"),
        (lambda: validator("a", chunks=(-1, 1)), r"Validator.chunks\[0\]"),
        (lambda: validator("a", endorsements=(0, -1)), r"Validator.endorsements\[1\]: must be an integer in \[0, "),
        (lambda: validator("a", blocks=(0, 2**64)), r"Validator.blocks\[1\]"),
        (lambda: Validator(account_id="a", stake=-1), "Validator.stake: must be an integer in"),
        (lambda: Validator(account_id="a", stake=2**128), "Validator.stake"),
        (lambda: Validator(account_id="", stake=1), "Validator.account_id"),
        (lambda: attrs.evolve(ONE_PERCENT, max_inflation_rate=Fraction(2)), "RewardRules.max_inflation_rate"),
        (lambda: attrs.evolve(ONE_PERCENT, protocol_reward_rate=Fraction(2)), "RewardRules.protocol_reward_rate"),
        (lambda: attrs.evolve(ONE_PERCENT, online_min_threshold=Fraction(2)), "RewardRules.online_min_threshold"),
        (lambda: attrs.evolve(ONE_PERCENT, online_max_threshold=Fraction(2)), "RewardRules.online_max_threshold"),
        (
            lambda: attrs.evolve(ONE_PERCENT, online_min_threshold=Fraction(99, 100)),
            r"RewardRules.online_min_threshold: must be below online_max_threshold 99/100, got Fraction\(99, 100\)",
        ),
        (lambda: attrs.evolve(ONE_PERCENT, num_seconds_per_year=0), r"RewardRules.num_seconds_per_year"),
        (lambda: attrs.evolve(ONE_PERCENT, protocol_treasury_account=""), "RewardRules.protocol_treasury_account"),
    ],
)
def test_arguments_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def test_arguments_at_the_limits():
    assert near.epoch_total_reward(2**128 - 1, 2**64 - 1) > 0
    assert Validator(account_id="a", stake=2**128 - 1, blocks=(2**64 - 1, 2**64 - 1)).online_ratio() == 1
    assert attrs.evolve(ONE_PERCENT, num_seconds_per_year=1, online_max_threshold=Fraction(1)).online_max_threshold == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: validator("a", blocks=[1, 1]), r"Validator.blocks: must be a pair \(produced, expected\)"),
        (lambda: validator("a", blocks=(1, 1, 1)), "Validator.blocks: must be a pair"),
        (lambda: validator("a", blocks=(1.0, 1)), r"Validator.blocks\[0\]: must be an integer"),
        (
            lambda: attrs.evolve(ONE_PERCENT, max_inflation_rate=0.025),  # type: ignore[arg-type]
            "RewardRules.max_inflation_rate: must be Fraction",
        ),
        (lambda: near.epoch_total_reward(1e9, 1), "epoch_total_reward: total_supply: must be an integer"),  # type: ignore[arg-type]
        (lambda: Near(rules=0.025), r"Near.rules: must be RewardRules; write near\.MAINNET_FROM_81"),  # type: ignore[arg-type]
    ],
)
def test_types_are_checked(call, message):
    with pytest.raises(InputTypeError, match=f"^{message}"):
        call()


def test_rules():
    rules = near.MAINNET_FROM_81
    assert rules.protocol_reward_rate == Fraction(1, 10)
    assert (rules.online_min_threshold, rules.online_max_threshold) == (Fraction(9, 10), Fraction(99, 100))
    assert rules.num_seconds_per_year == 31_536_000
    assert rules.protocol_treasury_account == "near"
    assert (near.YOCTO_PER_NEAR, near.NANOSECONDS_PER_SECOND) == (10**24, SECOND)


def test_what_a_staked_coin_earns():
    chain = Near(supply=1_000.0, staked=500.0)
    assert chain.supply_growth().value == 0.025
    assert chain.nominal_apr().value == pytest.approx(0.045, rel=1e-12)
    assert attrs.evolve(chain, rules=near.MAINNET_UP_TO_80).nominal_apr().value == pytest.approx(0.09, rel=1e-12)


def test_the_rest_of_the_face():
    chain = Near()
    assert (chain.asset, chain.supply, chain.staked, chain.as_of) == ("NEAR", 1.281e9, 6.02e8, "2025-07-01")
    assert chain.rules == near.MAINNET_FROM_81
    assert chain.minimum_stake() == 0.1
    assert chain.slashing() == ()
    assert chain.compounding() is True
    unbonding = chain.unbonding()
    assert unbonding.days == pytest.approx(1.2)
    assert (unbonding.earns, unbonding.slashable) == (False, False)
    assert attrs.evolve(chain, unbonding_epochs=2, epoch_hours=6.0).unbonding().days == 0.5
    assert attrs.evolve(chain, unbonding_epochs=0).unbonding().days == 0.0
    assert attrs.evolve(chain, unbonding_epochs=1_000).unbonding().days == pytest.approx(300.0)
    assert "four epochs" in unbonding.source


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"staked": 2e9}, r"Near.staked: must not be above the supply of 1.281e\+09, got 2000000000"),
        ({"staked": 0.0}, "Near.staked: must be in"),
        ({"supply": 0.0}, "Near.supply: must be in"),
        ({"epoch_hours": 0.0}, "Near.epoch_hours"),
        ({"unbonding_epochs": -1}, "Near.unbonding_epochs"),
        ({"unbonding_epochs": 1_001}, "Near.unbonding_epochs"),
        ({"delegator_minimum": 0.0}, "Near.delegator_minimum"),
        ({"asset": ""}, "Near.asset"),
        ({"as_of": ""}, "Near.as_of"),
    ],
)
def test_states_that_cannot_be(changes, message):
    with pytest.raises(InputError, match=f"^{message}"):
        attrs.evolve(Near(), **changes)


def test_all_may_be_staked():
    assert Near(supply=10.0, staked=10.0).nominal_apr().value == pytest.approx(0.0225)


@pytest.mark.parametrize("kind", [RewardRules, Validator, Near])
def test_parameters_are_given_by_name(kind):
    with pytest.raises(TypeError, match="takes no positional"):
        kind("near")


def test_the_share_of_uptime_is_rounded_down_before_it_is_shared():
    rules = attrs.evolve(ONE_PERCENT, online_min_threshold=Fraction(0), online_max_threshold=Fraction(1))
    paid, _ = rewards(Validator(account_id="a", stake=1, blocks=(1, 2)), rules=rules, supply=1_100)
    assert paid["a"] == 5  # half of the 11 of the epoch
