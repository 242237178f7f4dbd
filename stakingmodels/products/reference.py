"""`reference`: the products compared by default, with dated terms; and `assumptions`, their assumed numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from stakingmodels import terms
from stakingmodels.market import EntryWait, Event, ExitWait
from stakingmodels.products.base import Product
from stakingmodels.products.custody.exchange_staking import ExchangeStaking
from stakingmodels.products.holding import Holding
from stakingmodels.products.mining.cloud_mining_contract import CloudMiningContract
from stakingmodels.products.parts import assumed
from stakingmodels.products.parts.assumed import Assumption
from stakingmodels.products.parts.failures import Failure
from stakingmodels.products.staking.liquid_staking_token import LiquidStakingToken
from stakingmodels.products.staking.solo_validator import SoloValidator
from stakingmodels.products.staking.staking_pool import StakingPool

POOL_COMMISSION = 0.15
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
_SLASHING = {"event": assumed.POOL_SLASHING, "severity": assumed.POOL_SLASHING_SEVERITY}
_EXPLOIT = {"event": assumed.EXPLOIT, "severity": assumed.EXPLOIT_SEVERITY}
_DEFAULT = {"event": assumed.CUSTODIAN, "recovery": assumed.RECOVERY, "delay_days": assumed.RECOVERY_DAYS}
_FAILURES: Mapping[str, Mapping[str, Assumption]] = {
    POOL_SLASHING.name: _SLASHING,
    TOKEN_SLASHING.name: _SLASHING,
    POOL_EXPLOIT.name: _EXPLOIT,
    TOKEN_EXPLOIT.name: _EXPLOIT,
    EXCHANGE_CUSTODIAN.name: _DEFAULT,
    MINING_PROVIDER.name: {"event": assumed.PROVIDER},
}


def reference() -> dict[str, Product]:
    """Reference products: holding ETH and BTC, solo validator, pool, liquid token, exchange, cloud mining, and cash.

    Waits in the chain's queues are the market's on each path. Validator, pool and exchange wait at entry and at exit;
    the liquid token is minted at once, so its holder waits only at exit. Coins arrive half a round of the sweep after
    the queue, for the token 3 days after its own queue. The contracts of pool and token can be exploited and slashed,
    with the same hazards and severities; they are two firms, so their events are independent.

    The reward of the built-in scenario is that of the average validator, net of its time offline; the validator's
    uptime is relative to it, so that the network's performance counts once.

    Terms that firms and chains set are dated; every one is a constant of this module or a field of its product.
    `assumptions` lists the assumed ones.

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
    return {
        "hold ETH": Holding("ETH"),
        "hold BTC": Holding("BTC"),
        "solo validator": SoloValidator(
            entry_days=EntryWait("ETH"),
            exit_days=ExitWait("ETH"),
            uptime=assumed.UPTIME.base,
            slashing=SOLO_SLASHING,
        ),
        "staking pool": _pool(),
        "liquid token": _token(),
        "exchange earn": ExchangeStaking(
            entry_days=EntryWait("ETH"),
            redemption_days=ExitWait("ETH"),
            earns_while_redeeming=True,
            withdrawal_days=assumed.SERVICE_WITHDRAWAL_DAYS.base,
            failures=EXCHANGE_FAILURES,
        ),
        "cloud mining": CloudMiningContract(
            price_usd_per_th_s=MINING_PRICE_USD_PER_TH_S,
            pool_fee=0.0,
            electricity_usd_per_th_day=0.0,
            uptime=1.0,
            failures=MINING_FAILURES,
        ),
        "cash": Holding("USD"),
    }


def _pool() -> StakingPool:
    """Shared staking contract."""
    return StakingPool(
        asset="ETH",
        commission=POOL_COMMISSION,
        entry_days=EntryWait("ETH"),
        unbonding_days=ExitWait("ETH"),
        withdrawal_days=assumed.SERVICE_WITHDRAWAL_DAYS.base,
        failures=POOL_FAILURES,
    )


def _token() -> LiquidStakingToken:
    """Lido's token."""
    return LiquidStakingToken(
        queue_days=ExitWait("ETH"),
        withdrawal_days=assumed.TOKEN_WITHDRAWAL_DAYS.base,
        failures=TOKEN_FAILURES,
    )


@attrs.frozen
class AssumedTerm:
    """One assumed number of the compared products.

    Attributes
    ----------
    product, term
        Name of the product in `reference`, and its field, ``"failures[0].severity"`` for one within a failure; for an
        event the number is the hazard a year.
    assumption
        Lowest, usual and highest value, with their evidence.
    """

    product: str
    term: str
    assumption: Assumption

    def to_dict(self) -> dict[str, Any]:
        """Product, term, and the assumption's fields, as plain numbers and text."""
        return {"product": self.product, "term": self.term, **attrs.asdict(self.assumption)}


def assumptions() -> tuple[AssumedTerm, ...]:
    """Assumed numbers of the compared products, in their order, with range and evidence.

    Returns
    -------
    tuple of AssumedTerm
        One for each term that has an `Assumption` and that the product uses.

    Examples
    --------
    >>> from stakingmodels.products import assumptions
    >>> row = next(row for row in assumptions() if row.assumption.n_events is not None)
    >>> row.product, row.term, row.assumption.n_events, round(row.assumption.high, 6)
    ('solo validator', 'slashing', 35, 0.000233)
    """
    rows: list[AssumedTerm] = []
    for name, product in reference().items():
        for field, term in terms.of(type(product)).items():
            if term.kind == "failures":
                rows += [AssumedTerm(name, f"{field}{key}", found) for key, found in _of_failures(product)]
            elif term.assumption is not None and getattr(product, field) not in (None, 0.0):
                rows.append(AssumedTerm(name, field, term.assumption))
    return tuple(rows)


def _of_failures(product: Any) -> Iterator[tuple[str, Assumption]]:
    """Assumptions on the numbers of a reference product's failures, by number and field."""
    for number, failure in enumerate(product.failures):
        for field, assumption in _FAILURES.get(failure.event.name, {}).items():
            yield f"[{number}].{field}", assumption
