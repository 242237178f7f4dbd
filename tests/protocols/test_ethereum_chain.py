import json
from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.protocols.chains.ethereum import FULU, GWEI_PER_ETH, Ethereum, exit_wait, issuance, slashing_loss
from stakingmodels.rates import APR

CHAIN = Ethereum()
TOTAL = 42_228_608 * GWEI_PER_ETH


def test_the_dated_state():
    assert (CHAIN.asset, CHAIN.supply, CHAIN.staked, CHAIN.as_of) == ("ETH", 121_953_481.0, 42_228_608.0, "2026-08-22")
    assert CHAIN.staked / CHAIN.supply == pytest.approx(0.3463, abs=5e-5)
    assert (CHAIN.burned_per_year, CHAIN.compounding_credentials, CHAIN.ruleset) == (59_000.0, True, FULU)


def test_the_asset_is_given():
    of: Any = Ethereum
    with pytest.raises(TypeError, match="asset"):
        of(asset="ETC")


def test_rates():
    assert CHAIN.issuance() == issuance(TOTAL)
    assert CHAIN.nominal_apr() == issuance(TOTAL).apr()
    assert CHAIN.nominal_apr().value == pytest.approx(0.02554, abs=1e-5)
    growth = (issuance(TOTAL).apr().value * 42_228_608 - 59_000) / 121_953_481
    assert CHAIN.supply_growth().value == pytest.approx(growth, rel=1e-12)
    assert CHAIN.supply_growth().value == pytest.approx(0.00836, abs=5e-6)
    assert Ethereum(burned_per_year=0.0).supply_growth().value > CHAIN.supply_growth().value
    assert Ethereum(burned_per_year=10**7).supply_growth().value < 0
    assert isinstance(CHAIN.real_apr(), APR)


def test_unbonding():
    found = CHAIN.unbonding()
    assert found.days == float(exit_wait(TOTAL, 0, 32 * GWEI_PER_ETH, FULU, payable_validators=901_697).days)
    sweep = 901_697 / 16 / 7_200 / 2
    assert found.days == pytest.approx((5 + 256) / 225 + sweep, abs=1e-4)
    assert found.days == pytest.approx(5.07, abs=5e-3)
    assert (found.earns, found.slashable) == (False, True)
    assert "initiate_validator_exit" in found.source


def test_the_sweep_goes_round_validators_not_round_stake():
    assert Ethereum(staked=42.23e6).unbonding().days == pytest.approx(5.07, abs=5e-3)
    assert Ethereum(validators=901_697).unbonding() == CHAIN.unbonding()
    base = (5 + 256) / 225
    halved = Ethereum(validators=450_848).unbonding().days
    assert halved - base == pytest.approx((CHAIN.unbonding().days - base) / 2, rel=1e-4)
    more_in_fewer = Ethereum(staked=45e6, validators=800_000).unbonding().days
    assert more_in_fewer < CHAIN.unbonding().days
    with pytest.raises(InputError, match=r"^Ethereum\.validators: must hold the stake of .* at 16 to 2048 ETH each"):
        Ethereum(validators=20_000)
    with pytest.raises(InputError, match=r"^Ethereum\.validators: must hold the stake of"):
        Ethereum(validators=2_700_000)
    with pytest.raises(InputError, match=r"^Ethereum\.validators: must be an integer"):
        Ethereum(validators=0)


def test_slashing():
    found = CHAIN.slashing()
    assert [each.name for each in found] == ["double proposal", "double vote", "surround vote"]
    least = slashing_loss(32 * GWEI_PER_ETH, TOTAL).total / (32 * GWEI_PER_ETH)
    assert {(each.min, each.max) for each in found} == {(least, 1.0)}
    assert least == pytest.approx(0.00184, abs=1e-5)
    assert all("slash_validator" in each.source for each in found)


def test_stake():
    assert CHAIN.minimum_stake() == 32.0
    assert CHAIN.compounding()
    assert not Ethereum(compounding_credentials=False).compounding()
    assert CHAIN.attack_cost(0.5) == CHAIN.staked


def test_bad_states():
    with pytest.raises(InputError, match=r"Ethereum\.staked: must be in \[64, supply of 1.21953e\+08\]"):
        Ethereum(staked=121_953_482.0)
    with pytest.raises(InputError, match=r"Ethereum\.staked"):
        Ethereum(staked=63.9)
    assert Ethereum(staked=64.0).nominal_apr().value > 0
    assert Ethereum(staked=121_953_481.0).attack_cost(0.5) > 0
    with pytest.raises(InputError, match=r"Ethereum\.burned_per_year"):
        Ethereum(burned_per_year=-1.0)
    with pytest.raises(InputError, match=r"Ethereum\.supply"):
        Ethereum(supply=0.0)


def test_the_burn_is_what_the_record_of_the_year_leaves(shared_data):
    """Issued on the stake of each day if all did all their duties, less what supply rose by, in 365 days."""
    rows = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    rows = [row for row in rows if "2026-01-01" <= row["date"] <= CHAIN.as_of]
    days = np.array([row["date"] for row in rows], dtype="datetime64[D]").astype(np.int64)
    issued = [
        float(issuance(int(row["staked_amount"]) * GWEI_PER_ETH).per_year.total) * row["staked_amount"] for row in rows
    ]
    burned = np.trapezoid(issued, days) / 365 - (rows[-1]["supply"] - rows[0]["supply"])
    assert CHAIN.burned_per_year == pytest.approx(burned * 365 / (days[-1] - days[0]), abs=500.0)


@pytest.mark.parametrize(("staked", "validators"), [(20_480_000.0, 10_000), (16_000_000.0, 1_000_000)])
def test_validators_may_be_full_or_at_the_ejection_balance(staked, validators):
    assert Ethereum(staked=staked, validators=validators).validators == validators


def test_the_ruleset_is_that_of_the_chain():
    other = attrs.evolve(FULU, base_reward_factor=128, min_slashing_penalty_quotient=64)
    chain = Ethereum(ruleset=other)
    assert chain.issuance() == issuance(TOTAL, ruleset=other) != CHAIN.issuance()
    own = 32 * GWEI_PER_ETH
    assert {each.min for each in chain.slashing()} == {slashing_loss(own, TOTAL, ruleset=other).total / own}
    assert chain.slashing()[0].min > CHAIN.slashing()[0].min
