"""Assumed and stated numbers of the compared products, each with range, worse end and evidence.

They are the products' numbers of the newest assumption set (`assumptions`), which a test holds to them; their keys
are in `assumed_keys`.
"""

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
    low=0.841,
    base=0.99,
    high=1.0,
    worse="low",
    basis="measured",
    evidence="attestations made by 136 nodes of one validator in 336 days to 2024-11-21, by their pay: median 0.990, "
    "mean 0.971, 2.5 % quantile 0.841; taken as relative to the average validator",
    source="rocket-pool/rewards-trees @ 940d81a",
    date="2026-08-07",
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
POOL_SLASHING = counted(
    0.01,
    0,
    exposure_years=36.1,
    worse="high",
    evidence="no slashing that holders of ten large pools and tokens had to bear in 36.1 pool-years to 2026-05-18; "
    "Lido's two of 2023 took 2 to 3 millionths and were made good",
    source="research.lido.fi 4399 and 5631; launch days of DefiLlama/dimension-adapters @ e7346b0",
    date="2026-08-22",
)
POOL_SLASHING_SEVERITY = judged(0.05, worse="high", kind="fraction", date="2026-11")
EXPLOIT = counted(
    0.01,
    0,
    exposure_years=36.1,
    worse="high",
    evidence="no exploit that took coins of stakers from ten large contracts in 36.1 contract-years to 2026-05-18; "
    "they are those that are still known",
    source="seven lists of hacks in nbundi/pricing-the-defi-tail @ a975e1d; DefiLlama/dimension-adapters @ e7346b0",
    date="2026-08-22",
)
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
CUSTODIAN = Assumption(
    low=0.014,
    base=0.02,
    high=0.1137,
    worse="high",
    basis="measured",
    evidence="25 of 100 rated exchanges of all sizes defaulted in 324.7 exchange-years: the high end is the upper one "
    "of 95 %; the low end is what the same firm gives the safest of them for one year",
    source="Agio Ratings, release of 2026-03-31, and its one-year probabilities of June 2025, halved as it does since",
    date="2026-03-31",
)
RECOVERY = Assumption(
    low=0.30,
    base=0.5,
    high=0.73,
    worse="low",
    basis="measured",
    evidence="coins that came back for one coin in 12 failures from Mt. Gox to WazirX: mean 0.515 and its 95 % band, "
    "median 0.47, from 0.01 to 1.0; claims in money counted at the coin's price when they were paid",
    source="reports on each case, by press; prices of Binance and Coin Metrics",
    date="2026-01-09",
)
RECOVERY_DAYS = Assumption(
    low=340.0,
    base=730.0,
    high=3_590.0,
    worse="high",
    basis="measured",
    evidence="days to the first payment of nine failures: Voyager about 340, WazirX 463, Gemini Earn 560, Celsius 567, "
    "BlockFi about 600, FTX 830, QuadrigaCX 1,560, Cryptopia 2,040, Mt. Gox 3,590; median 600",
    source="reports on each case, by press",
    date="2026-01-09",
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
