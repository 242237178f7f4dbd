"""The world and the terms of `benchmarks.worlds`, as the kernels take them: numbers per step, days as steps."""

import math
from typing import NamedTuple

import numpy as np

from benchmarks import worlds
from benchmarks.kernels_common import FloatArray, World
from benchmarks.kernels_exchange import ExchangeTerms
from benchmarks.kernels_mining import MiningTerms
from benchmarks.kernels_pool import PoolTerms
from benchmarks.kernels_solo import SoloTerms
from benchmarks.kernels_token import TokenTerms
from stakingmodels.products import (
    CloudMiningContract,
    ExchangeStaking,
    LiquidStakingToken,
    Product,
    SoloValidator,
    StakingPool,
)
from stakingmodels.products.staking.duty_draws import (
    PROPOSER_SHARE,
    SEATS,
    SLOTS_PER_DAY,
    SLOTS_PER_PERIOD,
    SYNC_SHARE,
)
from stakingmodels.products.staking.duty_pay import PENALTY_SHARE
from stakingmodels.products.staking.validators import LEAST_STAKE
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.rates import DAYS_PER_YEAR

_YEARS = 1.0 / DAYS_PER_YEAR
_REWARD = float(worlds.REWARD.accrued(_YEARS))
_SLACK = 1e-9  # days are sums of floats, as for the library's queues


def kernel_world(*, hard: bool = False) -> World:
    """The world; hard: with cheap coins, tokens whose sale is now cheaper and now dearer, and many events."""
    diffusions = worlds.DIFFUSIONS.items()
    solo, token = worlds.PRODUCTS[worlds.SOLO], worlds.PRODUCTS[worlds.TOKEN]
    if not isinstance(solo, SoloValidator) or not isinstance(token, LiquidStakingToken):
        raise TypeError(f"the terms of {worlds.SOLO} are {solo!r}, those of {worlds.TOKEN} {token!r}")
    kept = 0.5 ** (1.0 / worlds.PEG.half_life_days)
    cheaper = 0.62 if hard else 1.0
    hazards = [float(event.hazard or 0.0) for event in worlds.EVENTS]
    chance = solo.uptime / solo.network_validators
    seat = SEATS / solo.network_validators * SLOTS_PER_DAY / SLOTS_PER_PERIOD  # in a step, which is less than a period
    working = _days_between(solo.entry_days, worlds.GRID.exit + solo.exit_days)
    at_work = np.flatnonzero(working)
    return World(
        start=np.array([d.initial_level * (1.0 if f == worlds.WORK else cheaper) for f, d in diffusions]),
        scale=np.array([d.volatility * np.sqrt(_YEARS) for _, d in diffusions]),
        drift=np.array([(d.drift - 0.5 * d.volatility**2) * _YEARS for _, d in diffusions]),
        rho=worlds.CORRELATION[worlds.ETH, worlds.BTC],
        ratio=_sell_from(token) if hard else worlds.PEG.mean,
        ratio_scale=worlds.PEG.standard_deviation * math.sqrt(1.0 - kept**2),
        ratio_kept=kept,
        hazard=np.array([max(20.0 * h, 0.2) if hard else h for h in hazards]) * _YEARS,
        first_slot=round(solo.entry_days * SLOTS_PER_DAY),
        last_slot=round((worlds.GRID.exit + solo.exit_days) * SLOTS_PER_DAY),
        slots_per_step=int(SLOTS_PER_DAY),
        slots_per_proposal=-1.0 / math.log1p(-chance),
        first_step=int(at_work[0]),
        last_step=int(at_work[-1]),
        first_part=float(working[at_work[0]]),
        last_part=float(working[at_work[-1]]),
        steps_per_seat=-1.0 / math.log1p(-seat),
        exit=worlds.GRID.exit,
    )


