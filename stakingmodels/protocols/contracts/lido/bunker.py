"""Bunker mode: withdrawals wait until a loss is known, so that leavers bear their part of it.

The oracle asks for it with a report, for one of three reasons, and then finalises only requests made before the loss
began to build up ("safe border"). Without it requests wait for a margin of some epochs only.

Source: lidofinance/lido-oracle @ 1d0b944 (2026-07-14), src/services/bunker.py, src/services/bunker_cases/ and
src/services/safe_border.py. Balances are Gwei here, as the consensus layer counts.
"""

import math
from collections.abc import Sequence

from stakingmodels import checks
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings

_GWEI_PER_ETH = 10**9
_BASIS_POINTS = 10_000
_INT64 = 2**63 - 1


def calculate_normal_cl_rebase(
    mean_sum_of_all_effective_balance: int,
    mean_sum_of_lido_effective_balance: int,
    epochs_passed: int,
    settings: Settings = STAKING_ROUTER_V3,
) -> int:
    """The rewards that a report should bring, in Gwei: ``64 * lido * epochs / sqrt(all)``, in floats as the oracle.

    Parameters
    ----------
    mean_sum_of_all_effective_balance, mean_sum_of_lido_effective_balance
        Gwei: active effective balance of the chain and of Lido, each the mean of the last report's and this one's.
    epochs_passed
        Since the last report.
    settings
        The version of the protocol: its base reward factor.
    """
    where = "calculate_normal_cl_rebase"
    whole = _gwei(f"{where}: mean_sum_of_all_effective_balance", mean_sum_of_all_effective_balance)
    own = _gwei(f"{where}: mean_sum_of_lido_effective_balance", mean_sum_of_lido_effective_balance)
    if own > whole:
        checks.refuse(f"{where}: mean_sum_of_lido_effective_balance", f"must be at most all, {whole}", own)
    epochs = _gwei(f"{where}: epochs_passed", epochs_passed)
    return int(settings.normalized_cl_reward_per_epoch * own * epochs / math.sqrt(max(_GWEI_PER_ETH, whole)))


def is_high_midterm_slashing_penalty(
    max_midterm_penalty: int, report_cl_rebase: int, epochs_passed: int, settings: Settings = STAKING_ROUTER_V3
) -> bool:
    """Whether the correlation penalties of some coming day exceed one day of rewards.

    Parameters
    ----------
    max_midterm_penalty
        Gwei: the greatest sum of correlation penalties that fall on Lido in one frame to come; 0 for none.
    report_cl_rebase
        Gwei: what this report brings, over all its epochs.
    epochs_passed
        Since the last report, at least 1.
    """
    where = "is_high_midterm_slashing_penalty"
    penalty = _gwei(f"{where}: max_midterm_penalty", max_midterm_penalty)
    rebase = checks.integer(f"{where}: report_cl_rebase", report_cl_rebase, -_INT64, _INT64)
    epochs = checks.integer(f"{where}: epochs_passed", epochs_passed, 1, _INT64)
    if penalty == 0:
        return False
    return penalty > int(rebase / epochs * settings.epochs_per_frame)


def is_abnormal_cl_rebase(
    report_cl_rebase: int,
    normal_cl_rebase: int,
    sampled_cl_rebases: Sequence[int] | None = None,
    settings: Settings = STAKING_ROUTER_V3,
) -> bool:
    """Whether rewards fall short of the normal by more than chance, and were negative at the end of the frame.

    Parameters
    ----------
    report_cl_rebase, normal_cl_rebase
        Gwei: what the report brings, and `calculate_normal_cl_rebase`.
    sampled_cl_rebases
        Gwei: rebases of the last epochs of the frame (the last 1 and the last 23). None: not looked at, and the
        shortfall suffices.
    """
    where = "is_abnormal_cl_rebase"
    rebase = checks.integer(f"{where}: report_cl_rebase", report_cl_rebase, -_INT64, _INT64)
    normal = _gwei(f"{where}: normal_cl_rebase", normal_cl_rebase)
    mistake = settings.normalized_cl_reward_mistake_rate_bp
    if normal == 0 or (normal - rebase) * _BASIS_POINTS <= mistake * normal:
        return False
    if sampled_cl_rebases is None:
        return True
    samples = [checks.integer(f"{where}: sampled_cl_rebases", each, -_INT64, _INT64) for each in sampled_cl_rebases]
    return min(samples, default=0) < 0


