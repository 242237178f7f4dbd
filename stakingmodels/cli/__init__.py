"""The command line: ``stakingmodels compare``, ``report``, ``quote``, ``products``, ``fit`` and others."""

import argparse
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stakingmodels.cli.arguments import arguments_of
from stakingmodels.cli.assumptions import assumptions_command
from stakingmodels.cli.catalogue import catalogue_command
from stakingmodels.cli.compare import compare_command
from stakingmodels.cli.files import schema_command
from stakingmodels.cli.fit import fit_command
from stakingmodels.cli.history import FACTORS
from stakingmodels.cli.offer import check_offer_command
from stakingmodels.cli.products import products_command
from stakingmodels.cli.quote import quote_command
from stakingmodels.cli.ratecard import ratecard_command
from stakingmodels.cli.report import report_command
from stakingmodels.cli.solving import breakeven_command, solve_command
from stakingmodels.cli.streams import CannotWriteError, patient, tell, write
from stakingmodels.errors import StakingModelsError
from stakingmodels.serialize.disk import shown

__all__ = ["FACTORS", "main"]

_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_BAD_INPUT = 2
_UNWRITTEN = 3
_OPTIONS = {
    "report.write: path": "--out",
    "catalogue.sheets: having": "--with",
    "catalogue.sheets: coin": "--coin",
    "catalogue.native: coin": "--coins",
    "catalogue: as_of": "--as-of",
    "Offer.price_usd": "--price",
    "Offer.hashrate_th_s": "--hashrate",
    "Offer.stake": "--stake",
    "Offer.term_days": "--term",
    "Offer.income": "--income",
    "Offer.coin": "--coin",
    "Offer.tiers": "--tier",
    "Offer.maintenance_usd_per_th_day": "--maintenance",
    "Offer.minimum_withdrawal_usd": "--minimum-withdrawal",
    "Offer.free_th_s": "--free-hashrate",
    "leave one of hashrate_th_s and stake out": "leave one of --hashrate and --stake out",
    "OfferYardsticks.hashprice_usd": "--hashprice",
    "OfferYardsticks.of: day": "--as-of",
    "give its hash price, hashprice_usd=": "give its hash price, --hashprice ",
    "OfferYardsticks.btc_usd": "--btc",
    "OfferYardsticks.cheapest_machine_usd": "--machine",
    "promised: must": "--promised: must",
    ", or Promise(0.01, per_days=1)": "",
    "Sheet.older_terms: on": "--as-of",
    "report.write: policy": "--policy",
    'missing_days="previous"': "--fill previous",
    'column="..."': "FILE#COLUMN",
    "InCurrency.currency": "--currency",
    "InCurrency.exchange_rate": "--exchange-rate",
    "InCurrency.cash_rate": "--cash-rate",
    "fit: jump_threshold": "--jump-threshold",
    "History.first": "--first",
    "History.last": "--last",
    "leave InCurrency out": "leave --currency out",
    "exchange_rate=": "--exchange-rate ",
    "assumption_set: which": "assumption set",
    "ratecard.make: issued": "--date",
    "ratecard.make: terms": "--terms",
    "ratecard.make: products": "--products",
    "simulate: n_paths": "--paths",
    "simulate: sampling": "--sampling",
    "sampling='independent'": "leave --sampling out",
    'sampling="independent"': "leave --sampling out",
    "run: capital": "--capital",
    "simulate: capital": "--capital",
    "compare: benchmark": "--benchmark",
    "save: path": "--save",
    "load: path": "--load",
    "schema: kind": "schema",
    "force=True replaces it": "--force replaces it",
    "compare: price_views": "--if",
    "Comparison.rank: by": "--rank",
    "solve: of": "--of",
    "Target.total_return: share": "--target",
    "solve: between": "--between",
    "breakeven: of": "--of",
    "breakeven: against": "--against",
    "Comparison.rank: max_es": "--max-es",
    "Comparison.rank: max_days_to_cash": "--max-days-to-cash",
    "Comparison.rank: min_capital": "--min-capital",
    "Comparison.rank: max_infeasible": "--max-infeasible",
}
"""Options of the command line by argument of the library."""
_COMMANDS: Mapping[str, Callable[[argparse.Namespace], tuple[str, bool]]] = {
    "compare": compare_command,
    "report": report_command,
    "quote": quote_command,
    "products": products_command,
    "fit": fit_command,
    "assumptions": assumptions_command,
    "schema": schema_command,
    "ratecard": ratecard_command,
    "catalogue": catalogue_command,
    "check-offer": check_offer_command,
    "solve": solve_command,
    "breakeven": breakeven_command,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        Arguments without the name of the program; by default those of the process.

    Returns
    -------
    int
        Exit code: 0; 2 for bad input, explained in one sentence on the standard error; 3 if the result cannot be
        written; 130 after Ctrl-C, with the results up to then.

    Raises
    ------
    SystemExit
        With code 0, for ``--help`` and ``--version``.
    """
    try:
        with patient():
            return _run(argv)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except StakingModelsError as error:
        return _refuse(_in_words_of_options(str(error)))
    except CannotWriteError as error:
        tell("error", f"cannot write to {error}")
        return _UNWRITTEN
    except OSError as error:  # of a file of prices or rewards
        name = "" if error.filename is None else f"{shown(Path(error.filename))}: "
        return _refuse(f"{name}cannot be read: {(error.strerror or str(error)).lower()}")


def _run(argv: Sequence[str] | None) -> int:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        arguments = arguments_of(argv)
        text, is_whole = _COMMANDS[arguments.command](arguments)
    for sentence in dict.fromkeys(str(warning.message) for warning in caught):
        tell("warning", _in_words_of_options(sentence))
    write(text)
    return 0 if is_whole else _INTERRUPTED


def _in_words_of_options(sentence: str) -> str:
    for ours, option in _OPTIONS.items():
        sentence = sentence.replace(ours, option)
    sentence = re.sub(r"^simulate: keep: (.*), got '\w+' \(fewer paths, .*\)$", r"--paths: \1 (fewer paths)", sentence)
    sentence = re.sub(r"\b(shift|unit|rate|dates)=(?:\"([^\"]*)\"|([+-]?\d*))", _option_of, sentence)
    sentence = re.sub(r"OfferYardsticks\(staking_aprs=\{'([^']*)': 0.05\}\)", r"--staking-rate \1=5%", sentence)
    return re.sub(r"simulate\(\.\.\., capital=(.*?)\)", r"--capital \1", sentence)


def _option_of(match: re.Match[str]) -> str:
    value = match[2] if match[2] is not None else match[3]
    return f"--{match[1]} " + (f"'{value}'" if " " in value else value)


def _refuse(sentence: str) -> int:
    tell("error", sentence)
    return _BAD_INPUT
