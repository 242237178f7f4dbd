"""Assumed and stated numbers of the compared products, each with range, worse end and evidence.

They are the products' numbers of the newest assumption set (`assumptions`), which a test holds to them.
"""

from collections.abc import Mapping

from stakingmodels.assumptions import Assumption, counted, judged

_QUEUES = "etheralpha/validatorqueue-com @ f6a337c (upstream beaconcha.in)"
_RECORD = "median and range of the 357 recorded days of 2025-08-23 to 2026-08-22"
_SPECS = "ethereum/consensus-specs @ a08d8a6"
_OURS = "assumption of the library"

ENTRY_DAYS = Assumption(
    low=1.92,
    base=45.17,
    high=71.4,
    worse="high",
    basis="measured",
    evidence=_RECORD,
    source=_QUEUES,
    date="2026-08-22",
)
EXIT_DAYS = Assumption(
    low=0.0,
    base=1.1,
    high=46.41,
    worse="high",
    basis="measured",
    evidence=_RECORD,
    source=_QUEUES,
    date="2026-08-22",
)
UPTIME = Assumption(
    low=0.95,
    base=0.99,
    high=1.0,
    worse="low",
    basis="assumed",
    evidence="of the time for which the average validator is online, 0.99: a model's assumption of 0.98 against it; a "
    "large operator reports 0.9975; the low end is a day and a half a month",
    source="CADLabs Ethereum economic model @ a70e21f; Coinbase, report of 2025-03-04",
    date="2025-03-04",
)
RUNNING_COST_USD_PER_DAY = Assumption(
    low=0.06,
    base=0.315,
    high=8.0,
    worse="high",
    basis="assumed",
    evidence="a share of a cloud machine, own hardware, and a dedicated server for one validator alone",
    source="CADLabs Ethereum economic model @ a70e21f; Rocket Pool's list of hosts, 2026-05-07",
    date="2026-05-07",
)
SOLO_SLASHING = counted(
    0.0002,
    35,
    exposure_years=208_800.0,
    worse="high",
    evidence="35 validators slashed in the 160 days from the Merge to 2023-02-22, of 428,452 growing to 524,060; many "
    "in clusters, which the interval does not know",
    source="superphiz on beaconcha.in's list, told by Cointelegraph",
    date="2023-02-23",
)
SOLO_SLASHING_SEVERITY = Assumption(
    low=0.00198,
    base=0.001982519625,
    high=1.0,
    worse="high",
    basis="protocol",
    evidence="the protocol's rule: one validator on its own, to a third of the stake in 36 days",
    source=_SPECS,
    date="2026-08-07",
)
POOL_SLASHING = judged(0.01, worse="high", date="2026-11")
POOL_SLASHING_SEVERITY = judged(0.05, worse="high", kind="fraction", date="2026-11")
EXPLOIT = judged(0.01, worse="high", date="2026-11")
EXPLOIT_SEVERITY = judged(
    0.5,
    worse="high",
    kind="fraction",
    evidence="a token of restaked ETH lost 18 % on 2026-04-18",
    date="2026-11",
)
WITHDRAWAL_DAYS = Assumption(
    low=1.14,
    base=5.396736111111111,
    high=9.66,
    worse="high",
    basis="protocol",
    evidence="256 epochs and none, half or all of a round of the sweep over 981,255 validators",
    source=f"{_SPECS}; etheralpha/validatorqueue-com @ f6a337c, 2026-01-01",
    date="2026-08-07",
)
SERVICE_WITHDRAWAL_DAYS = Assumption(
    low=1.14,
    base=5.4,
    high=9.66,
    worse="high",
    basis="protocol",
    evidence="256 epochs and none, half or all of a round of the sweep over 981,255 validators, rounded",
    source=f"{_SPECS}; etheralpha/validatorqueue-com @ f6a337c, 2026-01-01",
    date="2026-08-07",
)
TOKEN_WITHDRAWAL_DAYS = Assumption(
    low=1.0,
    base=3.0,
    high=5.0,
    worse="high",
    basis="provider",
    evidence="1 to 5 days in ordinary times; that they come on top of the chain's queue is an assumption",
    source="Lido help centre, article 7858292, undated",
    date="2026-11",
)
WAITING_COST_PER_YEAR = Assumption(
    low=0.0,
    base=0.25,
    high=1.0,
    worse="high",
    basis="assumed",
    evidence="half the square of ETH's volatility of 0.70, times a relative aversion to risk of 0, 1 and 4",
    source=_OURS,
    date="2026-11",
)
POOL_COMMISSION = Assumption(
    low=0.15,
    base=0.15,
    high=0.15,
    worse="high",
    basis="provider",
    evidence="Coinbase's shared contract, for any amount of ETH; services that require 32 ETH took 0.05 to 0.10",
    source="docs.cdp.coinbase.com, shared ETH staking; ethereum.org's list",
    date="2026-11",
)
TOKEN_FEE = Assumption(
    low=0.1,
    base=0.1,
    high=0.1,
    worse="high",
    basis="provider",
    evidence="Lido's fee on rewards, in the contract",
    source="lidofinance/core @ 372b02e",
    date="2026-06-23",
)
EXCHANGE_COMMISSION = Assumption(
    low=0.1,
    base=0.35,
    high=0.3995,
    worse="high",
    basis="provider",
    evidence="Binance for ETH since 2023-07-06, Coinbase's standard, Binance's bonded products; the last two [press]",
    source="binance.com FAQ; spotedcrypto.com",
    date="2026",
)
CUSTODIAN = judged(
    0.02,
    worse="high",
    evidence="of 80 exchanges opened in 2010 to 2015, 38 had closed, for whatever reason",
    source="Moore, Christin and Szurdi, Revisiting the Risks of Bitcoin Currency Exchange Closure",
    date="2018-09-30",
)
RECOVERY = judged(
    0.5,
    worse="low",
    kind="fraction",
    evidence="of 11 closed exchanges of which it is known, six claim to have paid back",
    source="Moore and Christin, Beware the Middleman, told by CoinDesk",
    date="2013-04-25",
)
RECOVERY_DAYS = Assumption(
    low=567.0,
    base=730.0,
    high=3_590.0,
    worse="high",
    basis="measured",
    evidence="two cases: Celsius, from 2022-07-13 to 2024-01-31; Mt. Gox, from February 2014 to December 2023",
    source="coinlive.com, 2024-01-31; observers.com, 2024",
    date="2024-01-31",
)
PROVIDER = judged(
    0.1,
    worse="high",
    evidence="BitClub and HashFlare, both large, ended in criminal cases; the number of providers is not known",
    date="2026-11",
)
MINING_PRICE_USD_PER_TH_S = Assumption(
    low=13.48,
    base=14.06,
    high=18.60,
    worse="high",
    basis="measured",
    evidence="what 1 TH/s earned a day in the week to 2026-01-01, 0.03744 USD, for 360 days, and 0, 4.3 and 38 % "
    "more, as buyers paid in the second quarters of 2025 and 2024",
    source="Coin Metrics community data; BitFuFu, results of 2025-08-15; TheMinerMag, 2024-08-20",
    date="2026-01-01",
)
MINING_MINIMUM_PAYOUT_BTC = Assumption(
    low=0.001,
    base=0.001,
    high=0.01,
    worse="high",
    basis="provider",
    evidence="pools' minimum of 0.001 to 0.01",
    source="press",
    date="2026",
)
MINING_TERM_DAYS = Assumption(
    low=360.0,
    base=360.0,
    high=360.0,
    worse="high",
    basis="provider",
    evidence="the plan of 500 TH/s for 360 days at 4,625 USD, as read",
    source="Bitdeer help centre, article 360023619511, undated",
    date="2026-11",
)
MINING_STOP_AFTER_DAYS = Assumption(
    low=21.0,
    base=21.0,
    high=21.0,
    worse="low",
    basis="provider",
    evidence="days in a row of cost above revenue that end a contract",
    source="HashFlare terms of service",
    date="2018",
)
NETWORK_VALIDATORS = Assumption(
    low=1_111_116.0,
    base=1_111_116.0,
    high=1_111_116.0,
    worse="high",
    basis="measured",
    evidence="35,555,714 ETH in validators of 32 ETH, counted on 2026-01-01",
    source=_QUEUES,
    date="2026-01-01",
)

