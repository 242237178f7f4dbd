"""Unbonding of stake from a Cosmos validator, and slashing of unbonding stake."""

from collections.abc import Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.cosmos.legacy_dec import LegacyDec, unit_dec
from stakingmodels.protocols.chains.cosmos.mint import TOKENS_LIMIT

_COUNT = checks.field(checks.integer, 0, 2**63 - 1)
_TOKENS = checks.field(checks.integer, 0, TOKENS_LIMIT)


@attrs.frozen
class StakingParams:
    """The parameters of x/staking, from a date on.

    Parameters
    ----------
    unbonding_time
        Seconds.
    max_entries
        Unbondings under way at once from one validator, and redelegations between the same two.
    max_validators
        Size of the active set.
    valid_from, source
        When and where.
    """

    unbonding_time: int = attrs.field(validator=_COUNT)
    max_entries: int = attrs.field(validator=_COUNT)
    max_validators: int = attrs.field(validator=_COUNT)
    valid_from: str
    source: str


SDK_STAKING = StakingParams(
    unbonding_time=21 * 86_400,
    max_entries=7,
    max_validators=100,
    valid_from="2019-03-13",
    source="cosmos/cosmos-sdk x/staking/types/params.go, DefaultParams (commit 000a6532)",
)
"""The SDK's defaults: three weeks."""

HUB_STAKING = attrs.evolve(
    SDK_STAKING,
    max_validators=180,
    source=f"{SDK_STAKING.source}; 180 validators, as the provider counts since gaia v28.0.0 (upgrades.go)",
)
"""The Cosmos Hub."""


@attrs.frozen
class UnbondingEntry:
    """Stake on its way out of a validator.

    Parameters
    ----------
    creation_height
        Height at which the unbonding began.
    completion_time
        Unix second at which the stake comes back.
    initial_balance, balance
        Base units at the beginning, and left; the second is not above the first.
    """

    creation_height: int = attrs.field(validator=_COUNT)
    completion_time: int = attrs.field(validator=_COUNT)
    initial_balance: int = attrs.field(validator=_TOKENS)
    balance: int = attrs.field(validator=_TOKENS)

    def __attrs_post_init__(self) -> None:
        if self.balance > self.initial_balance:
            checks.refuse(
                "UnbondingEntry.balance", f"must not be above the initial {self.initial_balance}", self.balance
            )

    def contributed(self, infraction_height: int, now: int) -> bool:
        """Whether the stake stood behind the validator at that height and can still be slashed."""
        return self.creation_height >= infraction_height and self.completion_time > now


@attrs.frozen
class Slashed:
    """Amounts slashed, in base units.

    Parameters
    ----------
    validator
        Burned from the validator's bonded tokens.
    unbonding
        Burned from the stake on its way out.
    entries
        The unbondings afterwards.
    """

    validator: int
    unbonding: int
    entries: tuple[UnbondingEntry, ...]


def begin_unbonding(tokens: int, height: int, now: int, params: StakingParams) -> UnbondingEntry:
    """Entry of stake that begins to unbond: without reward from now, back after the unbonding time.

    Parameters
    ----------
    tokens
        Base units.
    height, now
        Block height and Unix second.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/staking/keeper/delegation.go, Undelegate.
    """
    amount = checks.integer("begin_unbonding: tokens", tokens, 1, TOKENS_LIMIT)
    second = checks.integer("begin_unbonding: now", now, 0, 2**62)
    return UnbondingEntry(height, second + params.unbonding_time, amount, amount)


def can_begin_unbonding(pending: int, params: StakingParams) -> bool:
    """Whether one more unbonding from a validator, or redelegation between the same two, may begin.

    Source: cosmos/cosmos-sdk x/staking/keeper/delegation.go, HasMaxUnbondingDelegationEntries.
    """
    return checks.integer("can_begin_unbonding: pending", pending, 0, 2**31) < params.max_entries


def may_redelegate(received_until: Sequence[int], now: int, pending: int, params: StakingParams) -> bool:
    """Whether stake may move on at once from a validator: not while a move to that validator matures.

    Parameters
    ----------
    received_until
        Unix seconds at which the holder's redelegations to the source validator complete.
    now
        Unix second.
    pending
        Redelegations under way between the same two validators.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/staking/keeper/delegation.go, BeginRedelegation (ErrTransitiveRedelegation).
    """
    return all(until <= now for until in received_until) and can_begin_unbonding(pending, params)


def slash_amount(tokens: int, slash_factor: LegacyDec) -> int:
    """Base units that a slash asks of a stake: ``tokens * factor``, cut off.

    Parameters
    ----------
    tokens
        Stake at the time of the offense.
    slash_factor
        In [0, 1].

    Notes
    -----
    Source: cosmos/cosmos-sdk x/staking/keeper/slash.go, Slash (commit 0282b68c).
    """
    factor = unit_dec("slash_amount: slash_factor", slash_factor)
    return factor.mul_int(checks.integer("slash_amount: tokens", tokens, 0, TOKENS_LIMIT)).truncate_int()


def slash_unbonding_delegation(
    entries: Sequence[UnbondingEntry], infraction_height: int, now: int, slash_factor: LegacyDec
) -> tuple[int, tuple[UnbondingEntry, ...]]:
    """Amount slashed from an unbonding stake, and that stake afterwards.

    The amount counts the stake at the time of the offense; it is limited by the rest of each entry.

    Parameters
    ----------
    entries
        Unbondings from the slashed validator.
    infraction_height
        Height of the offense; stake that began to leave before is spared.
    now
        Unix second.
    slash_factor
        In [0, 1].

    Notes
    -----
    Source: cosmos/cosmos-sdk x/staking/keeper/slash.go, SlashUnbondingDelegation (commit 0282b68c).
    """
    asked, after = 0, list(entries)
    for index, entry in enumerate(entries):
        if entry.contributed(infraction_height, now):
            amount = slash_amount(entry.initial_balance, slash_factor)
            asked += amount
            after[index] = attrs.evolve(entry, balance=entry.balance - min(amount, entry.balance))
    return asked, tuple(after)


def slash(
    bonded: int,
    tokens_at_infraction: int,
    slash_factor: LegacyDec,
    entries: Sequence[UnbondingEntry],
    infraction_height: int,
    now: int,
) -> Slashed:
    """A slash: a part of the stake at the time of the offense, taken first from what has begun to leave since.

    Parameters
    ----------
    bonded
        The validator's tokens now.
    tokens_at_infraction
        Its tokens at the offense, of which the part is counted.
    slash_factor
        In [0, 1].
    entries
        Stake that left the validator and has not come back yet, redelegations among it.
    infraction_height, now
        Height of the offense, Unix second of the slash.

    Notes
    -----
    Redelegated stake is burned at its new validator by the same rule. Source: cosmos/cosmos-sdk
    x/staking/keeper/slash.go, Slash (commit 0282b68c).
    """
    held = checks.integer("slash: bonded", bonded, 0, TOKENS_LIMIT)
    asked, after = slash_unbonding_delegation(entries, infraction_height, now, slash_factor)
    remaining = slash_amount(tokens_at_infraction, slash_factor) - asked
    taken = sum(entry.balance for entry in entries) - sum(entry.balance for entry in after)
    return Slashed(validator=max(min(remaining, held), 0), unbonding=taken, entries=after)
