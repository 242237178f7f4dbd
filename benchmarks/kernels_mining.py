"""The kernel of a cloud-mining contract that sells what it mines."""

from typing import NamedTuple

from benchmarks.kernels_common import BTC, PROVIDER, WORK, FloatArray, IntArray, World, compiled


class MiningTerms(NamedTuple):
    """`coins` is coins x difficulty per TH/s and step, by step; `electricity` money per TH/s and step."""

    capital: float
    price: float
    term_steps: int
    coins: FloatArray
    pool_fee: float
    electricity: float
    minimum: float
    stop_after: int
    sell_fee: float


class MiningSums(NamedTuple):
    """Results of one path, in the order of its kernel's row of sums."""

    closing: float
    returned: float
    days_to_cash: float
    drawdown: float
    asset_growth: float
    asset_growth_at_exit: float
    price: float
    trading_usd: float
    trading_coins: float
    mining: float
    mining_btc: float
    commission: float
    commission_btc: float
    electricity: float
    electricity_btc: float
    electricity_usd: float
    electricity_coins: float
    contribution_usd: float
    contribution_coins: float
    contract_usd: float
    contract_coins: float
    credit: float
    credit_btc: float
    credit_usd: float
    credit_coins: float
    forfeit: float
    forfeit_btc: float


@compiled
def mine(  # noqa: PLR0915  # one loop over scalars is what makes a kernel fast
    rows: FloatArray, strikes: IntArray, world: World, terms: MiningTerms
) -> MiningSums:
    btc, work = rows[BTC], rows[WORK]
    vanishing = strikes[PROVIDER][0]
    th_s = terms.capital / terms.price
    power = th_s * terms.electricity
    least = power / (1.0 - terms.pool_fee)
    prepaid, cash, unpaid = terms.capital, 0.0, 0.0
    write_down = prepaid / terms.term_steps
    losing, runs = 0, True
    peak, worst, value = terms.capital, 1.0, 0.0
    price = trading = trading_coins = 0.0
    mining = mining_btc = commission = commission_btc = 0.0
    electricity = electricity_btc = short = short_coins = contract = 0.0
    credit = credit_btc = credit_usd = forfeit = forfeit_btc = 0.0
    for k in range(world.exit):
        end = btc[k + 1]
        coins_per_usd = 1.0 / end
        price += unpaid * (end - btc[k])
        if k == vanishing:
            credit_usd -= prepaid
            credit_btc -= unpaid
            credit -= unpaid * end
            prepaid, unpaid, runs = 0.0, 0.0, False
        else:
            mined = th_s * terms.coins[k] / work[k + 1]
            revenue = mined * end
            mining_btc += mined
            mining += revenue
            commission_btc -= terms.pool_fee * mined
            commission -= terms.pool_fee * revenue
            unpaid += mined - terms.pool_fee * mined

            need = power * coins_per_usd
            if need <= unpaid:
                unpaid -= need
                electricity_btc -= need
                electricity -= power
            else:
                due = power - unpaid * end
                electricity_btc -= unpaid
                electricity -= unpaid * end
                unpaid = 0.0
                short += due  # the holder pays it: money that was paid out is never charged
                short_coins += due * coins_per_usd

            if unpaid >= terms.minimum:
                bought = unpaid * end
                fee = -bought * terms.sell_fee
                unpaid = 0.0
                cash += bought + fee
                trading += fee
                trading_coins += fee * coins_per_usd

            prepaid -= write_down
            contract -= write_down
            losing = losing + 1 if revenue < least else 0
            if losing >= terms.stop_after or k + 1 == terms.term_steps or k + 1 == world.exit:
                contract -= prepaid
                forfeit_btc -= unpaid
                forfeit -= unpaid * end
                prepaid, unpaid, runs = 0.0, 0.0, False
        value = cash + prepaid + unpaid * end
        peak = max(peak, value)
        worst = min(worst, value / peak)
        if not runs:
            break
    grown = btc[world.exit] / btc[0]
    return MiningSums(
        value, value, 0.0, 1.0 - worst, grown, grown, price, trading, trading_coins,
        mining, mining_btc, commission, commission_btc,
        electricity - short, electricity_btc, -short, -short_coins,
        short, short_coins, contract, contract / btc[0],  # prepaid money counts at the opening's price
        credit + credit_usd, credit_btc, credit_usd, credit_usd / btc[0], forfeit, forfeit_btc,
    )  # fmt: skip
