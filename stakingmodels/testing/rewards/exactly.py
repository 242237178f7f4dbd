"""Rewards that are known exactly: what a rate and its compounding earn, in fractions."""

from fractions import Fraction
from typing import Any

from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.calling import Answer, exact
from stakingmodels.testing.rewards.cases import RewardCase, Values
from stakingmodels.testing.rewards.needs import missing, rate_role, time_role, year_in
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError

_PERIODS = 100  # so many are compounded in fractions, which grow with each of them
_FLOATS = 1e-12  # of the amount and the reward: what an answer in cents may be wrong by, from floats


def known(function: RewardFunction) -> bool:
    """Whether rate, duration and compounding say what is earned without a fee, and a call without one is possible."""
    free = function.fee is None or function.bounds["fee"].low == 0
    by_time = not missing("apr-apy", function)
    by_step = bool(function.rate_path) and not missing("split", function)
    return free and function.compounds is not None and (by_time or by_step)


def asked_exactly(trial: RewardTrial, case: RewardCase) -> tuple[Answer, Fraction]:
    """Answer of a case without a fee, over whole periods of interest, and the exact gain; set aside where unknown."""
    function = trial.function
    if not known(function):
        raise SetAsideError
    values: dict[str, Any] = {**case.values, **({} if function.fee is None else {"fee": 0})}
    time = time_role(function)
    if function.compounds != "never" and time is not None:
        values[time] = _whole_periods(function, time, values[time])
    answer = trial.ask(values)
    return answer, exact(answer.values["amount"]) * _growth(function, answer.values)


def excess(answer: Answer, gain: Fraction) -> Fraction:
    """Difference of an answer and the exact gain."""
    found: Fraction = exact(answer.gain) - gain
    return found


def floats_lose(answer: Answer, gain: Fraction) -> float:
    """Rounding of floats that an answer may have; 0 for integers."""
    return 0.0 if answer.function.integers else _FLOATS * (answer.scale + abs(float(gain)))


def exact_value(trial: RewardTrial, case: RewardCase) -> None:
    """Fail where an answer is further from the exact gain than its roundings explain."""
    answer, gain = asked_exactly(trial, case)
    n = 2 + _PERIODS if isinstance(trial.function.compounds, int) else 2  # as many as the check of APR and APY allows
    slack = trial.slack(answer, answer.gain, gain, units=int(n * (1 + _growth(trial.function, answer.values))))
    if not abs(excess(answer, gain)) <= slack:
        name = "gain in all" if trial.function.by_step or answer.held == "balance" else "reward"
        trial.wrong(answer, name, answer.gain, gain, "the rate and its compounding, in exact fractions")


def _whole_periods(function: RewardFunction, time: str, value: Any) -> Any:
    """A duration of few whole periods, after which no fraction of a period is left."""
    step: Any = 1
    if time != "periods":
        per_year = function.compounds if isinstance(function.compounds, int) and function.apr is not None else 1
        step = Fraction(year_in(function, time)) / per_year
    if function.bounds[time].whole and step != int(step):
        step = Fraction(year_in(function, time))
    n = min(max(int(Fraction(value) / step), 1), _PERIODS)
    return int(n * step) if function.bounds[time].whole else float(n * step)


def _growth(function: RewardFunction, values: Values) -> Fraction:
    """Gain of one coin; set aside where it is no fraction, or one of too many digits."""
    role, time = rate_role(function), time_role(function)
    simple = function.compounds == "never"
    if role is None:
        raise SetAsideError
    scale = Fraction(function.rate_scale)
    if role == "rate_path":
        rates = [_fraction(function, each) / scale for each in values[role]]
        whole = Fraction(1)
        for rate in rates:
            whole *= 1 + rate
        return sum(rates, Fraction(0)) if simple else whole - 1
    if time is None:
        raise SetAsideError
    rate = _fraction(function, values[role]) / scale
    length = Fraction(values[time]) / (1 if role == "period_rate" else Fraction(year_in(function, time)))
    if simple:
        return rate * length
    per_year = function.compounds if role == "apr" else 1
    periods = length * per_year if isinstance(per_year, int) else Fraction(1, 2)
    if periods.denominator != 1 or periods > _PERIODS:
        raise SetAsideError
    found: Fraction = (1 + rate / per_year) ** int(periods) - 1  # type: ignore[operator]
    return found


def _fraction(function: RewardFunction, value: Any) -> Fraction:
    """A rate as the function gets it."""
    is_decimal = function.number is not float and isinstance(value, float)
    return Fraction(repr(value)) if is_decimal else Fraction(value)
