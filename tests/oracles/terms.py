"""Random terms of each product, over all that is valid, with the edges."""

from collections.abc import Callable
from typing import Any

import numpy as np

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Entry,
    Event,
    ExchangeStaking,
    Execution,
    Failure,
    Halt,
    Holding,
    LiquidStakingToken,
    MiningMachines,
    Payout,
    PowerPrice,
    Product,
    Schedule,
    SoloValidator,
    StakingPool,
    Tiers,
)
from tests.oracles.worlds import STARTS, Random, entry, event, fee, fraction, leaving, pick, wait


def harm(random: Random, name: str) -> dict[str, Any]:
    """An event and its severity, or none of either."""
    found, severity = event(random, name), fraction(random)
    return {} if found is None or severity == 0.0 else {name: found, f"{name}_severity": severity}


def failing(random: Random, *, staked: bool = True) -> dict[str, Any]:
    """None to three failures of two events, often of everything and without a recovery."""
    lines = ("credit", "exploit", "slashing") if staked else ("credit", "exploit")
    found = []
    for _ in range(int(pick(random, 0, 1, 1, 2, 3))):
        failure = Failure(
            Event(pick(random, "failure:one", "failure:other")),
            pick(random, 1.0, lambda: fraction(random)) or 1.0,
            recovery=pick(random, 0.0, 0.0, lambda: fraction(random)),
            delay_days=wait(random),
            recovery_in=pick(random, "money", "coin"),
            line=pick(random, *lines),
        )
        found.append(failure)
    return {"failures": tuple(found)}


def halting(random: Random) -> dict[str, Any]:
    """Often no halt; else one or two of all kinds."""
    found = []
    for _ in range(int(pick(random, 0, 0, 1, 2))):
        effect: Any = pick(random, "pause", "wind-up")
        when: Any = pick(
            random, {"event": Event("halt:one")}, {"on": np.datetime64(pick(random, *STARTS), "s") + _some_time(random)}
        )
        part = pick(random, 1.0, lambda: fraction(random)) if effect == "wind-up" else 1.0
        days = wait(random) or float(effect == "pause")
        found.append(Halt(effect, **when, days=days, returned=part))
    return {"halts": tuple(found)}


def paying(random: Random, *, may: bool = True) -> dict[str, Any]:
    """Often no pay-out; else of all kinds. Rewards then go where it says."""
    again = bool(random.random() < 0.5)
    if not may or random.random() < 0.5:
        return {"compounding": again}
    to: Any = pick(random, "balance", "holder")
    days = pick(random, 0.5, 1.0, 7.0, 7.3, 30.0, lambda: 0.1 + 20 * random.random())
    least = pick(random, 0.0, 0.0, 1e-3, random.random)
    cost = pick(random, 0.0, 0.5, lambda: 100 * random.random())
    return {"payout": Payout(days, to=to, cost_usd=cost, minimum_coins=least)}


def depositing(random: Random) -> dict[str, Any]:
    """Often no condition; else a smallest deposit, gas, or both."""
    if random.random() < 0.6:
        return {}
    least, gas = pick(random, 0.0, 1e-3, random.random), pick(random, 0.0, 0.5, lambda: 100 * random.random())
    if least == gas == 0.0:
        return {}
    return {"entry": Entry(minimum_deposit=least, gas_usd=gas)}


def tipping(random: Random) -> dict[str, Any]:
    """Often all rewards under one line; else the market's tips, a share of the reward, or a rate beyond it."""
    if random.random() < 0.5:
        return {}
    rate = pick(random, APR, APY)(pick(random, 0.004, random.random) or 0.1)
    kind: dict[str, Any] = pick(random, {}, {}, {"share": 1.0}, {"share": 0.1 + 0.8 * random.random()}, {"rate": rate})
    own = None if random.random() < 0.3 else over_time(random, lambda: fraction(random))
    return {"execution": Execution(**kind, commission=own)}


def over_time(random: Random, value: Callable[[], Any]) -> Any:
    """A value, or often some of them one after another: by date or by days after the opening."""
    if random.random() < 0.6:
        return value()
    count = int(random.integers(1, 3))
    values = tuple(value() for _ in range(count + 1))
    if random.random() < 0.5:
        return Schedule(values, after_days=tuple(sorted(0.1 + 30.0 * random.random() for _ in range(count))))
    dates = {np.datetime64(pick(random, *STARTS), "s") + _some_time(random) for _ in range(count)}
    return Schedule(values[: len(dates) + 1], on=tuple(sorted(dates)))


