"""Every chain answers the same few questions, passes the named checks, and has figures of the usual size."""

import datetime as dt
import importlib
import inspect
import pkgutil

import pytest

from stakingmodels.errors import InputError
from stakingmodels.protocols import chains
from stakingmodels.protocols.chains.chain import Chain
from stakingmodels.protocols.chains.near import Near
from stakingmodels.protocols.chains.tezos import Tezos
from stakingmodels.testing import check_chain


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
def test_every_check_passes(kind):
    check_chain(kind())


@each_chain
def test_the_state_is_of_the_usual_size(kind):
    chain = kind()
    assert chain.asset == chain.asset.upper()
    assert dt.date.fromisoformat(chain.as_of) <= dt.date(2026, 11, 30)
    assert 0.0 < chain.nominal_apr().value < 1.0
    assert -0.1 < chain.supply_growth().value < 0.2
    assert chain.unbonding().days < 400.0
    assert chain.minimum_stake() > 0.0


def test_only_a_chain_that_counts_blocks_realises_another_rate_than_it_names():
    others = [kind.__name__ for kind in CHAINS if kind().realized_apr() != kind().nominal_apr()]
    assert others == ["Cosmos"]


@each_chain
def test_every_answer_is_described(kind):
    for name in ("nominal_apr", "supply_growth", "minimum_stake", "unbonding", "slashing", "compounding"):
        assert getattr(kind, name).__doc__, name


def test_a_stake_that_leaves_no_room_for_coins_delegated_is_not_tried():
    check_chain(Tezos(staked=3.6e8))


def test_a_share_that_no_attack_has_is_refused():
    with pytest.raises(InputError, match=r"^Near\.attack_cost: share: must be a fraction in \(0, 1\)"):
        Near().attack_cost(1.0)


@pytest.mark.parametrize("day", ["2026-02-30", "20260822", "yesterday"])
def test_a_state_of_no_day_is_refused(day):
    with pytest.raises(InputError, match=rf"^Near\.as_of: must be a day, YYYY-MM-DD, got {day!r} \(write"):
        Near(as_of=day)
