"""Rocket Pool: rate of rETH, deposit pool, bonds, and who gets which part of the rewards."""

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.contracts import rocketpool
from stakingmodels.protocols.contracts.rocketpool import (
    ETHER,
    SATURN,
    Mint,
    NetworkBalances,
    RewardSplit,
    calculate_node_rewards,
    calculate_node_share,
    calculate_rewards,
    deposit,
    get_bond_requirement,
    get_capital_ratio,
    get_node_fee_by_demand,
)

WAD = 10**18
UINT256 = 2**256
POOL = NetworkBalances(1_140_000 * ETHER, 1_000_000 * ETHER)
# the settings of the project's own test of commissions
BY_DEMAND = attrs.evolve(
    SATURN,
    node_fee_minimum=WAD // 10,
    node_fee_target=15 * WAD // 100,
    node_fee_maximum=WAD // 5,
    node_fee_demand_range=ETHER,
)
BAD = [-1, 1.0, True, None, "1", UINT256]


def test_the_rate_is_rounded_down_both_ways():
    balances = NetworkBalances(7, 3)
    assert (balances.get_eth_value(4), balances.get_reth_value(10)) == (9, 4)
    assert POOL.get_exchange_rate() == 114 * WAD // 100
    assert POOL.get_reth_value(32 * ETHER) == 28_070175438596491228


def test_before_there_is_any_reth_one_is_one():
    empty = NetworkBalances(5, 0)
    assert (empty.get_eth_value(7), empty.get_reth_value(7), empty.get_exchange_rate()) == (7, 7, WAD)


def test_reth_without_ether_has_no_price():
    lost = NetworkBalances(0, 3)
    assert lost.get_eth_value(5) == 0
    message = r"^get_reth_value: total_eth_balance: must be above 0 where there is rETH, got 0$"
    with pytest.raises(InputError, match=message):
        lost.get_reth_value(5)


@given(st.integers(1, 10**26), st.integers(1, 10**26), st.integers(0, 10**26))
def test_no_round_trip_gains(ether, supply, amount):
    balances = NetworkBalances(ether, supply)
    assert balances.get_eth_value(balances.get_reth_value(amount)) <= amount
    assert balances.get_reth_value(balances.get_eth_value(amount)) <= amount


def test_burning_needs_collateral():
    assert POOL.burn(100, 114) == 114
    assert POOL.burn(1, 1) == 1
    with pytest.raises(
        InputError, match=r"^burn: reth_amount: must be worth at most the collateral, 113 wei, got 100$"
    ):
        POOL.burn(100, 113)


def test_how_much_could_be_burnt_at_once():
    assert POOL.get_collateral_rate(57 * ETHER, 500 * ETHER) == WAD // 10
    assert POOL.get_collateral_rate(1, 3) == WAD // 3
    assert POOL.get_collateral_rate(5, 0) == WAD


def test_a_report_moves_the_rate_by_two_percent_at_most():
    before = NetworkBalances(100 * ETHER, 100 * ETHER)
    for total in (102 * ETHER, 98 * ETHER, 100 * ETHER):
        after = NetworkBalances(total, 100 * ETHER)
        assert before.check_update(after) is after
    for total in (102 * ETHER + 100, 98 * ETHER - 100):
        message = rf"^check_update: new: must move the rate of {WAD} by at most {2 * WAD // 100}, got {total // 100}$"
        with pytest.raises(InputError, match=message):
            before.check_update(NetworkBalances(total, 100 * ETHER))
    loose = attrs.evolve(SATURN, max_reth_balance_delta=WAD)
    assert before.check_update(NetworkBalances(200 * ETHER, 100 * ETHER), loose).total_eth_balance == 200 * ETHER
    assert before.check_update(NetworkBalances(204 * ETHER, 200 * ETHER))
    half = NetworkBalances(50 * ETHER, 100 * ETHER)
    assert half.check_update(NetworkBalances(51 * ETHER, 100 * ETHER))
    with pytest.raises(InputError):
        half.check_update(NetworkBalances(51 * ETHER + 100, 100 * ETHER))


