"""Stress: recorded episodes of markets, networks and firms, as shocks for any scenario.

Price closes are daily UTC closes of Yahoo Finance; a change from one close to another is their ratio less one. Numbers
of the Bitcoin network are Coin Metrics community data; difficulty is its hash rate times 86,400 over 2**32 times the
blocks of the day. [press] marks reports of the time, [assumption] numbers without a source. Each episode begins at the
close of its first day, and none of it is a forecast.
"""

from collections.abc import Mapping, Sequence

import attrs

from stakingmodels import checks
from stakingmodels.market import BlockFees, Difficulty, EntryWait, Event, ExitWait, Factor, Hashrate, MarketRatio, Price
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.events.shocked import AnyShock, Shocked
from stakingmodels.scenarios.events.shocks import EventShock, SetTo, Shock
from stakingmodels.series import FrozenMap

_BTC, _ETH, _SOL = Price("BTC"), Price("ETH"), Price("SOL")


@attrs.frozen
class Episode:
    """Recorded episode, as shocks counted from the close of its first day.

    Parameters
    ----------
    name
        Name, such as ``"stETH 2022-06"``.
    first_day
        Date of day 0, in ISO 8601.
    core
        Main shocks, whose factors the scenario must have.
    companions
        Accompanying shocks, left out where the scenario lacks the factor.
    from_opening
        Whether it holds from the opening of the grid on, whatever the day given.
    """

    name: str = attrs.field(validator=checks.TEXT)
    first_day: str = attrs.field(validator=checks.TEXT)
    core: tuple[AnyShock, ...]
    companions: tuple[Shock, ...] = ()
    from_opening: bool = False

    def shocks(
        self, factors: frozenset[Factor], *, day: float, events: Sequence[Event] | Event | None = None
    ) -> tuple[AnyShock, ...]:
        """Shocks of a scenario with these factors.

        Parameters
        ----------
        factors
            Factors of the scenario.
        day
            Day from the opening on which the episode begins.
        events
            Events that occur instead of the episode's own.
        """
        core = [
            EventShock(events, day=s.day) if events is not None and isinstance(s, EventShock) else s for s in self.core
        ]
        felt = [shock for shock in self.companions if factors.issuperset(shock.factors)]
        begin = 0.0 if self.from_opening else day
        return tuple(shock.later(begin) for shock in (*core, *felt))


STETH_2022_06 = Episode(
    "stETH 2022-06",
    "2022-06-07",
    (Shock(MarketRatio("stETH"), day=0, until=8, change=-0.061, half_life_days=30),),
    (
        Shock(_ETH, day=0, until=11, change=-0.4523),
        Shock(_BTC, day=0, until=11, change=-0.3896),
        Shock(_SOL, day=0, until=11, change=-0.1935),
    ),
)
"""stETH below its peg while it could not be redeemed, and the crash of June 2022.

Ratio: lowest quotient of the two closes, 0.9367 on 2022-06-15, over the median of April 2022, 0.9976, before the end
of Terra. Half-life: 30 days, from the decay of the autocorrelation of the log ratio at lags of 1 to 30 days in 2022.
Prices: closes of 2022-06-07 to 2022-06-18, the lowest of the year for ETH until then; they stay where they fell.
"""

EXCHANGE_FAILURE_2022_11 = Episode(
    "exchange failure 2022-11",
    "2022-11-05",
    (EventShock(Event("custodian:exchange"), day=3),),
    (
        Shock(_BTC, day=0, until=4, change=-0.2538),
        Shock(_ETH, day=0, until=4, change=-0.3242),
        Shock(_SOL, day=0, until=4, change=-0.6209),
        Shock(MarketRatio("stETH"), day=0, until=4, change=-0.0236, half_life_days=28),
    ),
)
"""FTX stops paying out on 2022-11-08 and files for bankruptcy on 2022-11-11 [press].

Prices and stETH's ratio: closes of 2022-11-05 to 2022-11-09. The ratio's half-life: 28 days, from the decay of the
autocorrelation in 2023; it stayed below 0.98 for 50 days. The loss and the time of repayment depend on the product's
terms. SOL fell furthest because FTX held much of it [press].
"""

