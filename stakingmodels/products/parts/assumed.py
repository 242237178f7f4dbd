"""`Assumption`: a number that is unpublished or varies, with its range and evidence."""

import attrs

from stakingmodels import checks
from stakingmodels.measures import clopper_pearson, garwood

NO_RECORD = "no record: the widest range"
"""Evidence of a number without any record."""


@attrs.frozen(kw_only=True)
class Assumption:
    """Lowest, usual and highest value of a term.

    For events counted over an exposure, the range is their exact 95 % interval by `garwood`; for events in a number of
    trials, by `clopper_pearson`. For a rule, a record or an offer, it is the range of that. Without any evidence it is
    the widest: fractions from 0 to 1, hazards from never to once a year.

    Parameters
    ----------
    low, base, high
        Values in the unit of the term, in this order; `reference` uses `base`.
    evidence
        Evidence for the range, in a sentence or less.
    source, date
        Source and its date; for assumptions of the library, the date on which they were made.
    n_events, exposure_years
        Number of events counted, and exposure in years.
    trials
        Number of trials, in place of years.

    Raises
    ------
    InputError
        For a range out of order, and a count whose interval is not the range.
    """

    low: float = attrs.field(validator=checks.NON_NEGATIVE)
    base: float = attrs.field(validator=checks.NON_NEGATIVE)
    high: float = attrs.field(validator=checks.NON_NEGATIVE)
    evidence: str
    source: str
    date: str
    n_events: int | None = None
    exposure_years: float | None = None
    trials: int | None = None

    def __attrs_post_init__(self) -> None:
        if not self.low <= self.base <= self.high:
            checks.refuse("Assumption.base", f"must be in [{self.low:g}, {self.high:g}]", self.base)
        if (self.n_events is None) != (self.exposure_years is None and self.trials is None):
            checks.refuse("Assumption.n_events", "must come with exposure_years or trials", self.n_events)
        if self.n_events is not None:
            interval = _interval(self.n_events, self.exposure_years, self.trials)
            if (self.low, self.high) != interval:
                checks.refuse("Assumption.low", f"must be the interval of the count, {interval}", (self.low, self.high))


def _interval(n_events: int, exposure_years: float | None, trials: int | None) -> tuple[float, float]:
    if exposure_years is not None:
        return garwood(n_events, exposure_years)
    return clopper_pearson(n_events, trials or 0)


def counted(
    base: float,
    n_events: int,
    *,
    exposure_years: float | None = None,
    trials: int | None = None,
    evidence: str,
    source: str,
    date: str,
) -> Assumption:
    """Assumption on a hazard or a fraction whose range is the exact interval of a count."""
    low, high = _interval(n_events, exposure_years, trials)
    return Assumption(
        low=low,
        base=base,
        high=high,
        evidence=evidence,
        source=source,
        date=date,
        n_events=n_events,
        exposure_years=exposure_years,
        trials=trials,
    )


def _unrecorded(base: float) -> Assumption:
    return Assumption(low=0.0, base=base, high=1.0, evidence=NO_RECORD, source=_OURS, date="2026-11")


_OURS = "assumption of the library"
_QUEUES = "etheralpha/validatorqueue-com @ f6a337c (upstream beaconcha.in)"
_RECORD = "median and range of the 357 recorded days of 2025-08-23 to 2026-08-22"