def test_the_first_report_may_bring_any_rate():
    after = NetworkBalances(5, 1)
    assert NetworkBalances(0, 0).check_update(after) is after
    assert NetworkBalances(0, 7).check_update(after) is after


@pytest.mark.parametrize(("before", "after"), [((5, 5), (5, 0)), ((5, 0), (5, 5))])
def test_a_report_without_reth(before, after):
    message = rf"^check_update: new.total_reth_supply: must be above 0, as before, got {after[1]}$"
    with pytest.raises(InputError, match=message):
        NetworkBalances(*before).check_update(NetworkBalances(*after))


def test_a_deposit_pays_its_fee_and_buys_reth():
    assert deposit(10 * ETHER, NetworkBalances(0, 0), 0, 0) == Mint(
        fee=5 * 10**15, net=9_995 * 10**15, reth=9_995 * 10**15
    )
    bought = deposit(ETHER, POOL, 0, 0)
    assert bought.reth == POOL.get_reth_value(9_995 * 10**14)
    free = attrs.evolve(SATURN, deposit_fee=0, deposit_minimum=1)
    assert deposit(7, NetworkBalances(2, 1), 0, 0, free) == Mint(fee=0, net=7, reth=3)
    assert deposit(2, NetworkBalances(2, 1), 0, 0, free).reth == 1