HASHRATE_MIGRATION_2021_05 = Episode(
    "hashrate migration 2021-05",
    "2021-05-13",
    (Shock(Difficulty("BTC"), day=1, until=66, change=-0.454, half_life_days=79),),
    (
        Shock(Hashrate("BTC"), day=0, until=50, change=-0.531, half_life_days=66),
        Shock(_BTC, day=0, until=66, change=-0.358),
        Shock(_ETH, day=0, until=66, change=-0.490),
        Shock(_SOL, day=0, until=66, change=-0.348),
    ),
)
"""China shuts its miners down, and half of the world's machines are moved.

Hash rate: seven-day mean of 180.8 EH/s on 2021-05-13 to 84.8 EH/s on 2021-07-02; half of the fall was made up on
2021-09-06, 66 days later. Difficulty: 25.05e12 from 2021-05-14 to 13.67e12 from 2021-07-18; half of it was made up with
the retarget of 2021-10-05, 79 days later. Prices: closes of 2021-05-13 to 2021-07-18 (BTC: Coin Metrics); they stay
where they fell. A `HashrateResponse` sets its difficulty from the hash rate before any shock, so there too both are
shocked; its response to the lower price comes in addition.
"""

HALVING_2024_04 = Episode(
    "halving 2024-04",
    "2024-04-19",
    (
        Shock(Difficulty("BTC"), day=1, change=1.0),
        Shock(Difficulty("BTC"), day=1, until=77, change=-0.075, half_life_days=20),
    ),
    (Shock(BlockFees("BTC"), day=0, change=40.5, half_life_days=1.63),),
)
"""Bitcoin's fourth halving on 2024-04-20: half the coins per hash, fees of one extreme day, and miners who shut down.

The first shock, difficulty doubled, stands for the halved subsidy: to a miner they are the same except for the fees.
Leave it out on a grid that crosses a halving by date, where contracts halve the subsidy themselves. Difficulty:
86.39e12 on 2024-04-20 to 79.91e12 from 2024-07-05; half of that was made up between the retargets of 2024-07-19 and
2024-07-31. Fees of a block: 9.28 BTC on 2024-04-20 over the mean of 2024-03-12 to 2024-04-10, 0.2235 BTC; half-life
from a line through the logarithms of the excess, 2024-04-20 to 2024-04-30. The price closed at 64,994 USD on the day
and at 60,637 USD ten days later, so it is not shocked.
"""

EZETH_2024_04 = Episode(
    "ezETH 2024-04",
    "2024-04-23",
    (Shock(MarketRatio("ezETH"), day=1, change=-0.133, half_life_days=0.5),),
    (Shock(_ETH, day=0, until=1, change=-0.0249),),
)
"""ezETH falls off its peg on 2024-04-24, as an averaged price showed it.

Lowest price of aggregators, USD 2,755, over that to which it came back, USD 3,178 [press]. It came back within the
day; the half-life of half a day is an [assumption]. At this price only leverage of five times and more was liquidated
[press]. ETH: closes of 2024-04-23 to 2024-04-24.
"""

EZETH_2024_04_POOL = Episode(
    "ezETH 2024-04 pool",
    "2024-04-23",
    (Shock(MarketRatio("ezETH"), day=1, change=-0.78, half_life_days=0.5),),
    (Shock(_ETH, day=0, until=1, change=-0.0249),),
)
"""ezETH's fall of 2024-04-24 at the price of a forced seller in a thin pool.

Lowest trade on a decentralised exchange of USD 688 to 700, with ETH at USD 3,100 to 3,250: a ratio of about 0.22
[press]. More than USD 60 million were liquidated [press]. Half-life as in `EZETH_2024_04` [assumption].
"""

