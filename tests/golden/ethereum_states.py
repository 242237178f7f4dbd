"""States of Ethereum's networks for the vectors: a few validators of interest, and the rest as aggregates."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from stakingmodels._types import IntArray
from stakingmodels.protocols.chains.ethereum import (
    ALL_FLAGS,
    FAR_FUTURE_EPOCH,
    FULU,
    GWEI_PER_ETH,
    PARTICIPATION_FLAGS,
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


def participating(registry: Registry, flags: IntArray, epoch: int) -> list[int]:
    """Effective balance of the active, and of the unslashed with source, target and head flag of the epoch before."""
    unslashed = registry.active(epoch - 1) & ~registry.slashed
    masks = [registry.active(epoch), *(unslashed & (flags >> flag & 1 == 1) for flag in range(PARTICIPATION_FLAGS))]
    return [int(registry.effective_balances[mask].sum()) for mask in masks]


def joined(one: Registry, other: Registry) -> Registry:
    """The validators of two registries, in order."""
    return Registry(*(np.concatenate(pair) for pair in zip(_columns(one), _columns(other), strict=True)))


def leading(registry: Registry, count: int) -> Registry:
    """The first validators of a registry."""
    return Registry(*(column[:count] for column in _columns(registry)))


def _columns(registry: Registry) -> tuple[Any, ...]:
    return attrs.astuple(registry, recurse=False)


@attrs.define
class Rest:
    """The rest of a network, given as one sum for each kind of participation, and by nothing else.

    How fast the effective balance of a sum falls depends on how it is split over validators. What does not: those who
    lose nothing keep theirs; those who lose never have more than before, in whole ETH; and a validator's has fallen by
    four times its loss at most, since it first moves after a quarter of an ETH and then by one.
    """

    start: dict[int, int]
    now: dict[int, int]
    lost: dict[int, int]
    score: dict[int, int]

    @classmethod
    def of(cls, balances: Mapping[int, int]) -> "Rest":
        nested = [0, 1, 3, ALL_FLAGS]
        if sorted(balances) != nested:
            raise ValueError(f"rest_of_network_balance_by_flags: sums cannot be told apart but for {nested}")
        nothing = dict.fromkeys(balances, 0)
        return cls(dict(balances), dict(balances), dict(nothing), dict(nothing))

    def sums(self) -> list[int]:
        """As `participating` has them."""
        return [sum(held for flags, held in self.now.items() if flags >= least) for least in (0, 1, 3, ALL_FLAGS)]

    def become(self, sums: Sequence[int]) -> None:
        """Take sums that are given, if they can be."""
        after = dict(zip((0, 1, 3, ALL_FLAGS), (a - b for a, b in pairwise([*sums, 0])), strict=True))
        for flags, held in after.items():
            fall = self.start[flags] - held
            assert self.now[flags] >= held, f"rest with flags {flags}: {held} is more than {self.now[flags]} before"
            assert fall % GWEI_PER_ETH == 0, f"rest with flags {flags}: a fall of {fall} is no whole ETH"
            assert fall <= 4 * self.lost[flags], f"rest with flags {flags}: a fall of {fall}, lost {self.lost[flags]}"
        self.now = after

    def members(self) -> list[Member]:
        """Validators that stand for it in one epoch."""
        parts = [(flags, part) for flags, held in self.now.items() for part in aggregates(held, flags)]
        return [attrs.evolve(part, score=self.score[flags]) for flags, part in parts]

    def note(self, members: Sequence[Member], before: Registry, after: Registry) -> None:
        """What an epoch took from them, the last of the registry."""
        count = len(members)
        lost = (before.balances - after.balances)[-count:].tolist()
        scores = after.inactivity_scores[-count:].tolist()
        for each, gone, score in zip(members, lost, scores, strict=True):
            flags = each.flags_at(0)
            self.lost[flags] += max(gone, 0)
            self.score[flags] = score


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
