"""Keys of the compared products' numbers in an assumption set, and the events and terms that rest on them."""

from collections.abc import Mapping

from stakingmodels.assumptions import Assumption
from stakingmodels.products.parts import assumed

NUMBERS: Mapping[str, Assumption] = {
    "entry_days": assumed.ENTRY_DAYS,
    "exit_days": assumed.EXIT_DAYS,
    "withdrawal_days": assumed.WITHDRAWAL_DAYS,
    "service_withdrawal_days": assumed.SERVICE_WITHDRAWAL_DAYS,
    "token_withdrawal_days": assumed.TOKEN_WITHDRAWAL_DAYS,
    "uptime": assumed.UPTIME,
    "running_cost_usd_per_day": assumed.RUNNING_COST_USD_PER_DAY,
    "solo_slashing.hazard": assumed.SOLO_SLASHING,
    "solo_slashing.severity": assumed.SOLO_SLASHING_SEVERITY,
    "pool_slashing.hazard": assumed.POOL_SLASHING,
    "pool_slashing.severity": assumed.POOL_SLASHING_SEVERITY,
    "exploit.hazard": assumed.EXPLOIT,
    "exploit.severity": assumed.EXPLOIT_SEVERITY,
    "waiting_cost_per_year": assumed.WAITING_COST_PER_YEAR,
    "pool_commission": assumed.POOL_COMMISSION,
    "token_fee": assumed.TOKEN_FEE,
    "exchange_commission": assumed.EXCHANGE_COMMISSION,
    "custodian.hazard": assumed.CUSTODIAN,
    "custodian.recovery": assumed.RECOVERY,
    "custodian.recovery_days": assumed.RECOVERY_DAYS,
    "provider.hazard": assumed.PROVIDER,
    "mining.price_usd_per_th_s": assumed.MINING_PRICE_USD_PER_TH_S,
    "mining.minimum_payout_btc": assumed.MINING_MINIMUM_PAYOUT_BTC,
    "mining.term_days": assumed.MINING_TERM_DAYS,
    "mining.stop_after_days": assumed.MINING_STOP_AFTER_DAYS,
    "network_validators": assumed.NETWORK_VALIDATORS,
}
"""Numbers by their keys in an assumption set."""

_SLASHING = {"event": "pool_slashing.hazard", "severity": "pool_slashing.severity"}
_EXPLOIT = {"event": "exploit.hazard", "severity": "exploit.severity"}
EVENTS: Mapping[str, Mapping[str, str]] = {
    "slashing:staking pool": _SLASHING,
    "slashing:liquid token": _SLASHING,
    "exploit:staking pool": _EXPLOIT,
    "exploit:liquid token": _EXPLOIT,
    "custodian:exchange": {
        "event": "custodian.hazard",
        "recovery": "custodian.recovery",
        "delay_days": "custodian.recovery_days",
    },
    "provider:cloud mining": {"event": "provider.hazard"},
}
"""Keys of the numbers of a failure, by the name of its event and the field of `Failure`; of the event, its hazard."""
TERMS: Mapping[str, Mapping[str, str]] = {
    "StakingPool": {"commission": "pool_commission"},
    "LiquidStakingToken": {"protocol_fee": "token_fee"},
    "CloudMiningContract": {
        "minimum_payout_btc": "mining.minimum_payout_btc",
        "term_days": "mining.term_days",
        "stop_after_days": "mining.stop_after_days",
    },
    "SoloValidator": {"network_validators": "network_validators"},
}
"""Keys of terms that somebody has stated, by class and field; those of terms with an `Assumption` are that's own."""
