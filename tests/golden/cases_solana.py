"""Solana's vectors: commission, stake rewards, warm-up, inflation and its re-anchoring, and slot times."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.chains import solana
from tests.golden.runner import Answer, Inputs

_PRESETS = {"full": solana.FULL, "default": solana.DEFAULT}
_HOURS_PER_DAY = 24


def _commission_split(inputs: Inputs) -> object:
    return attrs.asdict(solana.commission_split(inputs.integer("commission_bps"), inputs.integer("rewards")))


def _stake_rewards(inputs: Inputs) -> object:
    rewards = solana.calculate_stake_rewards(
        effective_stake=inputs.integer("effective_stake"),
        credits_observed=inputs.integer("credits_observed"),
        epoch_credits=[solana.EpochCredits(*line) for line in inputs["epoch_credits[epoch,final,initial]"]],
        point_value=solana.PointValue(inputs.integer("point_value_rewards"), inputs.integer("point_value_points")),
        commission=inputs.integer("commission_bps"),
    )
    return None if rewards is None else attrs.asdict(rewards)


def _stake_change(inputs: Inputs) -> object:
    # the version of the file that the vectors name is the one that does not saturate
    rule = attrs.evolve(solana.TOWER_UNSATURATED, rate_bps=inputs.integer("rate_bps"))
    change = solana.rate_limited_stake_change(
        inputs.integer("account_portion"), inputs.integer("cluster_portion"), inputs.integer("cluster_effective"), rule
    )
    return {"change": change}


def _inflation(inputs: Inputs) -> object:
    inflation, year = _PRESETS[inputs["preset"]], inputs["year"]
    return {
        "total": inflation.total(year),
        "validator": inflation.validator(year),
        "foundation": inflation.foundation_rate(year),
    }


def _re_anchored(inputs: Inputs) -> object:
    activation, year = inputs["activation_year"], inputs["year"]
    path = solana.double_disinflation(activation)
    return {
        "anchor_rate": path.first.total(activation),
        "re_anchored_initial": path.changes[0].inflation.initial,
        "total": path.total(year),
    }


def _new_fixed(inputs: Inputs) -> object:
    return {"total": solana.new_fixed(inputs["validator"]).total(inputs["year"])}


def _slots_per_year(inputs: Inputs) -> object:
    slot_ms = inputs.integer("slot_ms")
    return {
        "slots_per_year": solana.slots_per_year(slot_ms),
        "epoch_hours": solana.epoch_days(slot_ms) * _HOURS_PER_DAY,
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "solana": {
        "commission_split": _commission_split,
        "calculate_stake_rewards": _stake_rewards,
        "rate_limited_stake_change": _stake_change,
        "Inflation": _inflation,
        "simd0550_reanchored_total": _re_anchored,
        "new_fixed": _new_fixed,
        "slots_per_year": _slots_per_year,
    },
}
