"""Risk that would silently be absent: events that hit no product, and worlds of another time than the grid's."""

import warnings

import numpy as np
import pytest

from stakingmodels import (
    GBM,
    Constants,
    EntryWait,
    Event,
    ExchangeStaking,
    ExitWait,
    GeometricBrownianMotion,
    Holding,
    Joint,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
    simulate,
)
from stakingmodels.errors import InputError, ScenarioWarning
from stakingmodels.products import Failure
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    EPISODES,
    Contagion,
    Copula,
    Crash,
    EventShock,
    Hazards,
    Scenario,
    SetTo,
    Shock,
    Shocked,
    reference,
    stress,
)

ETH = Price("ETH")
MARKET = Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.03)})
GRID = TimeGrid.daily("2026-01-01", days=60, settlement_days=5)
MINE, OTHER = Event("custodian:kraken", hazard=0.1), Event("custodian:x")


def earn(custodian):
    return ExchangeStaking(redemption_days=0.0, failures=(Failure(custodian),))


def run(world, grid=GRID, products=None):
    chosen = {"earn": earn(MINE), "hold": Holding(asset="ETH")} if products is None else products
    return simulate(chosen, world, grid, capital=1000.0, n_paths=50, rng=1)


WAYS = {
    "a constant": lambda event: Constants({event: 0.5}),
    "a hazard": lambda event: Hazards({event: 0.5}),
    "a shared cause": lambda event: Hazards({event: 0.0, OTHER: 0.0}, shared={(event, OTHER): 0.5}),
    "a copula": lambda event: Hazards({event: 0.5, OTHER: 0.5}, copula=Copula({(event, OTHER): 0.5})),
    "contagion": lambda event: Hazards(
        {event: 0.5}, contagion={event: Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=1.0)}
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_misspelt_event_is_refused_whichever_way_it_comes_in(way, wrapped):
    world: Scenario = Joint([MARKET, WAYS[way](Event("custodian:krakn"))])
    if wrapped:
        world = Shocked(world, EventShock(OTHER, day=3))
    with pytest.raises(InputError, match="no product carries this event") as refused:
        run(world)
    assert 'Event("custodian:krakn")' in str(refused.value)
    assert 'did you mean Event("custodian:kraken' in str(refused.value)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings('ignore:Event."custodian.x". hits no product')
def test_an_event_that_nobody_carries_and_nothing_is_like_is_warned_of(way):
    with pytest.warns(
        ScenarioWarning, match=r'^Event\("exploit:bridge"\) hits no product: they carry Event\("custodian:kr'
    ):
        results = run(Joint([MARKET, WAYS[way](Event("exploit:bridge"))]))
    assert any(remark.startswith('Event("exploit:bridge") hits no product') for remark in results.remarks)
    assert results.failures == {"earn": ("custodian:kraken",), "hold": ()}


@pytest.mark.parametrize(
    ("event", "world", "found"),
    [
        (MINE, MARKET, ("custodian:kraken",)),
        (Event("custodian:kraken", hazard=0.0), MARKET, ()),
        (MINE, Joint([MARKET, Constants({Event("custodian:kraken"): 0.0})]), ()),
        (MINE, Joint([MARKET, Hazards({Event("custodian:kraken"): 0.0})]), ()),
        (MINE, Joint([MARKET, Hazards({Event("custodian:kraken"): {0: 0.0, 30: 0.1}})]), ("custodian:kraken",)),
        (MINE, Joint([MARKET, Hazards({Event("custodian:kraken"): None})]), ("custodian:kraken",)),
        (
            Event("custodian:kraken", hazard=0.0),
            Shocked(MARKET, EventShock(Event("custodian:kraken"), day=3)),
            ("custodian:kraken",),
        ),
    ],
)
def test_an_event_that_never_strikes_is_no_failure_that_is_modelled(event, world, found):
    assert run(world, products={"earn": earn(event)}).failures == {"earn": found}


@pytest.mark.parametrize(
    ("said", "carried"),
    [
        ("exploit:liquid tokn", "exploit:liquid token"),
        ("Exploit:Liquid Token", "exploit:liquid token"),
        ("explot:liquid token", "exploit:liquid token"),
        ("liquid token", "exploit:liquid token"),
        ("exploit:liquid token", "liquid token"),
        ("exploit:liquid-token", "exploit:liquid token"),
    ],
)
def test_a_name_is_near_another_in_its_kind_and_its_own_part(said, carried):
    with pytest.raises(InputError, match=f'did you mean Event."{carried}".\\?'):
        run(Joint([MARKET, Hazards({Event(said): 0.1})]), products={"earn": earn(Event(carried, hazard=0.1))})


@pytest.mark.parametrize(
    ("said", "carried"),
    [
        ("slashing:liquid token", "exploit:liquid token"),
        ("custodian:kraken", "custodian:coinbase"),
        ("exploit:staking pool", "exploit:liquid token"),
    ],
)
def test_another_kind_or_another_one_of_the_same_kind_is_no_misspelling(said, carried):
    with pytest.warns(ScenarioWarning, match="hits no product"):
        run(Joint([MARKET, Hazards({Event(said): 0.1})]), products={"earn": earn(Event(carried, hazard=0.1))})


def test_a_misspelt_event_of_what_crashes_add_is_warned_of_also_beside_one_that_hits():
    crash = Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=1.0)
    wrong = Event("custodian:coinbse")
    world = Joint([MARKET, Hazards({MINE: None, wrong: None}, contagion={MINE: crash, wrong: crash})])
    carried = {"one": earn(MINE), "other": earn(Event("custodian:coinbase", hazard=0.1))}
    with pytest.warns(ScenarioWarning, match=r'did you mean Event\("custodian:coinbase"\)'):
        run(world, products=carried)


