"""``--currency``: money in another currency, or in a coin."""

import argparse

from stakingmodels.cli.arguments import number, rate
from stakingmodels.errors import InputError
from stakingmodels.market import CashRate
from stakingmodels.rates import APR
from stakingmodels.scenarios import InCurrency, Scenario


def in_currency(arguments: argparse.Namespace, world: Scenario) -> Scenario:
    """The scenario with its money in the currency asked for; as it is where none is.

    On recorded paths cash earns nothing unless ``--cash-rate`` or a file gives a rate: the dated rates are of one day.
    """
    if arguments.currency is None:
        if arguments.exchange_rate is not None:
            raise InputError("--exchange-rate: only goes with --currency (write --currency TWD)")
        return world
    if not arguments.currency.strip():
        raise InputError("--currency: must be the code of a currency, got '' (such as TWD)")
    currency, given = arguments.currency, arguments.exchange_rate
    exchange_rate = None if given is None else number("--exchange-rate", given, "write 31.4, TWD for one USD")
    is_within = CashRate(currency) in world.factors
    cash_rate = None
    if arguments.cash_rate is not None:
        if is_within:
            raise InputError("--cash-rate: is also a file of --history; leave one of them out")
        cash_rate = rate("--cash-rate", arguments.cash_rate) or APR(0.0)
    elif world.is_recorded and not is_within:
        cash_rate = APR(0.0)
    return InCurrency(world, currency, exchange_rate=exchange_rate, cash_rate=cash_rate)
