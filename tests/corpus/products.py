"""Every product, on a few hundred eventful paths, with each of its ways."""

from collections.abc import Callable
from functools import partial
from typing import Any

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    ExchangeStaking,
    Holding,
    LiquidStakingToken,
    Market,
    MiningMachines,
    Product,
    SoloValidator,
    StakingPool,
    simulate,
)
from stakingmodels.market import Event, TimeGrid
from stakingmodels.products import Failure, assumptions
from stakingmodels.products import reference as reference_products
from stakingmodels.scenarios import Joint, Scenario
from stakingmodels.scenarios import reference as reference_world
from tests.corpus import worlds
from tests.corpus.read import everything, outcome_values, quote_values, results_values

POOL = StakingPool(
    commission=0.15,
    entry_days=worlds.ENTRY,
    unbonding_days=worlds.EXIT,
    withdrawal_days=3.0,
    failures=(Failure(worlds.SLASHING, 0.02, line="slashing"), Failure(worlds.EXPLOIT, 0.7, line="exploit")),
)
TOKEN = LiquidStakingToken(
    queue_days=worlds.EXIT,
    withdrawal_days=2.0,
    failures=(Failure(worlds.SLASHING, 0.02, line="slashing"), Failure(worlds.EXPLOIT, 0.7, line="exploit")),
    sell_fee=0.001,
)
SOLO = SoloValidator(entry_days=worlds.ENTRY, exit_days=worlds.EXIT, slashing=worlds.SLASHING)
EARN = ExchangeStaking(
    entry_days=1.0, redemption_days=2.0, failures=(Failure(worlds.CUSTODIAN, recovery=0.4, delay_days=20.0),)
)
TERM = EARN.replace(posted_rate=APR(0.05), term_days=30.0)
MINING = CloudMiningContract(failures=(Failure(worlds.PROVIDER),), minimum_payout_btc=1e-4)

VARIANTS: dict[str, Product] = {
    "holding/eth": Holding(asset="ETH"),
    "holding/btc, fees": Holding(asset="BTC", buy_fee=0.001, sell_fee=0.002),
    "holding/cash": Holding(asset="USD"),
    "pool/plain": StakingPool(),
    "pool/eventful": POOL,
    "pool/buffer, simple": POOL.replace(buffer=0.2, compounding=False, buy_fee=0.001, sell_fee=0.001),
    "pool/earns while leaving": POOL.replace(earns_while_unbonding=True, entry_days=4.5, unbonding_days=7.25),
    "solo/lucky": SOLO,
    "solo/no luck": SOLO.replace(random_duties=False),
    "solo/compounding": SOLO.replace(compounding=True),
    "solo/compounding, no luck": SOLO.replace(compounding=True, random_duties=False),
    "solo/two validators, costs": SOLO.replace(
        validators=2, hardware_usd=1500.0, running_cost_usd_per_day=4.0, buy_fee=0.001, sell_fee=0.001, uptime=0.9
    ),
    "solo/short waits": SOLO.replace(entry_days=0.0, exit_days=0.5, withdrawal_days=1.0, slashing_wait_days=10.0),
    "mining/prepaid": MINING.replace(electricity_usd_per_th_day=0.0, pool_fee=0.0, uptime=1.0, price_usd_per_th_s=15.0),
    "mining/running costs": MINING,
    "mining/stops": MINING.replace(electricity_usd_per_th_day=0.06, stop_after_days=5, maintenance_usd_per_th_day=0.01),
    "mining/never stops": MINING.replace(electricity_usd_per_th_day=0.06, stop_after_days=None),
    "mining/coins kept": MINING.replace(payout="hold", sell_fee=0.002, minimum_payout_btc=0.01),
    "mining/early exit": MINING.replace(early_exit_loss=0.5),
    "mining/short term": MINING.replace(term_days=30.0, hashrate_th_s=2000.0),
    "earn/flexible": EARN,
    "earn/simple, apy": EARN.replace(compounding=False, posted_rate=APY(0.04), earns_while_redeeming=True),
    "earn/queues, coins back": EARN.replace(
        entry_days=worlds.ENTRY,
        redemption_days=worlds.EXIT,
        failures=(Failure(worlds.CUSTODIAN, recovery=0.4, delay_days=20.0, recovery_in="coin"),),
        withdrawal_days=3.0,
        sell_fee=0.001,
    ),
    "earn/commission": EARN.replace(commission=0.25, failures=()),
    "earn/dollars": ExchangeStaking(
        asset="USD", posted_rate=APY(0.06), failures=(Failure(worlds.CUSTODIAN, recovery=0.5),)
    ),
    "earn/term": TERM,
    "earn/term beyond": TERM.replace(term_days=200.0),
    "earn/forfeit all": TERM.replace(term_days=45.0, early_redemption="forfeit_all"),
    "earn/forfeit period": TERM.replace(term_days=45.0, early_redemption="forfeit_period"),
    "earn/penalty": TERM.replace(term_days=45.0, early_redemption="penalty", penalty=0.02),
    "earn/refused": TERM.replace(term_days=45.0, early_redemption="refused"),
} | {
    f"token/{exit_by}, {accounting}": TOKEN.replace(exit_route=exit_by, accounting=accounting, opening_rate=rate)
    for exit_by in ("sale", "queue", "cheaper")
    for accounting, rate in (("rebasing", 1.0), ("accruing", 1.15))
}
VARIANTS |= {
    "token/bought": TOKEN.replace(mint=False, buy_fee=0.001, protocol_fee=0.05),
    "token/not yet redeemable": TOKEN.replace(exit_route="queue", redeemable_from="2026-03-20"),
    "token/impatient": TOKEN.replace(waiting_cost_per_year=5.0),
    "machines/bought": MiningMachines(failures=(Failure(worlds.PROVIDER),), shipping_usd=50.0, import_duty=0.1),
    "machines/hosted": MiningMachines(hosting_usd_per_month=80.0, resale_fee=0.1, resale_btc_share=0.5, payout="hold"),
    "machines/off by contract": MiningMachines(
        demand_response_share=0.1, demand_response_usd_per_kwh=0.1, resale_loss_per_year=0.4, resale_days=9.0
    ),
}


