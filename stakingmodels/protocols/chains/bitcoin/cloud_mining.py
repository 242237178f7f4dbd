"""Static calculator used to sell cloud-mining contracts: constant output and cost for the whole term."""

import attrs

from stakingmodels import checks


@attrs.frozen
class StaticReturn:
    """Result of the static calculator for a contract.

    Parameters
    ----------
    breakeven_days
        Days until net output has paid the price; more than the term where it never does within it.
    net_revenue
        Money after the whole term, the price paid; negative where the term ends before break-even.
    revenue_rate
        `net_revenue` over the price, for the whole term.
    """

    breakeven_days: float
    net_revenue: float
    revenue_rate: float


def static_calculator(
    *,
    hashrate_fee: float,
    hashrate_th_s: float,
    output_per_th_day: float,
    electricity_per_th_day: float,
    days: float,
    share_ratio: float = 1.0,
) -> StaticReturn | None:
    """Promised return of a contract: ``breakeven = fee / (H * (output - electricity))``, then a share of the rest.

    It holds difficulty, price and subsidy still for the whole term, which none of them does: use it to read an offer,
    and `CloudMiningContract` to judge it. Source: Bitdeer help centre, article 360023619511; read November 2026.

    Parameters
    ----------
    hashrate_fee
        Price of the contract, money.
    hashrate_th_s
        Hash rate, TH/s.
    output_per_th_day, electricity_per_th_day
        Money per TH/s and day.
    days
        Term.
    share_ratio
        The holder's share of net output after break-even, in [0, 1]: 1 for classic plans, less for accelerator plans.

    Returns
    -------
    StaticReturn | None
        None where output does not exceed electricity: the contract never breaks even.
    """
    where = "static_calculator"
    fee = checks.positive(f"{where}: hashrate_fee", hashrate_fee)
    hashrate = checks.positive(f"{where}: hashrate_th_s", hashrate_th_s)
    output = checks.non_negative(f"{where}: output_per_th_day", output_per_th_day)
    electricity = checks.non_negative(f"{where}: electricity_per_th_day", electricity_per_th_day)
    term = checks.positive(f"{where}: days", days)
    share = checks.fraction(f"{where}: share_ratio", share_ratio)
    if output <= electricity:
        return None
    net_per_day = hashrate * (output - electricity)
    breakeven_days = fee / net_per_day
    net_revenue = (term - breakeven_days) * net_per_day * share
    return StaticReturn(breakeven_days, net_revenue, net_revenue / fee)
