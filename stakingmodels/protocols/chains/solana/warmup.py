"""Warm-up and cool-down: limits on stake becoming effective, or ceasing to be, from one epoch to the next."""

from collections.abc import Callable, Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.solana.units import BASIS_POINTS_PER_UNIT, U128_MAX, bps, u64


@attrs.frozen(kw_only=True)
class WarmupCooldown:
    """The rule that limits the change of stake in an epoch.

    Parameters
    ----------
    rate_bps
        Basis points of the cluster's effective stake that may change in an epoch, each way.
    saturates
        Behaviour if the product passes 128 bits: it stays at the limit (True), or the account changes all of its
        portion (False). No real stake comes near it at 9 %.
    """

    rate_bps: int = attrs.field(validator=checks.field(bps))
    saturates: bool = attrs.field(default=True, validator=checks.FLAG)


ORIGINAL = WarmupCooldown(rate_bps=2_500)
"""Until the feature reduce_stake_warmup_cooldown. Source: solana-program/stake
interface/src/warmup_cooldown_allowance.rs at 1fc6e84, ORIGINAL_WARMUP_COOLDOWN_RATE_BPS."""
TOWER = WarmupCooldown(rate_bps=900)
"""Since then. Source: the same, TOWER_WARMUP_COOLDOWN_RATE_BPS."""
TOWER_UNSATURATED = WarmupCooldown(rate_bps=900, saturates=False)
"""Rate in an earlier version of the file (00a87de), which lets an account whole past 128 bits."""


@attrs.frozen(kw_only=True)
class StakeHistoryEntry:
    """The cluster's stake in an epoch, lamports. Source: anza-xyz/solana-sdk, StakeHistoryEntry.

    Parameters
    ----------
    effective
        Stake that earns and votes.
    activating, deactivating
        Stake that waits to come into effect, or out of it.
    """

    effective: int = attrs.field(validator=checks.field(u64))
    activating: int = attrs.field(default=0, validator=checks.field(u64))
    deactivating: int = attrs.field(default=0, validator=checks.field(u64))


def rate_limited_stake_change(
    account_portion: int, cluster_portion: int, cluster_effective: int, rule: WarmupCooldown = TOWER
) -> int:
    """Lamports of an account that may change in an epoch: its pro rata share of the cluster's allowance.

    ``min(portion, portion * effective * rate_bps // (cluster * 10000))``, in 128 bits; 0 where one of them is 0.
    Source: solana-program/stake interface/src/warmup_cooldown_allowance.rs, the same name (SIMD-0391; the runtime
    before it did the same in doubles).

    Parameters
    ----------
    account_portion
        The account's lamports that wait.
    cluster_portion
        All lamports that wait, in the epoch before.
    cluster_effective
        All effective stake, in the epoch before.
    rule
        Rate and overflow; default 9 %.
    """
    where = "rate_limited_stake_change"
    portion = u64(f"{where}: account_portion", account_portion)
    waiting = u64(f"{where}: cluster_portion", cluster_portion)
    effective = u64(f"{where}: cluster_effective", cluster_effective)
    if waiting == 0:
        return 0
    product = portion * effective * rule.rate_bps
    if product > U128_MAX:
        if not rule.saturates:
            return portion
        product = U128_MAX
    return min(portion, product // (waiting * BASIS_POINTS_PER_UNIT))


def effective_while_activating(
    delegated: int, history: Sequence[StakeHistoryEntry], rule: WarmupCooldown = TOWER
) -> list[int]:
    """Lamports of a delegation in effect after each epoch of its warm-up; at least one more lamport each epoch.

    Source: solana-program/stake interface/src/state.rs, Delegation::stake_and_activating.

    Parameters
    ----------
    delegated
        Lamports.
    history
        The cluster, epoch by epoch from the one of activation. The walk stops where nothing activates.
    """
    return _walk("effective_while_activating: delegated", delegated, history, lambda entry: entry.activating, rule)


def effective_while_deactivating(
    delegated: int, history: Sequence[StakeHistoryEntry], rule: WarmupCooldown = TOWER
) -> list[int]:
    """Lamports of a delegation still in effect after each epoch of its cool-down; at least one less each epoch.

    Source: solana-program/stake interface/src/state.rs, Delegation::stake_activating_and_deactivating.

    Parameters
    ----------
    delegated
        Lamports, all in effect.
    history
        The cluster, epoch by epoch from the one of deactivation, in which all of it stays in effect.
    """
    gone = _walk("effective_while_deactivating: delegated", delegated, history, lambda each: each.deactivating, rule)
    return [delegated - each for each in gone]


def _walk(
    where: str,
    delegated: int,
    history: Sequence[StakeHistoryEntry],
    waiting: Callable[[StakeHistoryEntry], int],
    rule: WarmupCooldown,
) -> list[int]:
    """Lamports that have changed after each epoch."""
    whole, changed, after = u64(where, delegated), 0, list[int]()
    for entry in history:
        if waiting(entry) == 0:
            break
        change = rate_limited_stake_change(whole - changed, waiting(entry), entry.effective, rule)
        changed = min(whole, changed + max(1, change))
        after.append(changed)
    return after + [changed] * (len(history) - len(after))