def _some_time(random: Random) -> np.timedelta64:
    """Whole days, or some hours, of the first two months."""
    return np.timedelta64(int(pick(random, 24 * random.integers(40), random.integers(1_000))), "h")


def holding(random: Random) -> Holding:
    return Holding(
        asset=pick(random, "ETH", "BTC", "USD"),
        buy_fee=fee(random),
        sell_fee=fraction(random),
        **failing(random, staked=False),
    )


def staking_pool(random: Random) -> StakingPool:
    size = pick(random, None, None, 32.0, lambda: 50.0 * random.random() + 0.1)
    return StakingPool(
        asset="ETH",
        validator_size=size,
        other_coins=0.0 if size is None else pick(random, 0.0, lambda: 100.0 * random.random()),
        joining_coins_per_day=0.0 if size is None else pick(random, 0.0, lambda: 20.0 * random.random() - 10.0),
        commission=over_time(random, lambda: fraction(random)),
        buffer=pick(random, 0.0, 0.0, lambda: fraction(random)),
        entry_days=entry(random),
        unbonding_days=leaving(random),
        earns_while_unbonding=bool(random.random() < 0.5),
        withdrawal_days=wait(random),
        buy_fee=fee(random),
        sell_fee=fee(random),
        **failing(random),
        **halting(random),
        **depositing(random),
        **paying(random),
        **tipping(random),
        exit_gas_usd=pick(random, 0.0, 0.5, lambda: 40.0 * random.random()),
    )


def liquid_staking_token(random: Random) -> LiquidStakingToken:
    return LiquidStakingToken(
        asset="ETH",
        token="stETH",  # noqa: S106
        accounting=pick(random, "rebasing", "accruing"),
        opening_rate=pick(random, 1.0, lambda: 0.1 + random.random()),
        protocol_fee=over_time(random, lambda: fraction(random)),
        mint=bool(random.random() < 0.5),
        exit_route=pick(random, "sale", "queue", "cheaper"),
        queue_days=leaving(random),
        withdrawal_days=wait(random),
        redeemable_from=pick(random, None, None, "2023-05-15", "2026-01-20", "2028-04-09"),
        waiting_cost_per_year=pick(random, 0.0, 0.25, 5.0, 50.0),
        **failing(random),
        **halting(random),
        **depositing(random),
        buy_fee=fee(random),
        sell_fee=fee(random),
        **tipping(random),
        entry_days=entry(random),
        earns_while_redeeming=bool(random.random() < 0.5),
        **window(random),
        exit_gas_usd=pick(random, 0.0, 0.5, lambda: 40.0 * random.random()),
    )


def window(random: Random) -> dict[str, Any]:
    """Often none; else of days, some of them missed."""
    if random.random() < 0.5:
        return {}
    days = pick(random, 2.0, 0.5, lambda: 0.1 + 5.0 * random.random())
    return {"redemption_window_days": days, "missed_windows": pick(random, 0, 0, 1, 2)}


def exchange_staking(random: Random) -> ExchangeStaking:
    asset = pick(random, "ETH", "ETH", "USD")

    def rate() -> APR | APY:
        number = abs(float(pick(random, 0.0, 0.05, 1.0, random.random)))
        return APR(number) if random.random() < 0.5 else APY(number)

    def posted() -> APR | APY | Tiers:
        if random.random() < 0.6:
            return rate()
        ends = sorted(float(10.0 ** random.uniform(-4, 5)) for _ in range(int(random.integers(1, 3))))
        return Tiers(tuple(rate() for _ in range(len(ends) + int(random.integers(2)))), up_to=tuple(ends))

    term = pick(random, None, 1.0, 7.0, 30.0, 0.5, 400.0, lambda: 0.1 + 20 * random.random())
    way: Any = "free" if term is None else pick(random, "free", "forfeit_all", "forfeit_period", "penalty", "refused")
    return ExchangeStaking(
        asset=asset,
        posted_rate=pick(random, None, *[lambda: over_time(random, posted)] * 2),
        commission=over_time(random, lambda: fraction(random)),
        term_days=term,
        early_redemption=way,
        penalty=fraction(random) if way == "penalty" else 0.0,
        entry_days=entry(random, asset),
        redemption_days=leaving(random, asset),
        earns_while_redeeming=bool(random.random() < 0.5),
        withdrawal_days=wait(random),
        **failing(random),
        **halting(random),
        **depositing(random),
        **paying(random, may=not way.startswith("forfeit")),
        buy_fee=fee(random),
        sell_fee=fee(random),
    )