BALANCER_2025_11 = Episode(
    "Balancer 2025-11",
    "2025-11-02",
    (EventShock(Event("exploit:balancer"), day=1),),
    (
        Shock(_BTC, day=0, until=2, change=-0.0818),
        Shock(_ETH, day=0, until=2, change=-0.1581),
        Shock(_SOL, day=0, until=2, change=-0.1727),
    ),
)
"""A rounding error empties Balancer's composable stable pools of version 2 on 2025-11-03.

USD 128.64 million were taken (PeckShield) and the value in the protocol fell by 46 % within a day, from USD 626 million
to USD 338 million (DappRadar), both [press]; a depositor's loss depends on the product's terms. Prices: closes of
2025-11-02 to 2025-11-04.
"""

ETHEREUM_QUEUES = Episode(
    "Ethereum queues 2025-26",
    "2025-08-23",
    (SetTo(ExitWait("ETH"), level=46.4), SetTo(EntryWait("ETH"), level=71.4)),
    from_opening=True,
)
"""Longest recorded queues of Ethereum, both at once and permanently, from the opening on.

etheralpha/validatorqueue-com (MIT; upstream beaconcha.in), 2023-05-21 to 2026-08-22: 46.4 days to exit on 2025-09-13,
71.4 to enter on 2026-02-12. They never coincided: on those days the other queue took 10 days or less. So this is worse
than the record for a holder who enters and exits within one run.
"""

EPISODES: Mapping[str, Episode] = FrozenMap(
    {
        episode.name: episode
        for episode in (
            HASHRATE_MIGRATION_2021_05,
            STETH_2022_06,
            EXCHANGE_FAILURE_2022_11,
            HALVING_2024_04,
            EZETH_2024_04,
            EZETH_2024_04_POOL,
            BALANCER_2025_11,
            ETHEREUM_QUEUES,
        )
    }
)
"""Episodes by name."""


def stress(
    name: str, scenario: Scenario, *, day: float = 30.0, events: Sequence[Event] | Event | None = None
) -> Shocked:
    """Scenario in which a recorded episode happens again.

    Parameters
    ----------
    name
        One of `EPISODES`.
    scenario
        Any scenario. It must have the factors of the episode's main shocks; accompanying shocks are left out where it
        lacks the factor. The notes of the result list the shocks.
    day
        Day on which the episode begins, from the opening of the grid. Default 30. Queues are long from the opening on.
    events
        Events of the products that are hit, instead of the episode's own; only for episodes with events.

    Raises
    ------
    InputError
        For an unknown name, a scenario without the episode's main factors, or events where the episode has none.

    Examples
    --------
    >>> from stakingmodels import Constants, MarketRatio, Price
    >>> from stakingmodels.scenarios import stress
    >>> scenario = Constants({Price("ETH"): 3000.0, MarketRatio("stETH"): 1.0})
    >>> for note in stress("stETH 2022-06", scenario, day=10).describe()[2:]:
    ...     print(note)
    MarketRatio("stETH") -6.10% from day 10 to 18, half of it gone in 30 days
    Price("ETH") -45.23% from day 10 to 21
    """
    if not isinstance(name, str) or name not in EPISODES:
        rule = f"must be one of {', '.join(EPISODES)}"
        checks.refuse("stress: name", rule, name, checks.nearest_hint(name, EPISODES) if isinstance(name, str) else "")
    checks.instance("stress: scenario", scenario, Scenario, "reference()")
    episode, begin = EPISODES[name], checks.non_negative("stress: day", day)
    if events is not None and not any(isinstance(shock, EventShock) for shock in episode.core):
        checks.refuse("stress: events", f"go with episodes that have events, and {name!r} has none", str(events))
    shocks = episode.shocks(scenario.factors, day=begin, events=events)
    first = len(episode.core)
    return Shocked(scenario, shocks[:first], companions=shocks[first:])
