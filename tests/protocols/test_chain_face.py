"""Every chain answers the same few questions, and answers them sensibly."""

import datetime as dt
import importlib
import inspect
import pkgutil

import attrs
import pytest

from stakingmodels.errors import InputError
from stakingmodels.protocols import chains
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.rates import APR


def every_chain() -> list[type[Chain]]:
    found: dict[str, type[Chain]] = {}
    for module in pkgutil.walk_packages(chains.__path__, f"{chains.__name__}."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, Chain) and not inspect.isabstract(kind):
                found[kind.__qualname__] = kind
    return [found[name] for name in sorted(found)]


CHAINS = every_chain()
each_chain = pytest.mark.parametrize("kind", CHAINS, ids=lambda kind: kind.__name__)


def test_chains_are_found():
    assert {"Near", "Polygon", "Tezos"} <= {kind.__name__ for kind in CHAINS}


@each_chain
def test_a_chain_is_a_frozen_value(kind):
    one, other = kind(), kind()
    assert one == other
    assert hash(one) == hash(other)
    assert one is not other
    assert attrs.evolve(one, staked=one.staked * 0.9) != one
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.staked = 1.0


@each_chain
def test_the_state_is_dated_and_whole(kind):
    chain = kind()
    assert chain.asset == chain.asset.upper()
    assert 0.0 < chain.staked <= chain.supply
    assert dt.date.fromisoformat(chain.as_of) <= dt.date(2026, 11, 30)


@each_chain
def test_rates_are_of_the_usual_size(kind):
    chain = kind()
    nominal, growth, real = chain.nominal_apr(), chain.supply_growth(), chain.real_apr()
    realised = chain.realized_apr()
    assert all(type(rate) is APR for rate in (nominal, growth, real, realised))
    assert 0.0 < nominal.value < 1.0
    assert -0.1 < growth.value < 0.2
    assert (real.value < realised.value) == (growth.value > 0.0)
    assert (1.0 + real.value) * (1.0 + growth.value) == pytest.approx(1.0 + realised.value, rel=1e-12)


def test_only_a_chain_that_counts_blocks_realises_another_rate_than_it_names():
    others = [kind.__name__ for kind in CHAINS if kind().realized_apr() != kind().nominal_apr()]
    assert others == ["Cosmos"]


@each_chain
def test_fewer_who_stake_are_never_paid_less_each(kind):
    chain = kind()
    fewer = attrs.evolve(chain, staked=chain.staked * 0.9)
    assert fewer.nominal_apr().value >= chain.nominal_apr().value


@each_chain
def test_what_an_attack_takes(kind):
    chain = kind()
    assert chain.attack_cost(1 / 3) == pytest.approx(chain.staked / 2, rel=1e-12)
    assert chain.attack_cost(2 / 3) == pytest.approx(2 * chain.staked, rel=1e-12)
    for share in (0.0, 1.0):
        with pytest.raises(InputError, match=rf"^{kind.__name__}.attack_cost: share: must be a fraction in \(0, 1\)"):
            chain.attack_cost(share)


@each_chain
def test_stake_comes_back(kind):
    unbonding = kind().unbonding()
    assert type(unbonding) is Unbonding
    assert 0.0 <= unbonding.days < 400.0
    assert unbonding.source


@each_chain
def test_offences_take_a_part_of_the_stake(kind):
    offenses = kind().slashing()
    assert type(offenses) is tuple
    for offense in offenses:
        assert type(offense) is Offense
        assert 0.0 <= offense.min <= offense.max <= 1.0
        assert offense.name
        assert offense.source
    assert len({offense.name for offense in offenses}) == len(offenses)


@each_chain
def test_the_rest_of_the_questions(kind):
    chain = kind()
    assert chain.minimum_stake() > 0.0
    assert type(chain.compounding()) is bool


@each_chain
def test_every_field_and_answer_is_described(kind):
    own = [field.name for field in attrs.fields(kind) if field.name not in Chain.__annotations__]
    assert [name for name in own if name not in (kind.__doc__ or "")] == []
    for name in ("nominal_apr", "supply_growth", "minimum_stake", "unbonding", "slashing", "compounding"):
        assert getattr(kind, name).__doc__, name