def electricity(random: Random) -> dict[str, Any]:
    """An amount for each TH/s and day, or power by the kWh, at a fixed price or the market's; paid daily or at once."""
    by_day = {"electricity_usd_per_th_day": pick(random, 0.0, 0.021, random.random)}
    power = pick(random, PowerPrice("US"), PowerPrice("US"), 0.05, random.random)
    by_kwh = {"power_usd_per_kwh": power, "joules_per_th": pick(random, 17.5, lambda: 100.0 * random.random())}
    found: dict[str, Any] = by_day if random.random() < 0.5 else by_kwh
    return {**found, "electricity_prepaid": bool(random.random() < 0.3)}


def cloud_mining_contract(random: Random) -> CloudMiningContract:
    hashrate = pick(random, None, None, lambda: float(10.0 ** random.uniform(-2, 5)))
    each = float(10.0 ** random.uniform(-1, 2))
    price: dict[str, Any] = {"price_usd_per_th_s": each}
    by_day = random.random() < 0.25
    if by_day:
        price = {"price_usd_per_th_day": each / 100.0}
    elif hashrate is not None and random.random() < 0.5:
        price = {"price_usd": hashrate * each}
    power = electricity(random)
    return CloudMiningContract(
        hashrate_th_s=hashrate,
        **price,
        start_days=pick(random, 0.0, 0.0, 1.0, lambda: 20 * random.random()),
        term_days=pick(random, 360.0, 1.0, 30.0, 7.5, lambda: 0.1 + 60 * random.random()),
        early_exit_loss=None if by_day else pick(random, None, None, lambda: fraction(random)),
        guaranteed_per_day=None if by_day else pick(random, *[None] * 9, 0.01, lambda: fraction(random)),
        pool_fee=fraction(random),
        **{**power, "electricity_prepaid": power["electricity_prepaid"] and not by_day},
        maintenance_usd_per_th_day=pick(random, 0.0, 0.0, 0.01, random.random),
        maintenance_share=pick(random, 0.0, 0.0, lambda: fraction(random)),
        platform_fee=pick(random, 0.0, 0.0, lambda: fraction(random)),
        costs_beyond_output=pick(random, "billed", "billed", "waived"),
        uptime=fraction(random),
        minimum_payout_btc=pick(random, 0.0, 0.001, 1e-8, 1e6, random.random),
        stop_after_days=pick(random, None, None, 1, 5, 21),
        payout=pick(random, "sell", "hold"),
        sell_fee=fee(random),
        **failing(random, staked=False),
        **halting(random),
        pause_extends_term=bool(random.random() < 0.5),
    )


def _far_from_one(random: Random) -> float:
    """A fraction that is 1, or leaves so much that roundings of what is left are small."""
    found = fraction(random)
    return found if found == 1.0 else min(found, 0.99)


