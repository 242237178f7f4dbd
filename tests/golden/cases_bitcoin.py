"""Bitcoin's vectors: subsidy, retarget, expected coins, hashprice, cost of a coin, and the static calculator."""

import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

import attrs

from stakingmodels.protocols.chains import bitcoin
from tests.golden.runner import Answer, Inputs

_DIGITS = 60
"""Significant digits of the results that are written as text."""
_LOOP = re.compile(r"height ([\d,]+)\.\.([\d,]+) step ([\d,]+), subsidy\(h\)\*([\d,]+)")


def _next_work(inputs: Inputs) -> object:
    bits = bitcoin.calculate_next_work_required(
        int(inputs["nBits"], 16), inputs["first_block_time"], inputs["last_block_time"]
    )
    return {"new_nBits": f"0x{bits:08x}"}


def _subsidy_sum(inputs: Inputs) -> object:
    loop = _LOOP.fullmatch(inputs["loop"])
    if loop is None:
        raise ValueError(f"a loop that nobody can read: {inputs['loop']}")
    first, last, step, blocks = (int(group.replace(",", "")) for group in loop.groups())
    return {"sum_sat": sum(bitcoin.block_subsidy(height) * blocks for height in range(first, last + 1, step))}


def _block_subsidy(inputs: Inputs) -> object:
    params = attrs.evolve(bitcoin.MAIN, subsidy_halving_interval=inputs["interval"])
    return {"sat": bitcoin.block_subsidy(inputs["height"], params)}


def _btc_per_day(inputs: Inputs) -> object:
    of_one_terahash = bitcoin.coins_per_th_s_day(inputs.fraction("difficulty"), inputs.fraction("block_reward_btc"))
    exact: Fraction = inputs.fraction("hashrate_th") * of_one_terahash
    with localcontext(prec=_DIGITS):
        return {"btc_per_day": Decimal(exact.numerator) / exact.denominator}


def _hashprice(inputs: Inputs) -> object:
    money = bitcoin.hashprice_per_ph_s_day(
        float(inputs["difficulty"]), float(inputs["block_reward_btc"]), float(inputs["btc_usd"])
    )
    return {"usd_per_ph_day": money}


def _cost_per_btc(inputs: Inputs) -> object:
    # a kWh price in USD, and W per TH/s, which is J per TH
    cost = bitcoin.electricity_cost_per_coin(
        inputs["w_per_th"], inputs["usd_per_kwh"], inputs["difficulty"], inputs["block_reward"]
    )
    return {"usd_per_btc": cost}


def _static(inputs: Inputs) -> object:
    found = bitcoin.static_calculator(
        hashrate_fee=float(inputs["hashrate_fee_usd"]),
        hashrate_th_s=float(inputs["hashrate_th"]),
        output_per_th_day=float(inputs["output_usd_per_th_day"]),
        electricity_per_th_day=float(inputs["electricity_usd_per_th_day"]),
        days=float(inputs["days"]),
        share_ratio=float(inputs["share_ratio"]),
    )
    return None if found is None else attrs.asdict(found)


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "bitcoin": {
        "CalculateNextWorkRequired": _next_work,
        "subsidy_sum": _subsidy_sum,
        "block_subsidy": _block_subsidy,
        "expected_btc_per_day": _btc_per_day,
        "hashprice_usd_per_ph_day": _hashprice,
        "electricity_cost_per_btc": _cost_per_btc,
    },
    "cloud_mining": {"bitdeer_static": _static},
}