ENTRY_DAYS = Assumption(low=1.92, base=45.17, high=71.4, evidence=_RECORD, source=_QUEUES, date="2026-08-22")
EXIT_DAYS = Assumption(low=0.0, base=1.1, high=46.41, evidence=_RECORD, source=_QUEUES, date="2026-08-22")
UPTIME = Assumption(
    low=0.95,
    base=0.99,
    high=1.0,
    evidence="of the time for which the average validator is online, 0.99: a model's assumption of 0.98 against it; a "
    "large operator reports 0.9975; the low end is a day and a half a month",
    source="CADLabs Ethereum economic model @ a70e21f; Coinbase, report of 2025-03-04",
    date="2025-03-04",
)
RUNNING_COST_USD_PER_DAY = Assumption(
    low=0.06,
    base=0.315,
    high=8.0,
    evidence="a share of a cloud machine, own hardware, and a dedicated server for one validator alone",
    source="CADLabs Ethereum economic model @ a70e21f; Rocket Pool's list of hosts, 2026-05-07",
    date="2026-05-07",
)
SOLO_SLASHING = counted(
    0.0002,
    35,
    exposure_years=208_800.0,
    evidence="35 validators slashed in the 160 days from the Merge to 2023-02-22, of 428,452 growing to 524,060; many "
    "in clusters, which the interval does not know",
    source="superphiz on beaconcha.in's list, told by Cointelegraph",
    date="2023-02-23",
)
SOLO_SLASHING_SEVERITY = Assumption(
    low=0.00198,
    base=0.00198,
    high=1.0,
    evidence="the protocol's rule: one validator on its own, to a third of the stake in 36 days",
    source="ethereum/consensus-specs @ a08d8a6",
    date="2026-08-07",
)
POOL_SLASHING = _unrecorded(0.01)
POOL_SLASHING_SEVERITY = _unrecorded(0.05)
EXPLOIT = _unrecorded(0.01)
EXPLOIT_SEVERITY = Assumption(
    low=0.0,
    base=0.5,
    high=1.0,
    evidence="no record of staking contracts: the widest range; a token of restaked ETH lost 18 % on 2026-04-18",
    source=_OURS,
    date="2026-11",
)
SERVICE_WITHDRAWAL_DAYS = Assumption(
    low=1.14,
    base=5.4,
    high=9.66,
    evidence="256 epochs and none, half or all of a round of the sweep over 981,255 validators",
    source="ethereum/consensus-specs @ a08d8a6; etheralpha/validatorqueue-com @ f6a337c, 2026-01-01",
    date="2026-08-07",
)
TOKEN_WITHDRAWAL_DAYS = Assumption(
    low=1.0,
    base=3.0,
    high=5.0,
    evidence="1 to 5 days in ordinary times; that they come on top of the chain's queue is an assumption",
    source="Lido help centre, article 7858292, undated",
    date="2026-11",
)
WAITING_COST_PER_YEAR = Assumption(
    low=0.0,
    base=0.25,
    high=1.0,
    evidence="half the square of ETH's volatility of 0.70, times a relative aversion to risk of 0, 1 and 4",
    source=_OURS,
    date="2026-11",
)
EXCHANGE_COMMISSION = Assumption(
    low=0.1,
    base=0.35,
    high=0.3995,
    evidence="Binance for ETH since 2023-07-06, Coinbase's standard, Binance's bonded products; the last two [press]",
    source="binance.com FAQ; spotedcrypto.com",
    date="2026",
)
CUSTODIAN = Assumption(
    low=0.0,
    base=0.02,
    high=1.0,
    evidence="no record over years: the widest range; of 80 exchanges opened in 2010 to 2015, 38 had closed",
    source="Moore, Christin and Szurdi, Revisiting the Risks of Bitcoin Currency Exchange Closure",
    date="2018-09-30",
)
RECOVERY = Assumption(
    low=0.0,
    base=0.5,
    high=1.0,
    evidence="no record of what part came back: the widest range; of 11 closed exchanges of which it is known, six "
    "claim to have paid back",
    source="Moore and Christin, Beware the Middleman, told by CoinDesk",
    date="2013-04-25",
)
RECOVERY_DAYS = Assumption(
    low=567.0,
    base=730.0,
    high=3_590.0,
    evidence="two cases: Celsius, from 2022-07-13 to 2024-01-31; Mt. Gox, from February 2014 to December 2023",
    source="coinlive.com, 2024-01-31; observers.com, 2024",
    date="2024-01-31",
)
PROVIDER = _unrecorded(0.1)
"""BitClub and HashFlare, both large, ended in criminal cases; the number of providers is not known."""
MINING_PRICE_USD_PER_TH_S = Assumption(
    low=13.48,
    base=14.06,
    high=18.60,
    evidence="what 1 TH/s earned a day in the week to 2026-01-01, 0.03744 USD, for 360 days, and 0, 4.3 and 38 % "
    "more, as buyers paid in the second quarters of 2025 and 2024",
    source="Coin Metrics community data; BitFuFu, results of 2025-08-15; TheMinerMag, 2024-08-20",
    date="2026-01-01",
)
