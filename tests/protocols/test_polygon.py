"""Polygon's emission: the contract's fixed-point power of two, three versions of the rule, and the chain's face."""

from decimal import Decimal, localcontext
from fractions import Fraction

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import polygon
from stakingmodels.protocols.chains.polygon import V1_1, V1_2, V1_4, EmissionRules, Polygon

ONE = 10**18
YEAR = 31_536_000
VERSIONS = [(V1_1, 0.03, 0.02), (V1_2, 0.025, 0.015), (V1_4, 0.02, 0.01)]


@pytest.mark.parametrize(
    ("x", "power"),
    [
        (0, ONE),
        (ONE, 2 * ONE),
        (10 * ONE, 1024 * ONE),
        (ONE // 2, 1_414_213_562_373_095_048),
        (1, ONE),
        (2, 10**18 + 1),
    ],
)
def test_powers_of_two(x, power):
    assert polygon.exp2(x) == power


@given(st.integers(0, 10 * ONE))
def test_powers_are_right_to_the_last_digits(x):
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(2) ** (Decimal(x) / ONE) * ONE
    # rounded up, the factors of the binary digits may add 2**-65 of the power
    assert -40 * (x // ONE + 1) ** 3 <= polygon.exp2(x) - exact <= 1 + exact / Decimal(2) ** 65


def test_each_binary_digit_is_multiplied_in():
    for digit in range(1, 58):
        x = -(-ONE >> digit)  # the least argument whose fraction has the digit set
        with localcontext() as context:
            context.prec = 60
            exact = Decimal(2) ** (Decimal(x) / ONE) * ONE
        assert abs(polygon.exp2(x) - exact) <= 2


def factors():
    with localcontext() as context:
        context.prec = 80
        powers = [Decimal(2) ** (Decimal(1) / 2**digit) for digit in range(1, 65)]
        return [int((power * 2**64).to_integral_value()) for power in powers]


FACTORS = factors()
"""The contract's list, from the nearest multiple of 2**-64 to each power."""


def test_the_contracts_list_of_factors():
    # source: src/lib/PowUtil.sol, the first, the second and the last ones
    assert FACTORS[:2] == [0x16A09E667F3BCC909, 0x1306FE0A31B7152DF]
    assert [factor - 2**64 for factor in FACTORS[-8:]] == [0x59, 0x2C, 0x16, 0xB, 6, 3, 1, 1]


@given(st.integers(0, 64 * ONE))
@example(ONE - 1)
@example(63 * ONE + ONE // 3)
@example(64 * ONE - 1)
def test_the_power_is_rounded_as_the_contract_does(x):
    fixed = (x << 64) // ONE
    result = 1 << 191
    for digit, factor in enumerate(FACTORS):
        if fixed & 1 << (63 - digit):
            result = (result * factor) >> 64
    assert polygon.exp2(x) == result * ONE >> (191 - (fixed >> 64))


@pytest.mark.parametrize("x", [-1, 64 * ONE + 1])
def test_powers_out_of_range(x):
    with pytest.raises(InputError, match=r"^exp2: x: must be an integer in \[0, 64000000000000000000\]"):
        polygon.exp2(x)


def test_the_largest_power():
    assert polygon.exp2(64 * ONE) == 2**64 * ONE


@pytest.mark.parametrize(("rules", "rate", "stakers"), VERSIONS)
def test_each_version_grows_the_supply_by_its_rate(rules, rate, stakers):
    grown = rules.inflated_supply_after(YEAR)
    assert grown / rules.start_supply - 1 == pytest.approx(rate, rel=1e-10)
    treasury, staking = rules.split(grown - rules.start_supply)
    assert treasury + staking == grown - rules.start_supply
    assert staking / rules.start_supply == pytest.approx(stakers, rel=1e-10)
    assert rules.inflated_supply_after(0) == rules.start_supply


def test_the_numbers_of_each_version():
    assert [rules.interest_per_year_log2 for rules, _, _ in VERSIONS] == [
        42644337408493720,
        35623909730721220,
        28569152196770890,
    ]
    assert [rules.start_supply for rules, _, _ in VERSIONS] == [
        10**28,
        10248739753465028590240000886,
        10466456329199769051012729173,
    ]


def test_versions_follow_each_other():
    assert [rules.version for rules, _, _ in VERSIONS] == ["1.1.0", "1.2.0", "1.4.0"]
    assert [rules.live_from for rules, _, _ in VERSIONS] == ["2023-10-25", "2024-09-04", "2025-07-09"]
    # what one version had minted by the day of the next is what the next began with, to a day's minting
    assert V1_1.inflated_supply_after(1_725_466_319 - 1_698_224_783) == pytest.approx(V1_2.start_supply, rel=3e-3)
    assert V1_2.inflated_supply_after(1_752_102_239 - 1_725_466_319) == pytest.approx(V1_4.start_supply, rel=3e-3)


def test_the_supply_of_the_default_state_is_what_the_rule_gives():
    days = 480  # 2025-07-09 to 2026-11-01
    assert V1_4.inflated_supply_after(days * 86_400) / ONE == pytest.approx(Polygon().supply, rel=1e-5)
    assert V1_4.inflated_supply_after(317 * 86_400) / ONE == pytest.approx(10_648.05e6, rel=1e-5)


def test_another_start():
    assert V1_2.inflated_supply_after(0, start_supply=7) == 7
    assert (
        V1_2.inflated_supply_after(YEAR, start_supply=10**28)
        == V1_2.inflated_supply_after(YEAR, start_supply=10**27) * 10
    )
    assert V1_2.inflated_supply_after(YEAR, start_supply=1) == 1


def test_elapsed_time_is_cut_to_a_whole_argument():
    slow = attrs.evolve(V1_2, interest_per_year_log2=1)
    assert slow.inflated_supply_after(2 * YEAR - 1, start_supply=ONE) == ONE
    assert slow.inflated_supply_after(2 * YEAR, start_supply=ONE) == ONE + 1


@given(st.integers(0, 30 * YEAR), st.integers(0, YEAR))
def test_the_supply_never_falls(seconds, more):
    assert V1_4.inflated_supply_after(seconds) <= V1_4.inflated_supply_after(seconds + more)


def test_the_treasury_is_rounded_down():
    assert V1_1.split(5) == (1, 4)
    assert V1_2.split(4) == (1, 3)
    assert V1_4.split(5) == (2, 3)
    assert V1_4.split(0) == (0, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: V1_2.inflated_supply_after(-1),
            r"EmissionRules.inflated_supply_after: time_elapsed: must be an integer in",
        ),
        (lambda: V1_2.inflated_supply_after(1_000 * YEAR + 1), "EmissionRules.inflated_supply_after: time_elapsed"),
        (lambda: V1_2.inflated_supply_after(1, start_supply=0), r"EmissionRules.inflated_supply_after: start_supply"),
        (lambda: V1_2.inflated_supply_after(1, start_supply=2**128 + 1), "EmissionRules.inflated_supply_after: start"),
        (lambda: V1_2.split(-1), "EmissionRules.split: minted: must be an integer in"),
        (lambda: V1_2.split(2**128 + 1), "EmissionRules.split: minted"),
        (lambda: attrs.evolve(V1_2, interest_per_year_log2=0), "EmissionRules.interest_per_year_log2"),
        (lambda: attrs.evolve(V1_2, interest_per_year_log2=ONE + 1), "EmissionRules.interest_per_year_log2"),
        (lambda: attrs.evolve(V1_2, treasury_share=Fraction(3, 2)), "EmissionRules.treasury_share"),
        (lambda: attrs.evolve(V1_2, start_supply=0), "EmissionRules.start_supply"),
        (lambda: attrs.evolve(V1_2, start_supply=2**128 + 1), "EmissionRules.start_supply"),
        (lambda: attrs.evolve(V1_2, version=""), "EmissionRules.version"),
    ],
)
def test_arguments_are_checked(call, message):
    with pytest.raises(InputError, match=f"^{message}"):
        call()


def test_arguments_at_the_limits():
    assert V1_2.inflated_supply_after(1_000 * YEAR, start_supply=1) == int(1.025**1_000)
    assert V1_2.split(2**128)[0] == 2**128 * 2 // 5
    assert attrs.evolve(V1_2, interest_per_year_log2=ONE, start_supply=2**128).inflated_supply_after(YEAR) == 2**129
    assert attrs.evolve(V1_2, treasury_share=Fraction(1)).split(9) == (9, 0)
    assert attrs.evolve(V1_2, start_supply=1).inflated_supply_after(0) == 1
    assert attrs.evolve(Polygon(), unbonding_checkpoints=0).unbonding().days == 0.0
    assert attrs.evolve(Polygon(), unbonding_checkpoints=100_000, checkpoint_minutes=0.0).unbonding().days == 0.0


def test_floats_are_no_amounts():
    with pytest.raises(InputTypeError, match=r"^EmissionRules.treasury_share: must be Fraction"):
        attrs.evolve(V1_2, treasury_share=0.4)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^EmissionRules.split: minted: must be an integer"):
        V1_2.split(1e18)  # type: ignore[arg-type]


def test_what_a_staked_coin_earns():
    chain = Polygon(supply=10e9, staked=2e9)
    assert chain.supply_growth().value == pytest.approx(0.02, rel=1e-12)
    assert chain.nominal_apr().value == pytest.approx(0.05, rel=1e-12)
    assert attrs.evolve(chain, rules=V1_2).nominal_apr().value == pytest.approx(0.015 * 5, rel=1e-9)
    assert attrs.evolve(chain, rules=V1_1).supply_growth().value == pytest.approx(0.03, rel=1e-9)


def test_the_rest_of_the_face():
    chain = Polygon()
    assert (chain.asset, chain.supply, chain.staked, chain.as_of) == ("POL", 10_742_700_000.0, 2.5e9, "2025-10-01")
    assert chain.rules == V1_4
    assert chain.minimum_stake() == 1.0
    assert attrs.evolve(chain, delegator_minimum=2.0).minimum_stake() == 2.0
    assert chain.slashing() == ()
    assert chain.compounding() is False
    unbonding = chain.unbonding()
    assert unbonding.days == pytest.approx(185 / 10_603 * 80, rel=0.01)
    assert (unbonding.earns, unbonding.slashable) == (False, False)
    assert attrs.evolve(chain, checkpoint_minutes=18.0).unbonding().days == pytest.approx(1.0)
    assert attrs.evolve(chain, unbonding_checkpoints=160, checkpoint_minutes=18.0).unbonding().days == 2.0
    assert "80 checkpoints" in unbonding.source


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"staked": 11e9}, r"Polygon.staked: must not be above the supply of 1.07427e\+10, got 11000000000"),
        ({"staked": 0.0}, "Polygon.staked: must be in"),
        ({"supply": -1.0}, "Polygon.supply: must be in"),
        ({"unbonding_checkpoints": -1}, "Polygon.unbonding_checkpoints"),
        ({"unbonding_checkpoints": 100_001}, "Polygon.unbonding_checkpoints"),
        ({"checkpoint_minutes": -1.0}, "Polygon.checkpoint_minutes"),
        ({"delegator_minimum": 0.0}, "Polygon.delegator_minimum"),
        ({"asset": ""}, "Polygon.asset"),
        ({"as_of": ""}, "Polygon.as_of"),
    ],
)
def test_states_that_cannot_be(changes, message):
    with pytest.raises(InputError, match=f"^{message}"):
        attrs.evolve(Polygon(), **changes)


def test_all_may_be_staked():
    assert Polygon(supply=10.0, staked=10.0).nominal_apr().value == pytest.approx(0.01)


def test_the_rules_are_typed():
    with pytest.raises(InputTypeError, match=r"^Polygon.rules: must be EmissionRules; write polygon\.V1_4"):
        attrs.evolve(Polygon(), rules="1.4.0")  # type: ignore[arg-type]
    assert isinstance(V1_4, EmissionRules)


@pytest.mark.parametrize("kind", [EmissionRules, Polygon])
def test_parameters_are_given_by_name(kind):
    with pytest.raises(TypeError, match="takes no positional"):
        kind("1.4.0")