def kernel_terms(product: Product, *, luck: bool = True) -> NamedTuple:
    """A product's terms as its kernel takes them. Without luck blocks and seats come as their mean."""
    if isinstance(product, SoloValidator):
        return _solo(product, luck=luck)
    if isinstance(product, StakingPool):
        return PoolTerms(
            worlds.CAPITAL,
            product.buy_fee,
            product.sell_fee,
            _REWARD,
            product.commission,
            worlds.failure(product, "slashing").severity,
            _steps(product.unbonding_days),
        )
    if isinstance(product, LiquidStakingToken):
        return TokenTerms(
            worlds.CAPITAL,
            product.buy_fee,
            product.sell_fee,
            _REWARD,
            product.protocol_fee,
            worlds.failure(product, "slashing").severity,
            worlds.failure(product, "exploit").severity,
            _steps(product.queue_days),
            _sell_from(product),
        )
    if isinstance(product, ExchangeStaking):
        return ExchangeTerms(
            worlds.CAPITAL,
            product.buy_fee,
            product.sell_fee,
            _REWARD,
            product.commission,
            worlds.failure(product, "credit").recovery,
            _steps(product.redemption_days),
        )
    if isinstance(product, CloudMiningContract):
        return _mining(product)
    raise TypeError(f"no kernel runs {product!r}")


def _steps(days: float) -> int:
    """Steps until a ticket of so many days is due."""
    return math.ceil(days - _SLACK)


def _sell_from(terms: LiquidStakingToken) -> float:
    """The market's ratio from which on selling is the cheaper way."""
    return 1.0 - terms.waiting_cost_per_year * (terms.queue_days + terms.withdrawal_days) / DAYS_PER_YEAR


def _solo(terms: SoloValidator, *, luck: bool) -> SoloTerms:
    left = worlds.GRID.exit + terms.exit_days
    execution = float(worlds.EXECUTION.accrued(_YEARS))
    consensus = _REWARD - execution
    online = LEAST_STAKE * terms.uptime
    block = LEAST_STAKE * terms.network_validators / SLOTS_PER_DAY  # a day's stake that one block is worth
    seat = block * SLOTS_PER_PERIOD / SEATS * SYNC_SHARE * consensus
    by_lot = (PROPOSER_SHARE, SYNC_SHARE) if luck else (0.0, 0.0)
    return SoloTerms(
        capital=worlds.CAPITAL,
        buy_fee=terms.buy_fee,
        sell_fee=terms.sell_fee,
        stake=LEAST_STAKE,
        days=_days_between(terms.entry_days, left),
        cost=_days_between(0.0, left) * terms.running_cost_usd_per_day,
        sure=online * consensus * (1.0 - sum(by_lot)),
        sure_execution=0.0 if luck else online * execution,
        proposal=block * PROPOSER_SHARE * consensus,
        proposal_execution=block * execution,
        seat=seat * terms.uptime,
        seat_fine=seat * (1.0 - terms.uptime),
        fine=(LEAST_STAKE - online) * (PENALTY_SHARE - by_lot[1]) * consensus,
        severity=terms.slashing_severity,
        entered=int(terms.entry_days),
        left=_steps(left),
        withdrawn=_steps(left + terms.withdrawal_days),
        slashed_steps=_steps(terms.slashing_wait_days),
    )


def _days_between(first: float, last: float) -> FloatArray:
    """The part of each step that lies between two days."""
    days = worlds.GRID.elapsed_days
    return np.maximum(np.minimum(days[1:], last) - np.maximum(days[:-1], first), 0.0)


def _mining(terms: CloudMiningContract) -> MiningTerms:
    per_block = bitcoin.subsidy_at(worlds.GRID.times[1:]) + worlds.BLOCK_FEES
    return MiningTerms(
        worlds.CAPITAL,
        terms.price_usd_per_th_s,
        int(terms.term_days),
        bitcoin.coins_per_th_s_day(1.0, per_block * terms.uptime),
        terms.pool_fee,
        terms.electricity_usd_per_th_day * terms.uptime,
        terms.minimum_payout_btc,
        int(terms.stop_after_days or 0),
        terms.sell_fee,
    )