def test_an_event_that_is_turned_off_and_misspelt_is_refused():
    with pytest.raises(InputError, match=r'did you mean Event\("custodian:kraken"\)'):
        run(Joint([MARKET, Constants({Event("custodian:krakn"): 0.0})]))


def test_an_event_that_is_carried_is_not_warned_of():
    results = run(Joint([MARKET, Hazards({Event("custodian:kraken"): 0.5})]))
    assert results.remarks == ()


def test_a_stress_on_a_custodian_that_nobody_has_is_warned_of_and_noted():
    world = stress("exchange failure 2022-11", MARKET)
    with pytest.warns(ScenarioWarning, match="hits no product") as caught:
        results = run(world)
    words = (
        'Event("custodian:exchange") strikes in this scenario but hits no product: they carry Event("custodian:kraken")'
    )
    assert results.remarks == (words,)
    assert [str(warning.message) for warning in caught] == [words]
    prices = [shock.later(30) for shock in EPISODES["exchange failure 2022-11"].companions if shock.factors == (ETH,)]
    assert (results["earn"].profit == run(Shocked(MARKET, prices))["earn"].profit).all()


def test_a_stress_says_which_event_was_probably_meant():
    with pytest.warns(
        ScenarioWarning, match=r'did you mean Event\("custodian:exchange x"\)\?; stress\(\.\.\., events=\.\.\.\)'
    ):
        run(
            stress("exchange failure 2022-11", MARKET),
            products={"earn": earn(Event("custodian:exchange x", hazard=0.0))},
        )


def test_a_stress_that_hits_a_product_is_not_warned_of():
    results = run(stress("exchange failure 2022-11", MARKET, events=Event("custodian:kraken")))
    assert results.remarks == ()
    assert (results["earn"].profit < -900.0).all()


def test_no_product_with_a_failure_is_said_as_such():
    with pytest.warns(ScenarioWarning, match="hits no product: none carries an event$"):
        run(Joint([MARKET, Hazards({OTHER: 0.5})]), products={"hold": Holding(asset="ETH")})


def test_products_of_a_world_that_are_run_one_by_one_are_not_refused():
    """A world of several custodians stays usable with a product of one of them."""
    world = Joint([MARKET, Hazards({Event("custodian:kraken"): 0.5, Event("custodian:kraken2"): 0.5})])
    with pytest.warns(ScenarioWarning, match=r'Event\("custodian:kraken2"\) hits no product'):
        run(world, products={"earn": earn(Event("custodian:kraken"))})


@pytest.mark.parametrize("start", ["2030-01-01", "2024-12-30", "2027-01-03"])
def test_a_grid_far_from_the_worlds_day_is_warned_of(start):
    grid = TimeGrid.daily(start, days=10)
    with pytest.warns(
        ScenarioWarning, match=f"^the grid begins on {start}, [0-9.]+ years (after|before) 2026-01-01, "
    ) as told:
        results = run(reference(), grid, {"hold": Holding(asset="ETH")})
    assert results.remarks == (str(told[0].message),)


@pytest.mark.parametrize("start", ["2025-01-01", "2026-11-30", "2027-01-01"])
def test_a_grid_within_a_year_is_not(start):
    assert run(reference(), TimeGrid.daily(start, days=10), {"hold": Holding(asset="ETH")}).remarks == ()


def test_a_world_without_a_day_is_never_far():
    assert MARKET.as_of is None
    assert run(MARKET, TimeGrid.daily("2090-01-01", days=10)).remarks == ()


