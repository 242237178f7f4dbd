"""`reference`: the products compared by default, with dated terms; and `assumptions`, their assumed numbers.

The constants here are of the newest assumption set.
"""

import os

from stakingmodels import checks
from stakingmodels.assumptions import NEWEST, AssumptionSet, assumption_set
from stakingmodels.market import EntryWait, Event, ExitWait
from stakingmodels.products.assumed_terms import AssumedTerm, assumed_terms
from stakingmodels.products.base import Product
from stakingmodels.products.custody.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.mining.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.parts import assumed, assumed_keys
from stakingmodels.products.parts.failures import Failure, FailureLine
from stakingmodels.products.staking.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.staking.solo_validator import SoloValidator
from stakingmodels.products.staking.staking_pool import StakingPool

POOL_COMMISSION = assumed.POOL_COMMISSION.base
"""Commission of a shared staking contract on the rewards.

Coinbase's, for any amount of ETH, which passes the chain's queues on (docs.cdp.coinbase.com, shared ETH staking, read
November 2026). Services that require 32 ETH took 5 to 10 % (ethereum.org's list).
"""
POOL_SLASHING = Event("slashing:staking pool", hazard=assumed.POOL_SLASHING.base)
"""Slashing of the whole pool. The hazard of one in a hundred years is an assumption of the library."""
POOL_SLASHING_SEVERITY = assumed.POOL_SLASHING_SEVERITY.base
"""Fraction of the pool lost in such a slashing: an assumption of the library."""
POOL_EXPLOIT = Event("exploit:staking pool", hazard=assumed.EXPLOIT.base)
"""Exploit of the pool's contract: an assumption of the library, the same as for the token."""
TOKEN_SLASHING = Event("slashing:liquid token", hazard=assumed.POOL_SLASHING.base)
"""Slashing that hits all holders of the token; hazard as for the pool."""
TOKEN_EXPLOIT = Event("exploit:liquid token", hazard=assumed.EXPLOIT.base)
"""Exploit of the token's contracts. The hazard of one in a hundred years is an assumption of the library."""
EXPLOIT_SEVERITY = assumed.EXPLOIT_SEVERITY.base
"""Fraction of all coins lost in an exploit, for pool and token: an assumption of the library."""
SOLO_SLASHING = Event("slashing:solo validator", hazard=assumed.SOLO_SLASHING.base)
"""Slashing of one validator by its own fault. One in 5,000 years is within the interval of the counted slashings."""
EXCHANGE_CUSTODIAN = Event("custodian:exchange", hazard=assumed.CUSTODIAN.base)
"""Default of the exchange. The hazard of one in fifty years is an assumption of the library."""
EXCHANGE_RECOVERY = assumed.RECOVERY.base
"""Recovery of creditors, in money of the day of default: an assumption of the library."""
EXCHANGE_RECOVERY_DAYS = assumed.RECOVERY_DAYS.base
"""Days until the recovery is paid: an assumption of the library, within the range of two cases."""
MINING_PROVIDER = Event("provider:cloud mining", hazard=assumed.PROVIDER.base)
"""Disappearance of the provider with contract and balance.

The hazard of one in ten years is an assumption of the library; BitClub and HashFlare, both large, ended in criminal
cases.
"""
POOL_FAILURES = (
    Failure(POOL_SLASHING, POOL_SLASHING_SEVERITY, line="slashing"),
    Failure(POOL_EXPLOIT, EXPLOIT_SEVERITY, line="exploit"),
)
"""Failures of the pool."""
TOKEN_FAILURES = (
    Failure(TOKEN_SLASHING, POOL_SLASHING_SEVERITY, line="slashing"),
    Failure(TOKEN_EXPLOIT, EXPLOIT_SEVERITY, line="exploit"),
)
"""Failures of the token."""
EXCHANGE_FAILURES = (
    Failure(EXCHANGE_CUSTODIAN, recovery=EXCHANGE_RECOVERY, delay_days=EXCHANGE_RECOVERY_DAYS, recovery_in="money"),
)
"""Default of the exchange with all coins there."""
MINING_FAILURES = (Failure(MINING_PROVIDER),)
"""Disappearance of the provider, without a recovery."""
MINING_PRICE_USD_PER_TH_S = assumed.MINING_PRICE_USD_PER_TH_S.base
"""Price in USD per TH/s for 360 days, including power and pool fee.

It is 4.3 % above the revenue of the hash rate in the week to 2026-01-01. Buyers of BitFuFu, the largest seller, paid
94.3 million USD for 917 BTC in the second quarter of 2025, that is 53.4 USD per PH/s and day where 51.2 were earned
(results of 2025-08-15).
"""


