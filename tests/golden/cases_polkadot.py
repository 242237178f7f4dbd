"""Answers to the vectors of Polkadot."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.chains import polkadot
from tests.golden.runner import Answer, Inputs

START = polkadot.REF_1710.emission.start  # type: ignore[attr-defined]  # a SteppedEmission
STEP = polkadot.REF_1710.emission.step_blocks  # type: ignore[attr-defined]


def _ref_1139(inputs: Inputs) -> object:
    stakers, treasury = polkadot.era_payout(polkadot.REF_1139, inputs.integer("era_ms"), relay_block=0)
    return {
        "stakers_dot": stakers / polkadot.PLANCK_PER_DOT,
        "treasury_dot": treasury / polkadot.PLANCK_PER_DOT,
    }


def _stepped(inputs: Inputs) -> object:
    assert inputs["period_start_year"] >= 2026, "steps begin in 2026"
    block = START + inputs.integer("period_index") * STEP
    emission = polkadot.SteppedEmission(
        start=block,
        starting_issuance=inputs.integer("ti_at_period_start_planck"),
        target_issuance=inputs.integer("target_planck"),
        step_rate=int(inputs.fraction("bi_annual_rate") * polkadot.PERBILL),
    )
    rules = attrs.evolve(polkadot.REF_1710, emission=emission)
    return {
        "two_year_emission_planck": emission.step_emission(block),
        "daily_emission_planck": polkadot.issue(rules, polkadot.MILLISECONDS_PER_DAY, block),
    }


def _first_period_daily(_: Inputs) -> object:
    daily = polkadot.issue(polkadot.REF_1710, polkadot.MILLISECONDS_PER_DAY, START)
    return {"daily_dot": daily / polkadot.PLANCK_PER_DOT}


def _era_cap(inputs: Inputs) -> object:
    era = inputs.integer("days") * polkadot.MILLISECONDS_PER_DAY
    return {"max_era_emission_planck": sum(polkadot.era_payout(polkadot.REF_1710, era, START))}


def _millionths(inputs: Inputs, key: str) -> int:
    return round(inputs[key] * 1_000_000)


def _npos_payout(inputs: Inputs) -> object:
    curve = polkadot.CurveInput(
        min_inflation=_millionths(inputs, "min"),
        max_inflation=_millionths(inputs, "max"),
        ideal_stake=_millionths(inputs, "ideal"),
        falloff=_millionths(inputs, "falloff"),
    )
    staked, total, era = (inputs.integer(key) for key in ("staked", "total", "era_ms"))
    return {"payout": polkadot.compute_total_payout(curve, staked, total, era)[0]}


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "polkadot": {
        "era_payout_ref1139": _ref_1139,
        "stepped_daily_emission": _stepped,
        "first_period_daily": _first_period_daily,
        "anomalous_era_cap": _era_cap,
        "npos_payout": _npos_payout,
    },
}