def test_the_day_goes_through_joints_and_shocks():
    dated = Constants({ETH: 3000.0}, as_of="2024-05-05")
    assert dated.as_of == np.datetime64("2024-05-05")
    world = Joint([MARKET, Constants({OTHER: 0.1}, as_of="2025-05-05"), dated])
    assert world.as_of == np.datetime64("2024-05-05")
    assert Joint([MARKET, dated], as_of="2026-02-01").as_of == np.datetime64("2026-02-01")
    assert Shocked(world, EventShock(OTHER, day=3)).as_of == world.as_of


def test_the_events_of_worlds_and_how_they_are_set():
    hazards = Hazards(
        {MINE: None, OTHER: 0.1}, contagion={MINE: Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=1.0)}
    )
    world = Joint([MARKET, hazards])
    assert dict(world.events) == {MINE: "added", OTHER: "hazard"}
    assert dict(Shocked(world, EventShock(Event("z"), day=3)).events) == {
        MINE: "added",
        OTHER: "hazard",
        Event("z"): "struck",
    }
    assert MARKET.events == {}


def test_what_a_crash_adds_is_warned_of_only_where_it_hits_nothing_at_all():
    crash = Contagion(Crash(ETH, fall=0.2, within_days=7.0), hazard=1.0)
    both = Joint([MARKET, Hazards({MINE: None, OTHER: None}, contagion={MINE: crash, OTHER: crash})])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run(both).hazards == {"custodian:kraken": 0.1}
    with pytest.warns(ScenarioWarning, match="what crashes add hits no product"):
        run(both, products={"hold": Holding(asset="ETH")})


# Shocks that nobody feels


LEVELS = Constants(
    {ETH: 3000.0, Price("BTC"): 9e4, MarketRatio("ezETH"): 1.0, ExitWait("ETH"): 3.0, EntryWait("ETH"): 3.0}
)
HOLD = {"hold": Holding(asset="ETH")}


@pytest.mark.parametrize(
    ("world", "words"),
    [
        (stress("ezETH 2024-04", LEVELS), 'MarketRatio("ezETH") -13.30% on day 31, half of it gone in 0.5 days'),
        (Shocked(LEVELS, Shock(Price("BTC"), day=3, change=-0.5)), 'Price("BTC") -50.00% on day 3'),
        (Shocked(LEVELS, SetTo(ExitWait("ETH"), level=46.4)), 'ExitWait("ETH") at 46.4 from day 0'),
        (
            Joint([Shocked(LEVELS, SetTo(ExitWait("ETH"), level=46.4)), Constants({Price("SOL"): 1.0})]),
            'ExitWait("ETH") at 46.4 from day 0',
        ),
    ],
)
def test_a_shock_that_no_product_feels_is_warned_of(world, words):
    with pytest.warns(ScenarioWarning) as caught:
        results = run(world, products=HOLD)
    assert [str(warning.message) for warning in caught] == list(results.remarks)
    assert len(results.remarks) == 1
    assert results.remarks[0].startswith(f"{words} hits no product: none reads ")


def test_the_longest_queues_are_warned_of_where_no_product_reads_them():
    with pytest.warns(ScenarioWarning) as caught:
        run(stress("Ethereum queues 2025-26", LEVELS), products=HOLD)
    assert len(caught) == 2


def test_what_moves_besides_is_not_warned_of():
    world = stress("exchange failure 2022-11", Joint([MARKET, LEVELS]), events=Event("custodian:kraken"))
    assert str(world.companions[0]).startswith('Price("BTC")')
    assert run(world, products={"earn": earn(MINE)}).remarks == ()


def test_a_shock_that_is_felt_through_what_follows_it_is_not_warned_of():
    both = {ETH: GBM(3000.0, volatility=0.7), Price("BTC"): GBM(9e4, volatility=0.5)}
    crash = Contagion(Crash(Price("BTC"), fall=0.2, within_days=7.0), hazard=1.0)
    rewards = Constants({StakingReward("ETH"): APR(0.03)})
    fall = Shock(Price("BTC"), day=3, change=-0.5)
    follows = Joint([GeometricBrownianMotion(both), rewards, Hazards({MINE: None}, contagion={MINE: crash})])
    assert run(Shocked(follows, fall), products={"earn": earn(MINE)}).remarks == ()
    with pytest.warns(ScenarioWarning, match='none reads Price."BTC".'):
        run(Shocked(Joint([GeometricBrownianMotion(both), rewards]), fall), products={"earn": earn(MINE)})