def reference(
    *, assumptions: str | os.PathLike[str] | AssumptionSet = NEWEST, currency: str = "USD"
) -> dict[str, Product]:
    """Reference products: holding ETH and BTC, solo validator, pool, liquid token, exchange, cloud mining, and cash.

    Waits in the chain's queues are the market's on each path. Validator, pool and exchange wait at entry and at exit;
    the liquid token is minted at once, so its holder waits only at exit. Coins arrive half a round of the sweep after
    the queue, for the token 3 days after its own queue. The contracts of pool and token can be exploited and slashed,
    with the same hazards and severities; they are two firms, so their events are independent.

    The reward of the built-in scenario is that of the average validator, net of its time offline; the validator's
    uptime is relative to it, so that the network's performance counts once.

    Terms that firms and chains set are dated; every number is of an assumption set, and `assumptions` lists the assumed
    ones.

    Parameters
    ----------
    assumptions
        Assumption set, or its name or file as `assumption_set` takes it; by default the newest of the library.
    currency
        Currency that money is counted in, which the cash is held in; default US dollars. In ETH or BTC there is no row
        of cash: the money is the coin that is held.

    Returns
    -------
    dict of str to Product
        Products by name, in the order of comparison; a new dictionary at each call.

    Examples
    --------
    >>> from stakingmodels.products import reference
    >>> reference()["liquid token"].protocol_fee
    0.1
    """
    found = assumption_set(assumptions)
    rows: dict[str, Product] = {
        "hold ETH": Holding("ETH"),
        "hold BTC": Holding("BTC"),
        "solo validator": _solo(found),
        "staking pool": _pool(found),
        "liquid token": _token(found),
        "exchange earn": _exchange(found),
        "cloud mining": _mining(found),
    }
    return rows if currency in {"ETH", "BTC"} else rows | {"cash": Holding(currency)}


def _failure(found: AssumptionSet, name: str, line: FailureLine) -> Failure:
    """Failure of a known event, with the numbers of a set."""
    keys = assumed_keys.EVENTS[name]
    numbers = {field: found[key].base for field, key in keys.items() if field not in ("event", "severity")}
    severity = max(found[keys["severity"]].base, checks.SMALLEST) if "severity" in keys else 1.0
    return Failure(Event(name, hazard=found[keys["event"]].base), severity, line=line, recovery_in="money", **numbers)


def _solo(found: AssumptionSet) -> SoloValidator:
    """A validator of one's own."""
    return SoloValidator(
        entry_days=EntryWait("ETH"),
        exit_days=ExitWait("ETH"),
        withdrawal_days=found["withdrawal_days"].base,
        uptime=found["uptime"].base,
        network_validators=found["network_validators"].base,
        slashing=Event(SOLO_SLASHING.name, hazard=found["solo_slashing.hazard"].base),
        slashing_severity=max(found["solo_slashing.severity"].base, checks.SMALLEST),
        running_cost_usd_per_day=found["running_cost_usd_per_day"].base,
    )


def _pool(found: AssumptionSet) -> StakingPool:
    """Shared staking contract."""
    return StakingPool(
        asset="ETH",
        commission=found["pool_commission"].base,
        entry_days=EntryWait("ETH"),
        unbonding_days=ExitWait("ETH"),
        withdrawal_days=found["service_withdrawal_days"].base,
        failures=(_failure(found, POOL_SLASHING.name, "slashing"), _failure(found, POOL_EXPLOIT.name, "exploit")),
    )


def _token(found: AssumptionSet) -> LiquidStakingToken:
    """Lido's token."""
    return LiquidStakingToken(
        protocol_fee=found["token_fee"].base,
        queue_days=ExitWait("ETH"),
        withdrawal_days=found["token_withdrawal_days"].base,
        waiting_cost_per_year=found["waiting_cost_per_year"].base,
        failures=(_failure(found, TOKEN_SLASHING.name, "slashing"), _failure(found, TOKEN_EXPLOIT.name, "exploit")),
    )


def _exchange(found: AssumptionSet) -> ExchangeStaking:
    """Coinbase's product."""
    return ExchangeStaking(
        commission=found["exchange_commission"].base,
        entry_days=EntryWait("ETH"),
        redemption_days=ExitWait("ETH"),
        earns_while_redeeming=True,
        withdrawal_days=found["service_withdrawal_days"].base,
        failures=(_failure(found, EXCHANGE_CUSTODIAN.name, "credit"),),
    )


def _mining(found: AssumptionSet) -> CloudMiningContract:
    """A contract at an all-in price."""
    return CloudMiningContract(
        price_usd_per_th_s=found["mining.price_usd_per_th_s"].base,
        term_days=found["mining.term_days"].base,
        pool_fee=0.0,
        electricity_usd_per_th_day=0.0,
        uptime=1.0,
        minimum_payout_btc=found["mining.minimum_payout_btc"].base,
        stop_after_days=max(round(found["mining.stop_after_days"].base), 1),
        failures=(_failure(found, MINING_PROVIDER.name, "credit"),),
    )


def assumptions(*, assumptions: str | os.PathLike[str] | AssumptionSet = NEWEST) -> tuple[AssumedTerm, ...]:
    """Assumed numbers of the compared products, in their order, with range and evidence.

    Waits in the chain's queues are none of them: the market draws them on each path. A number whose range is a point,
    such as a commission that a firm has published, is none either.

    Parameters
    ----------
    assumptions
        As in `reference`.

    Returns
    -------
    tuple of AssumedTerm
        The `assumed_terms` of each product.

    Examples
    --------
    >>> from stakingmodels.products import assumptions
    >>> row = next(row for row in assumptions() if row.assumption.n_events is not None)
    >>> row.product, row.term, row.assumption.n_events, round(row.assumption.high, 6)
    ('solo validator', 'slashing', 35, 0.000233)
    """
    found = assumption_set(assumptions)
    rows = reference(assumptions=found).items()
    return tuple(term for name, product in rows for term in assumed_terms(name, product, found))
