"""Broken products, wrappers, scenarios, chains and functions, each caught by the check meant for it and by no other.

Their sound counterparts pass every check with 30 random seeds.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from stakingmodels import (
    CloudMiningContract,
    ExchangeStaking,
    Holding,
    LeaveWhen,
    LiquidStakingToken,
    Price,
    SoloValidator,
    StakingPool,
    TimeGrid,
)
from stakingmodels.testing import (
    check_chain,
    check_product,
    check_reward,
    check_scenario,
    strategies,
)
from tests.protocols.test_chain_face import CHAINS
from tests.scenarios.own import REASONS, WHOLE, WORLDS
from tests.testing import broken_wrappers, test_sharp_chains, test_sharp_scenarios
from tests.testing import test_sharp as products
from tests.testing.catalogue import BROKEN
from tests.testing.drawn import drawn
from tests.testing.rewards.sound import SOUND, adapted
from tests.testing.rewards.test_forms import FORMS
from tests.testing.rewards.test_library import OWN

pytestmark = [pytest.mark.slow, pytest.mark.once]


def test_there_are_more_than_forty_of_all_five_kinds():
    counts = Counter(each.kind for each in BROKEN)
    assert sum(counts.values()) >= 40
    assert min(counts[kind] for kind in ("product", "wrapper", "scenario", "chain", "function")) >= 10


@pytest.mark.parametrize("planted", BROKEN, ids=[f"{each.kind}-{each.name.split('(')[0]}" for each in BROKEN])
def test_a_broken_thing_is_caught_by_the_checks_meant_for_it_and_by_no_other(planted):
    assert planted.caught() == planted.meant


# Sound counterparts

SEEDS = range(30)
DAYS = TimeGrid.daily("2026-01-01", days=10, settlement_days=5)
LATE = TimeGrid.daily("2026-01-01", days=30, settlement_days=15)
SHOCKED_LATE = {"shocked", "stress", "many shocks"}
KINDS = (Holding, StakingPool, SoloValidator, LiquidStakingToken, ExchangeStaking, CloudMiningContract)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_products_of_any_terms_pass_on_any_market(kind):
    for seed in SEEDS:
        product, market, capital = drawn(strategies.cases(kind), seed)
        check_product(product, market, capital=capital)


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)  # no rule leaves a mining contract
def test_wrappers_around_products_of_any_terms_pass_on_any_market(kind):
    for seed in SEEDS:
        product, market, capital = drawn(strategies.cases(kind), seed)
        if not product.can_leave_early:
            continue
        rule = drawn(strategies.rules(product.factors - {Price(market.numeraire)}), seed)
        check_product(LeaveWhen(product, rule), market, capital=capital)


@pytest.mark.parametrize("thing", [products.Plain(), broken_wrappers.SOUND], ids=["product", "wrapper"])
def test_the_sound_counterparts_of_the_broken_pass_on_any_market(thing):
    for seed in SEEDS:
        market = drawn(strategies.markets(thing.factors), seed)
        check_product(thing, market, capital=products.CAPITAL)


SCENARIOS: Mapping[str, Any] = {**WORLDS, **WHOLE, "sound": test_sharp_scenarios.Sound()}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_pass_with_any_seed(name):
    for seed in SEEDS:
        check_scenario(
            SCENARIOS[name], LATE if name in SHOCKED_LATE else DAYS, seed=seed, expected_failures=REASONS.get(name, {})
        )


@pytest.mark.parametrize("kind", [*CHAINS, test_sharp_chains.Sound], ids=lambda kind: kind.__name__)
def test_chains_of_any_stake_pass(kind):
    from hypothesis import strategies as st

    chain = kind()
    for seed in SEEDS:
        share = drawn(st.floats(0.8, 1.2), seed)
        check_chain(attrs.evolve(chain, staked=min(chain.staked * share, 0.8 * chain.supply)))


FUNCTIONS = [
    *((name, adapted(name), {}) for name in SOUND),
    *((function.__name__, function, promises) for function, promises, _ in FORMS),
    *((f"{function.__name__}-{i}", function, promises) for i, (function, promises) in enumerate(OWN)),
]


@pytest.mark.parametrize(
    ("function", "promises"), [each[1:] for each in FUNCTIONS], ids=[name for name, _, _ in FUNCTIONS]
)
def test_functions_pass_with_any_seed(function, promises):
    for seed in SEEDS:
        check_reward(function, **promises, examples=20, seed=seed)
