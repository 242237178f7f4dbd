"""Reasons why a check cannot be run on a reward function: what is not named, or not promised."""

from collections.abc import Callable, Mapping

from stakingmodels.testing.rewards.adapter import RATES, TIMES, RewardFunction

_SECONDS_PER_DAY = 86_400


def rate_role(function: RewardFunction) -> str | None:
    """Meaning of its rate, if it takes one."""
    return next((role for role in RATES if getattr(function, role) is not None), None)


def time_role(function: RewardFunction) -> str | None:
    """Meaning of its duration, if it takes one."""
    return next((role for role in TIMES if getattr(function, role) is not None), None)


def year_in(function: RewardFunction, time: str) -> float:
    """Length of a year in the unit of the duration."""
    periods = function.compounds if isinstance(function.compounds, int) else 1
    days = function.year_days
    found: dict[str, float] = {"years": 1, "days": days, "seconds": days * _SECONDS_PER_DAY, "periods": periods}
    return found[time]


def missing(check: str, function: RewardFunction) -> str:
    """Reason why a check cannot be run; empty where it can."""
    found = _REASONS.get(check)
    return "" if found is None else found(function)


def how_to_name(check: str) -> str:
    """Text to write so that a check can be run; empty where the reason why it cannot says it."""
    return _HOW.get(check, "")


_HOW: Mapping[str, str] = {
    "within-pot": 'write pot="..." with the argument that holds it, if it has one',
    "monotone-in-rate": 'write apr="..." or apy="..." with the argument that holds it, if it has one',
    "monotone-in-time": 'write days="..." or years="..." with the argument that holds it, if it has one',
    "monotone-in-fee": 'write fee="..." with the argument that holds it, if it has one',
    "inputs-unchanged": "leave it out of only",
    "scalar-vector": 'write takes="both" if it takes arrays, too',
    "rounding": 'write rounds="down" or rounds="up" if it does',
}


def _inputs(function: RewardFunction) -> str:
    takes_objects = function.takes != "numbers" or function.shares or function.rate_path or function.constants
    return "" if takes_objects else "it takes numbers only, which nothing can change"


def _conservation(function: RewardFunction) -> str:
    names = {*function.quantities}
    if names & {"parts", "balances"} and function.pot:
        return ""
    if "reward" in names and "fee" in names:
        if "gross" in names or (function.pot and not function.amount):
            return ""
        if function.fee and function.compounds == "never" and function.bounds["fee"].low == 0:
            return ""
    return "needs parts of a pot, or a reward with its fee and either gross, or a fee argument and compounds='never'"


def _pot(function: RewardFunction) -> str:
    return "" if function.pot else "names no pot"


def _amount(function: RewardFunction) -> str:
    return "" if function.amount or function.pot else "names no amount"  # pragma: no cover (the adapter asks for one)


def _rate(function: RewardFunction) -> str:
    return "" if rate_role(function) else "names no rate"


def _time(function: RewardFunction) -> str:
    return "" if time_role(function) else "names no duration"


def _fee(function: RewardFunction) -> str:
    return "" if function.fee else "names no fee"


def _homogeneous(function: RewardFunction) -> str:
    return "" if function.homogeneous else "homogeneous=True is not promised"


def _additive(function: RewardFunction) -> str:
    return "" if function.additive else "additive=True is not promised"


def _free(function: RewardFunction) -> str:
    """Reason why it cannot be asked without a fee."""
    has_fee = function.fee and function.bounds["fee"].low > 0
    return "cannot be asked for a fee of 0" if has_fee else ""


def _total(function: RewardFunction) -> str:
    """Reason why its gain cannot be measured."""
    fits = function.amount and {"reward", "balance"} & {*function.quantities}
    return "" if fits else "needs an amount, and a reward or a balance"


def _apr_apy(function: RewardFunction) -> str:
    if function.compounds is None and not function.apy:
        return "compounds is not promised"
    if rate_role(function) in {None, "rate_path"} or not time_role(function):
        return "names no single rate with a duration"
    if function.periods and rate_role(function) != "period_rate" and not isinstance(function.compounds, int):
        return "periods have no length; write compounds=365 for daily ones"
    if rate_role(function) == "period_rate" and not function.periods:
        return "a rate of one period needs a duration in periods"
    return _total(function)


def _split(function: RewardFunction) -> str:
    if function.compounds is None:
        return "compounds is not promised"
    if not time_role(function) and not function.rate_path:
        return "names neither a duration nor a rate path"
    return _total(function)


def _look_ahead(function: RewardFunction) -> str:
    return "" if function.by_step else "needs a rate path and by_step=True"


def _rebasing(function: RewardFunction) -> str:
    both = {"balances", "share_price"} <= {*function.quantities}
    return "" if both else "needs balances and a share price among what it returns"


def _integers(function: RewardFunction) -> str:
    return "" if function.integers else "integers=True is not promised"


def _rounding(function: RewardFunction) -> str:
    if function.rounds is None:
        return "rounds is not promised"
    shared = {"parts", "balances"} & {*function.quantities} and function.additive and function.pot
    if shared:
        return ""
    by_rate = function.compounds is not None and (
        not _apr_apy(function) or (function.rate_path and not _split(function))
    )
    if not function.homogeneous and not by_rate:
        return "needs homogeneous=True, or compounds with a rate and a duration, or holders' amounts with additive=True"
    return _free(function)


def _vector(function: RewardFunction) -> str:
    return "it takes one number at a time" if function.takes == "numbers" else ""


_REASONS: Mapping[str, Callable[[RewardFunction], str]] = {
    "inputs-unchanged": _inputs,
    "conservation": _conservation,
    "within-pot": _pot,
    "monotone-in-amount": _amount,
    "monotone-in-rate": _rate,
    "monotone-in-time": _time,
    "monotone-in-fee": _fee,
    "homogeneous": _homogeneous,
    "additive": _additive,
    "apr-apy": _apr_apy,
    "split": _split,
    "no-look-ahead": _look_ahead,
    "rebasing": _rebasing,
    "integers": _integers,
    "rounding": _rounding,
    "scalar-vector": _vector,
}