def case(product: Product, world: Scenario, grid: TimeGrid, seed: int) -> object:
    """One product through a world: outcome, yields, risk."""
    found = simulate({"one": product}, world, grid, capital=250_000.0, n_paths=worlds.PATHS, rng=seed)
    return everything(found["one"])


def still(product: Product) -> object:
    """A product in a market of numbers, as a quote and as a run; events on given days."""
    flat = Market.flat(
        worlds.GRID,
        {
            worlds.ETH: 3000.0,
            worlds.BTC: 90_000.0,
            worlds.DIFFICULTY: 1.5e14,
            worlds.FEES: 0.02,
            worlds.STETH: 0.998,
            worlds.REWARD: APR(0.03),
            worlds.EXECUTION: APR(0.007),
            worlds.CASH: APY(0.04),
            worlds.ENTRY: 3.0,
            worlds.EXIT: 9.0,
            **dict.fromkeys((worlds.SLASHING, worlds.EXPLOIT, worlds.CUSTODIAN, worlds.PROVIDER), False),
        },
    )
    outcome = product.run(flat, capital=250_000.0, keep="values")
    return [quote_values(product.quote(flat, capital=250_000.0)), outcome_values(outcome)]


def reference_set(**world: Any) -> object:
    """All products that are compared, in the built-in scenario."""
    grid = TimeGrid.daily("2026-01-01", days=120, settlement_days=90)
    found = simulate(
        reference_products(),
        reference_world(**world),
        grid,
        capital=200_000.0,
        n_paths=300,
        rng=7,
    )
    return [results_values(found), [everything(outcome) for outcome in found.values()]]


def break_even() -> object:
    """The price of a contract that earns back what it cost."""
    year = TimeGrid.daily("2026-01-01", days=360)
    still_market = Market.flat(year, {worlds.BTC: 90_000.0, worlds.DIFFICULTY: 1.5e14, worlds.FEES: 0.02})
    return MINING.replace(failures=()).break_even_price_usd_per_th_s(still_market)


def assumed() -> object:
    """The numbers of what is assumed, in their order."""
    rows = [row.assumption for row in assumptions()]
    return [[row.low, row.base, row.high, row.n_events, row.exposure_years, row.trials] for row in rows]


def carried() -> object:
    """Events that carry their own hazards."""
    pool = POOL.replace(
        failures=(
            Failure(Event("slashing:one", hazard=0.5), 0.02, line="slashing"),
            Failure(Event("exploit:other", hazard=0.3), 0.7, line="exploit"),
        )
    )
    world = Joint([worlds.PRICES, worlds.PEG, worlds.CONSTANTS, worlds.WAITS])
    return case(pool, world, worlds.GRID, 5)


def cases() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for seed, (name, product) in enumerate(VARIANTS.items()):
        found[f"product/{name}"] = partial(case, product, worlds.WORLD, worlds.GRID, seed)
        found[f"still/{name}"] = partial(still, product)
    for name in ("pool/eventful", "solo/lucky", "token/cheaper, rebasing", "earn/term", "mining/running costs"):
        found[f"uneven/{name}"] = partial(case, VARIANTS[name], worlds.WORLD, worlds.UNEVEN, 11)
    return found | {
        "product/break even": break_even,
        "product/assumed": assumed,
        "product/carried hazards": carried,
        "reference/plain": reference_set,
        "reference/stake answers": partial(reference_set, staked_supply=True),
        "reference/jumps, miners, contagion": partial(reference_set, jumps=True, miners=True, contagion=True),
    }