def test_a_deposit_too_small_or_too_great():
    assert deposit(ETHER // 100, POOL, 0, 0).fee == 5 * 10**12
    with pytest.raises(InputError, match=rf"^deposit: amount: must be an integer in \[{ETHER // 100}, "):
        deposit(ETHER // 100 - 1, POOL, 0, 0)
    assert deposit(100 * ETHER, POOL, 100 * ETHER, 40 * ETHER).net == 99_95 * ETHER // 100
    message = (
        rf"^deposit: amount: must be at most what the pool has room for, {100 * ETHER} wei, got {100 * ETHER + 1}$"
    )
    with pytest.raises(InputError, match=message):
        deposit(100 * ETHER + 1, POOL, 100 * ETHER, 40 * ETHER)
    roomy = attrs.evolve(SATURN, deposit_pool_maximum=500 * ETHER)
    assert deposit(400 * ETHER, POOL, 0, 0, roomy).fee == ETHER // 5
    small = attrs.evolve(SATURN, deposit_minimum=1)
    with pytest.raises(InputError, match=r"^deposit: amount: must buy some rETH, got 1$"):
        deposit(1, NetworkBalances(2, 1), 0, 0, small)


def test_room_in_the_pool():
    assert rocketpool.get_maximum_deposit_amount(0, 0) == 160 * ETHER
    assert rocketpool.get_maximum_deposit_amount(60 * ETHER, 5 * ETHER) == 105 * ETHER
    assert rocketpool.get_maximum_deposit_amount(165 * ETHER, 5 * ETHER) == 0
    assert rocketpool.get_maximum_deposit_amount(999 * ETHER, 5 * ETHER) == 0
    waiting = attrs.evolve(SATURN, assign_deposits_enabled=False)
    assert rocketpool.get_maximum_deposit_amount(60 * ETHER, 5 * ETHER, waiting) == 100 * ETHER
    assert rocketpool.get_excess_balance(7, 5) == 2
    assert rocketpool.get_excess_balance(5, 7) == 0


def test_what_the_token_lacks_of_its_target():
    assert rocketpool.get_reth_collateral_shortfall(POOL, 100_000 * ETHER) == 14_000 * ETHER
    assert rocketpool.get_reth_collateral_shortfall(POOL, 200_000 * ETHER) == 0
    none = attrs.evolve(SATURN, reth_collateral_target=0)
    assert rocketpool.get_reth_collateral_shortfall(POOL, 0, none) == 0


@pytest.mark.parametrize(
    ("demand", "fee"),
    [
        (-125, "0.1"),
        (-100, "0.1"),
        (-75, "0.12890625"),
        (-50, "0.14375"),
        (-25, "0.14921875"),
        (0, "0.15"),
        (25, "0.15078125"),
        (50, "0.15625"),
        (75, "0.17109375"),
        (100, "0.2"),
        (125, "0.2"),
    ],
)
def test_commission_by_demand_as_in_the_projects_own_test(demand, fee):
    assert get_node_fee_by_demand(demand * ETHER // 100, BY_DEMAND) == Fraction(fee) * WAD


def test_the_ends_of_the_range():
    assert get_node_fee_by_demand(ETHER - 1, BY_DEMAND) < WAD // 5
    assert get_node_fee_by_demand(1 - ETHER, BY_DEMAND) > WAD // 10
    # the demand is cut to six decimals of the range before it is cubed
    assert get_node_fee_by_demand(5 * 10**17 + 10**12 - 1, BY_DEMAND) == 15625 * 10**13
    assert get_node_fee_by_demand(5 * 10**17 + 10**12, BY_DEMAND) > 15625 * 10**13
    wide = attrs.evolve(BY_DEMAND, node_fee_demand_range=1)
    assert get_node_fee_by_demand(1, wide) == WAD // 5
    assert get_node_fee_by_demand(-1, wide) == WAD // 10
    assert get_node_fee_by_demand(0, wide) == 15 * WAD // 100
    assert get_node_fee_by_demand(-(2**255) + 1, BY_DEMAND) == WAD // 10
    assert get_node_fee_by_demand(2**255 - 1, BY_DEMAND) == WAD // 5
    assert get_node_fee_by_demand(5) == 15 * WAD // 100
    thirds = attrs.evolve(BY_DEMAND, node_fee_demand_range=3, node_fee_minimum=0, node_fee_maximum=WAD)
    t = 333333**3
    assert get_node_fee_by_demand(1, thirds) == 15 * WAD // 100 + 85 * WAD // 100 * t // WAD
    assert get_node_fee_by_demand(-1, thirds) == 15 * WAD // 100 * (WAD - t) // WAD


@given(st.integers(-2 * WAD, 2 * WAD), st.integers(0, WAD))
def test_commission_rises_with_demand(demand, more):
    assert get_node_fee_by_demand(demand, BY_DEMAND) <= get_node_fee_by_demand(demand + more, BY_DEMAND)


@pytest.mark.parametrize("demand", [1.0, None, 2**255, -(2**255)])
def test_a_demand_that_cannot_be(demand):
    with pytest.raises((InputError, InputTypeError), match=r"^get_node_fee_by_demand: node_demand: must be an integer"):
        get_node_fee_by_demand(demand)


def test_demand_is_what_waits_for_nodes():
    assert rocketpool.get_node_demand(7, 5) == 2
    assert rocketpool.get_node_demand(5, 7) == -2


def test_bonds():
    assert [get_bond_requirement(number) for number in range(5)] == [0, 4 * ETHER, 8 * ETHER, 12 * ETHER, 16 * ETHER]
    rising = attrs.evolve(SATURN, base_bond_array=(5, 9), reduced_bond=1)
    assert [get_bond_requirement(number, rising) for number in (1, 2, 3)] == [5, 9, 10]
    reduced = attrs.evolve(SATURN, reduced_bond=2 * ETHER)
    assert get_bond_requirement(32, reduced) == 68 * ETHER
    assert get_bond_requirement(2, reduced) == 8 * ETHER
    one = attrs.evolve(SATURN, base_bond_array=(3,))
    assert [get_bond_requirement(number, one) for number in (1, 2)] == [3, 3 + 4 * ETHER]
    assert get_bond_requirement(2**63 - 1) == (2**63 - 1) * 4 * ETHER


@pytest.mark.parametrize("number", [-1, 1.0, 2**63])
def test_a_number_of_validators_that_cannot_be(number):
    with pytest.raises((InputError, InputTypeError), match=r"^get_bond_requirement: num_validators: must be an int"):
        get_bond_requirement(number)


def test_a_capital_ratio_has_five_decimals():
    assert get_capital_ratio(4 * ETHER, 28 * ETHER) == WAD // 8
    assert get_capital_ratio(1, 2) == 33333 * 10**13
    assert isinstance(get_capital_ratio(1, 2), int)
    assert get_capital_ratio(68, 32 * 32 - 68) == 6640 * 10**13
    assert get_capital_ratio(5, 0) == WAD
    assert get_capital_ratio(0, 5) == 0
    message = r"^get_capital_ratio: node_bond: must be above 0 where no ether is borrowed, got 0$"
    with pytest.raises(InputError, match=message):
        get_capital_ratio(0, 0)


def test_an_ether_of_rewards_in_a_megapool():
    split = calculate_rewards(ETHER, WAD // 8)
    assert split == RewardSplit(node=168_750 * 10**12, voter=78_750 * 10**12, pdao=0, reth=752_500 * 10**12)
    assert calculate_rewards(ETHER, WAD).node == ETHER
    assert calculate_rewards(ETHER, 0).node == ETHER // 20
    assert calculate_rewards(0, 5) == RewardSplit(node=0, voter=0, pdao=0, reth=0)
    dao = attrs.evolve(SATURN, pdao_share=WAD // 10)
    assert calculate_rewards(100, WAD // 2, dao) == RewardSplit(node=53, voter=4, pdao=5, reth=38)


@given(st.integers(0, 10**24), st.integers(0, WAD))
def test_the_split_adds_up_and_rounds_to_the_node(rewards, ratio):
    split = calculate_rewards(rewards, ratio)
    assert split.node + split.voter + split.pdao + split.reth == rewards
    assert min(split.node, split.voter, split.pdao, split.reth) >= 0
    assert split.reth * 10**38 <= 86 * 10**18 * rewards * (WAD - ratio) + 86 * 10**36


@pytest.mark.parametrize(("eth", "own"), [(16, 0.5), (8, 0.25)])
def test_published_income_of_minipools(eth, own):
    rewards, fee = 10**20, 14 * WAD // 100
    expected = int(own * rewards) + int((1 - own) * rewards) * 14 // 100
    assert calculate_node_rewards(eth * ETHER, (32 - eth) * ETHER, rewards, fee) == expected


def test_rewards_of_a_minipool_are_rounded_down_twice():
    assert calculate_node_rewards(1, 2, 10, WAD // 2) == 3 + 3
    assert calculate_node_rewards(5, 0, 10, WAD // 2) == 10
    assert calculate_node_rewards(5, 5, 10, 0) == 5
    assert calculate_node_rewards(0, 5, 10, WAD) == 10
    message = r"^calculate_node_rewards: node_capital: must be above 0 where no ether is borrowed, got 0$"
    with pytest.raises(InputError, match=message):
        calculate_node_rewards(0, 0, 10, 0)


def share(balance: int, penalty: int = 0) -> int:
    return calculate_node_share(
        balance, node_capital=8 * ETHER, user_capital=24 * ETHER, node_fee=WAD // 10, penalty_rate=penalty
    )


def test_a_nodes_part_of_a_balance():
    assert share(33 * ETHER) == 8 * ETHER + ETHER // 4 + 3 * ETHER // 40
    assert share(32 * ETHER) == 8 * ETHER
    assert share(32 * ETHER + 4) == 8 * ETHER + 1
    assert share(30 * ETHER) == 6 * ETHER  # the loss is the node's
    assert share(24 * ETHER) == share(20 * ETHER) == share(8 * ETHER) == 0
    assert share(8 * ETHER - 4) == (8 * ETHER - 4) // 4 + (8 * ETHER - 4) * 3 // 4 // 10
    assert share(0) == 0


def test_a_penalty_falls_on_returned_capital_alone():
    assert share(32 * ETHER, WAD // 4) == 6 * ETHER
    assert share(32 * ETHER + 4, WAD) == 0
    assert share(26 * ETHER, WAD // 3) == 2 * ETHER - 2 * ETHER * (WAD // 3) // WAD
    assert share(4 * ETHER, WAD) == share(4 * ETHER)
    whole = calculate_node_share(32 * ETHER, node_capital=8 * ETHER, user_capital=24 * ETHER, node_fee=0)
    assert whole == 8 * ETHER
    early = attrs.evolve(SATURN, minipool_rewards_below=0)
    assert calculate_node_share(5, node_capital=4, user_capital=4, node_fee=0, settings=early) == 1


def test_published_inflation_of_rpl():
    assert rocketpool.rpl_rewards(0.05, 20e6, 0.7, 960.0, 8e6) == pytest.approx(84.0, rel=1e-12)
    many = rocketpool.rpl_rewards(0.05, 20e6, 0.7, np.array([960.0, 0.0]), 8e6)
    np.testing.assert_allclose(many, [84.0, 0.0], rtol=1e-12)
    for arguments, name in (
        ((5, 1, 1, 1, 1), "inflation"),
        ((0, -1, 1, 1, 1), "supply"),
        ((0, 1, 70, 1, 1), "node_operators_share"),
    ):
        with pytest.raises(InputError, match=rf"^rpl_rewards: {name}: must be"):
            rocketpool.rpl_rewards(*arguments)


FUNCTIONS = {
    "get_eth_value: reth_amount": POOL.get_eth_value,
    "get_reth_value: eth_amount": POOL.get_reth_value,
    "burn: reth_amount": lambda value: POOL.burn(value, 5),
    "burn: total_collateral": lambda value: POOL.burn(1, value),
    "get_collateral_rate: contract_balance": lambda value: POOL.get_collateral_rate(value, 5),
    "get_collateral_rate: current_supply": lambda value: POOL.get_collateral_rate(5, value),
    "get_excess_balance: balance": lambda value: rocketpool.get_excess_balance(value, 5),
    "get_excess_balance: queue_capacity": lambda value: rocketpool.get_excess_balance(5, value),
    "get_maximum_deposit_amount: balance": lambda value: rocketpool.get_maximum_deposit_amount(value, 5),
    "get_maximum_deposit_amount: queue_capacity": lambda value: rocketpool.get_maximum_deposit_amount(5, value),
    "deposit: amount": lambda value: deposit(value, POOL, 5, 5),
    "get_reth_collateral_shortfall: contract_balance": lambda value: rocketpool.get_reth_collateral_shortfall(
        POOL, value
    ),
    "get_node_demand: deposit_pool_balance": lambda value: rocketpool.get_node_demand(value, 5),
    "get_node_demand: minipool_capacity": lambda value: rocketpool.get_node_demand(5, value),
    "get_capital_ratio: node_bond": lambda value: get_capital_ratio(value, 5),
    "get_capital_ratio: user_capital": lambda value: get_capital_ratio(5, value),
    "calculate_rewards: amount": lambda value: calculate_rewards(value, 5),
    "calculate_rewards: capital_ratio": lambda value: calculate_rewards(5, value),
    "calculate_node_rewards: node_capital": lambda value: calculate_node_rewards(value, 5, 5, 5),
    "calculate_node_rewards: user_capital": lambda value: calculate_node_rewards(5, value, 5, 5),
    "calculate_node_rewards: rewards": lambda value: calculate_node_rewards(5, 5, value, 5),
    "calculate_node_rewards: node_fee": lambda value: calculate_node_rewards(5, 5, 5, value),
    "calculate_node_share: balance": share,
    "calculate_node_share: node_capital": lambda value: calculate_node_share(
        5, node_capital=value, user_capital=5, node_fee=5
    ),
    "calculate_node_share: user_capital": lambda value: calculate_node_share(
        5, node_capital=5, user_capital=value, node_fee=5
    ),
    "calculate_node_share: penalty_rate": lambda value: share(5, value),
    "NetworkBalances.total_eth_balance": lambda value: NetworkBalances(value, 5),
    "NetworkBalances.total_reth_supply": lambda value: NetworkBalances(5, value),
}


@pytest.mark.parametrize("where", FUNCTIONS)
@pytest.mark.parametrize("value", BAD)
def test_what_is_no_amount_is_refused(where, value):
    with pytest.raises((InputError, InputTypeError), match=rf"^{where}: must be an integer"):
        FUNCTIONS[where](value)


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (lambda value: calculate_rewards(5, value), WAD + 1),
        (lambda value: calculate_node_rewards(5, 5, 5, value), WAD + 1),
        (lambda value: share(5, value), WAD + 1),
        (lambda value: POOL.burn(value, 5), 0),
    ],
)
def test_fractions_and_burns_have_bounds(function, value):
    with pytest.raises(InputError, match=r"must be an integer in \["):
        function(value)


def test_the_dated_settings():
    assert (SATURN.name, SATURN.as_of) == ("Saturn", "2026-04-17")
    assert SATURN.reth_share == 86 * WAD // 100
    assert SATURN.deposit_fee == 5 * WAD // 10_000
    assert SATURN.base_bond_array == (4 * ETHER, 8 * ETHER)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"node_fee_target": 14 * WAD // 100},
            rf"node_fee_target: must be in \[node_fee_minimum, node_fee_maximum\], {15 * WAD // 100} to ",
        ),
        ({"node_fee_target": 16 * WAD // 100}, rf"node_fee_target: must be in .*, got {16 * WAD // 100}$"),
        ({"pdao_share": WAD}, "node_commission_share: must add up to at most"),
        (
            {"node_commission_share": WAD},
            rf"node_commission_share: must add up to at most {WAD} with the other two shares, got 109",
        ),
        ({"voter_share": -1}, "voter_share: must be an integer in"),
        ({"pdao_share": WAD + 1}, "pdao_share: must be an integer in"),
        ({"deposit_fee": 0.05}, "deposit_fee: must be an integer"),
        ({"node_fee_demand_range": 0}, "node_fee_demand_range: must be an integer in"),
        ({"assign_deposits_enabled": 1}, "assign_deposits_enabled: must be True or False"),
        ({"base_bond_array": ()}, r"base_bond_array: must hold one bond at least, got \(\)$"),
        ({"base_bond_array": 5}, "base_bond_array: must be a tuple of bonds, got int 5$"),
        ({"base_bond_array": (4, 3)}, r"base_bond_array\[1\]: must be an integer in \[4, "),
        ({"base_bond_array": (-1,)}, r"base_bond_array\[0\]: must be an integer in \[0, "),
    ],
)
def test_settings_that_cannot_be(changes, message):
    with pytest.raises((InputError, InputTypeError), match=rf"^Settings\.{message}"):
        attrs.evolve(SATURN, **changes)


def test_settings_at_their_bounds():
    every = attrs.evolve(SATURN, node_commission_share=WAD - 9 * WAD // 100)
    assert every.reth_share == 0
    bonds: Any = [4, 4]
    assert attrs.evolve(SATURN, base_bond_array=bonds).base_bond_array == (4, 4)


def test_parts_and_rates_are_rounded_down_at_their_edges():
    assert get_capital_ratio(10**23 - 1, 10**28 - 10**23 + 1) == 0  # a hair less than 0.00001
    assert get_capital_ratio(10**23, 10**28 - 10**23) == 10**13
    with_pdao = attrs.evolve(SATURN, pdao_share=WAD // 20)
    assert calculate_rewards(1, 0, with_pdao) == RewardSplit(node=1, voter=0, pdao=0, reth=0)
    most = NetworkBalances(2_040_000_000_000_000_001, 2 * WAD)  # half a wei above 1.02
    assert NetworkBalances(WAD, WAD).check_update(most) is most
    with pytest.raises(InputError, match=r"^check_update: new: must move the rate of 10{18} by at most 20{16}, got"):
        NetworkBalances(WAD, WAD).check_update(NetworkBalances(2_040_000_000_000_000_002, 2 * WAD))
    whole = WAD * 999 + 1
    lacking = whole * SATURN.reth_collateral_target // WAD
    assert rocketpool.get_reth_collateral_shortfall(NetworkBalances(whole, WAD), 0) == lacking


def test_the_fee_of_a_deposit_is_rounded_down():
    fee = (ETHER + 1) * SATURN.deposit_fee // WAD
    assert fee * WAD < (ETHER + 1) * SATURN.deposit_fee
    assert deposit(ETHER + 1, POOL, 0, 0).fee == fee


@pytest.mark.parametrize("total", [0.0, -1.0, np.array([5.0, 0.0])])
def test_rewards_in_rpl_are_shared_by_what_is_staked(total):
    with pytest.raises(InputError, match=r"^rpl_rewards: total_staked: must be above 0"):
        rocketpool.rpl_rewards(0.05, 2e7, 0.7, 1.0, total)