NUMBERS: Mapping[str, Assumption] = {
    "entry_days": ENTRY_DAYS,
    "exit_days": EXIT_DAYS,
    "withdrawal_days": WITHDRAWAL_DAYS,
    "service_withdrawal_days": SERVICE_WITHDRAWAL_DAYS,
    "token_withdrawal_days": TOKEN_WITHDRAWAL_DAYS,
    "uptime": UPTIME,
    "running_cost_usd_per_day": RUNNING_COST_USD_PER_DAY,
    "solo_slashing.hazard": SOLO_SLASHING,
    "solo_slashing.severity": SOLO_SLASHING_SEVERITY,
    "pool_slashing.hazard": POOL_SLASHING,
    "pool_slashing.severity": POOL_SLASHING_SEVERITY,
    "exploit.hazard": EXPLOIT,
    "exploit.severity": EXPLOIT_SEVERITY,
    "waiting_cost_per_year": WAITING_COST_PER_YEAR,
    "pool_commission": POOL_COMMISSION,
    "token_fee": TOKEN_FEE,
    "exchange_commission": EXCHANGE_COMMISSION,
    "custodian.hazard": CUSTODIAN,
    "custodian.recovery": RECOVERY,
    "custodian.recovery_days": RECOVERY_DAYS,
    "provider.hazard": PROVIDER,
    "mining.price_usd_per_th_s": MINING_PRICE_USD_PER_TH_S,
    "mining.minimum_payout_btc": MINING_MINIMUM_PAYOUT_BTC,
    "mining.term_days": MINING_TERM_DAYS,
    "mining.stop_after_days": MINING_STOP_AFTER_DAYS,
    "network_validators": NETWORK_VALIDATORS,
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