def is_bunker_mode(
    *,
    report_cl_rebase: int,
    normal_cl_rebase: int,
    epochs_passed: int,
    max_midterm_penalty: int = 0,
    sampled_cl_rebases: Sequence[int] | None = None,
    settings: Settings = STAKING_ROUTER_V3,
) -> bool:
    """Whether a report asks for bunker mode: a negative rebase, a penalty to come, or an abnormal rebase.

    Parameters
    ----------
    report_cl_rebase, normal_cl_rebase
        Gwei: what the report brings, and should bring.
    epochs_passed
        Since the last report, at least 1.
    max_midterm_penalty, sampled_cl_rebases
        See `is_high_midterm_slashing_penalty` and `is_abnormal_cl_rebase`.
    """
    if checks.integer("is_bunker_mode: report_cl_rebase", report_cl_rebase, -_INT64, _INT64) < 0:
        return True
    if is_high_midterm_slashing_penalty(max_midterm_penalty, report_cl_rebase, epochs_passed, settings):
        return True
    return is_abnormal_cl_rebase(report_cl_rebase, normal_cl_rebase, sampled_cl_rebases, settings)


def default_requests_border_epoch(ref_epoch: int, settings: Settings = STAKING_ROUTER_V3) -> int:
    """The last epoch whose requests an ordinary report finalises: the margin before its reference epoch, 20 epochs."""
    margin = -(-settings.request_timestamp_margin // settings.seconds_per_epoch)
    return checks.integer("default_requests_border_epoch: ref_epoch", ref_epoch, 0, _INT64) - margin


def safe_border_epoch(
    ref_epoch: int,
    *,
    bunker_start_epoch: int | None = None,
    earliest_slashed_epoch: int | None = None,
    initial_epoch: int = 0,
    settings: Settings = STAKING_ROUTER_V3,
) -> int:
    """The last epoch whose requests a report may finalise.

    In bunker mode that is the earlier of two: the start of bunker mode less the margin, but not longer ago than
    1,350 epochs; and the start of the frame of the earliest slashing that is not yet over, less the margin.

    Parameters
    ----------
    ref_epoch
        The report's reference epoch.
    bunker_start_epoch
        Reference epoch of the last report before bunker mode; None: no bunker mode.
    earliest_slashed_epoch
        When the earliest of Lido's slashed validators that cannot withdraw yet was slashed; None: there is none.
        Outside bunker mode it delays nothing.
    initial_epoch
        The epoch from which the oracle counts its frames.

    Returns
    -------
    int
        An epoch, negative where it lies before the chain's first: nothing can be finalised.
    """
    where = "safe_border_epoch"
    reference = checks.integer(f"{where}: ref_epoch", ref_epoch, 0, _INT64)
    border = default_requests_border_epoch(reference, settings)
    if bunker_start_epoch is None:
        return border
    margin = reference - border
    start = checks.integer(f"{where}: bunker_start_epoch", bunker_start_epoch, 0, reference)
    negative_rebase = max(reference - settings.finalization_max_negative_rebase_epoch_shift, start - margin)
    if earliest_slashed_epoch is None:
        return min(negative_rebase, border)
    first = checks.integer(f"{where}: initial_epoch", initial_epoch, 0, reference)
    slashed = checks.integer(f"{where}: earliest_slashed_epoch", earliest_slashed_epoch, first, reference)
    frame_start = slashed - (slashed - first) % settings.epochs_per_frame
    return min(negative_rebase, frame_start - margin)


def _gwei(where: str, value: object) -> int:
    return checks.integer(where, value, 0, _INT64)