def mining_machines(random: Random) -> MiningMachines:
    each = float(10.0 ** random.uniform(0, 4))
    th_s = pick(random, 200.0, lambda: float(10.0 ** random.uniform(0, 3)))
    by_th_s = {"price_usd_per_th_s": each / th_s}
    evenly: dict[str, Any] = {"useful_life_days": pick(random, 1_095.0, 30.0, 5.5, lambda: 1e3 * random.random())}
    off = pick(random, 0.0, 0.0, lambda: fraction(random))
    power = pick(random, PowerPrice("US"), lambda: over_time(random, lambda: 0.3 * random.random()), 0.05)
    return MiningMachines(
        machines=pick(random, None, None, 1.0, lambda: float(10.0 ** random.uniform(-1, 3))),
        **pick(random, {"price_usd": each}, by_th_s),
        hashrate_th_s=th_s,
        joules_per_th=pick(random, 17.5, lambda: 100.0 * random.random()),
        shipping_usd=pick(random, 0.0, 0.0, lambda: each * random.random()),
        import_duty=pick(random, 0.0, 0.0, lambda: fraction(random)),
        setup_usd=pick(random, 0.0, 0.0, lambda: each * random.random()),
        delivery_days=wait(random),
        **pick(random, evenly, {"resale_loss_per_year": fraction(random)}),
        salvage_share=pick(random, 0.0, lambda: fraction(random)),
        resale_btc_share=pick(random, 0.0, lambda: fraction(random)),
        resale_fee=pick(random, 0.0, lambda: _far_from_one(random)),
        resale_days=wait(random),
        pool_fee=_far_from_one(random),
        uptime=fraction(random),
        power_usd_per_kwh=power,
        hosting_usd_per_kwh=pick(random, 0.0, 0.0, lambda: 0.1 * random.random()),
        hosting_usd_per_month=pick(random, 0.0, 0.0, 30.0, lambda: each * random.random()),
        curtails=bool(random.random() < 0.5),
        demand_response_share=off,
        demand_response_usd_per_kwh=pick(random, 0.0, lambda: 0.2 * random.random()) if off else 0.0,
        minimum_payout_btc=pick(random, 0.0, 0.001, 1e-8, 1e6, random.random),
        payout=pick(random, "sell", "hold"),
        sell_fee=fee(random),
        **failing(random, staked=False),
        **halting(random),
    )


def solo_validator(random: Random) -> SoloValidator:
    bond = pick(random, None, None, 4.0, lambda: 0.5 + 31.0 * random.random())
    return SoloValidator(
        bond=bond,
        borrowed_commission=0.0 if bond is None else fraction(random),
        commission=over_time(random, lambda: fraction(random)),
        commission_on=pick(random, "rewards", "execution"),
        smoothing_fee=pick(random, None, lambda: fraction(random)),
        block_values=pick(random, "equal", "recorded"),
        validators=pick(random, None, None, None, 1, 2, lambda: int(random.integers(1, 300))),
        compounding=bool(random.random() < 0.5),
        entry_days=entry(random),
        exit_days=leaving(random),
        withdrawal_days=wait(random),
        uptime=fraction(random),
        random_duties=bool(random.random() < 0.5),
        network_validators=1e12,  # more than any capital here opens
        slashing_wait_days=wait(random),
        hardware_usd=pick(random, 0.0, 0.0, 1_000.0, lambda: 1e5 * random.random()),
        running_cost_usd_per_day=pick(random, 0.0, 0.315, lambda: 1e3 * random.random()),
        buy_fee=fee(random),
        sell_fee=fee(random),
        **harm(random, "slashing"),
        **failing(random),
        exit_gas_usd=pick(random, 0.0, 0.5, lambda: 40.0 * random.random()),
    )


def capital(random: Random, product: Product, opening: dict[str, float]) -> float:
    """Money from next to nothing to a fortune; often just about enough where a product needs a certain sum."""
    price, usd = opening.get(str(product.asset), 1.0), opening.get("USD", 1.0)
    if isinstance(product, SoloValidator) and price > 0.0:
        wanted = 1 if product.validators is None else product.validators
        lots = pick(random, lambda: 3 * random.random(), lambda: 1.0 + 40 * random.random())
        if product.hardware_usd == 0.0 and random.random() < 0.5:
            lots = pick(random, 1.0, 2.5, 70.0)
        return product.hardware_usd * usd + lots * wanted * (product.bond or 32.0) * price * (1.0 + product.buy_fee)
    if isinstance(product, CloudMiningContract) and product.hashrate_th_s is not None:
        each = product.usd_per_th_s
        if product.electricity_prepaid:
            power = 0.05 if product.power_usd_per_kwh is not None else 0.0
            each += product.term_days * (product.electricity_usd_per_th_day + 0.024 * product.joules_per_th * power)
        price = product.hashrate_th_s * each * usd
        return float(price * pick(random, 1.0, 1.0 + random.random(), 0.9))
    if isinstance(product, MiningMachines) and product.machines is not None:
        return float(product.machines * product.usd_to_begin * usd * pick(random, 1.0, 1.0 + random.random(), 0.9))
    return float(pick(random, 1e-3, 1.0, 1e3, 1e5, 1e7, 1e12) * (0.01 + random.random()))
