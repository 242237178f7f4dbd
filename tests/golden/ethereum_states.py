"""States of Ethereum's networks for the vectors: a few validators of interest, and the rest as aggregates."""

from collections.abc import Callable, Mapping

import attrs
import numpy as np

from stakingmodels.protocols.chains.ethereum import (
    ALL_FLAGS,
    FAR_FUTURE_EPOCH,
    FULU,
    GWEI_PER_ETH,
    ChurnQueue,
    EpochState,
    Finality,
    Registry,
    Slashings,
    max_effective_balance_for,
)
from tests.golden.runner import Inputs

_AGGREGATE = 150_000 * GWEI_PER_ETH
"""The rest of a network stands in the oracle's states as validators of at most this much, none of which can rise."""
COMPOUNDING = {0: False, 1: False, 2: True}
"""By the first byte of the credentials; there is no case for any other."""


@attrs.frozen
class Member:
    """A validator of a state: its start, and the flags that it gets in every epoch (or by the epoch's number)."""

    balance: int
    effective_balance: int
    max_effective_balance: int
    flags: int | Callable[[int], int] = ALL_FLAGS
    score: int = 0
    slashed: bool = False
    exit_epoch: int = FAR_FUTURE_EPOCH
    withdrawable_epoch: int = FAR_FUTURE_EPOCH

    def flags_at(self, number: int) -> int:
        return self.flags if isinstance(self.flags, int) else self.flags(number)


def member(of: Inputs, flags: int | Callable[[int], int] = ALL_FLAGS) -> Member:
    most = max_effective_balance_for(COMPOUNDING[of["credential_prefix"]], FULU)
    return Member(of["balance"], of["effective_balance"], most, flags)


def aggregates(balance: int, flags: int = ALL_FLAGS) -> list[Member]:
    parts = [_AGGREGATE] * (balance // _AGGREGATE) + [balance % _AGGREGATE]
    return [Member(part, part, part, flags) for part in parts if part]


def new_state(epoch: int, members: list[Member], finality: Finality, slashings: Slashings) -> EpochState:
    """A state at the end of an epoch; the flags of its validators are put in by the cases, epoch by epoch."""
    nobody = np.zeros(len(members), dtype=np.int64)
    registry = Registry.of(
        [each.balance for each in members],
        [each.effective_balance for each in members],
        [each.max_effective_balance for each in members],
        inactivity_scores=[each.score for each in members],
        slashed=[each.slashed for each in members],
        exit_epochs=[each.exit_epoch for each in members],
        withdrawable_epochs=[each.withdrawable_epoch for each in members],
    )
    return EpochState(
        epoch=epoch,
        registry=registry,
        previous_participation=nobody,
        current_participation=nobody,
        finality=finality,
        exits=ChurnQueue(),
        slashings=slashings,
    )


def frozen_finality(epoch: int) -> Finality:
    return Finality((False, False, False, False), epoch, epoch, epoch)


def _epoch_or_none(epoch: int) -> int | None:
    return None if epoch == FAR_FUTURE_EPOCH else epoch


def shown(state: EpochState, places: Mapping[str, int], *fields: str) -> object:
    columns = {
        "balance": state.registry.balances,
        "effective_balance": state.registry.effective_balances,
        "inactivity_score": state.registry.inactivity_scores,
        "exit_epoch": state.registry.exit_epochs,
    }
    return {
        name: {field: _epoch_or_none(int(columns[field][place])) for field in fields} for name, place in places.items()
    }
