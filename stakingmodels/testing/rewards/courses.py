"""Checks of more and less, and of time: monotone answers, periods split in two, and rates that come later."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from stakingmodels.testing.rewards.adapter import RATES, TIMES, RewardFunction
from stakingmodels.testing.rewards.calling import AMOUNTS, Answer, Number, exact, total
from stakingmodels.testing.rewards.cases import RewardCase, Values, ladder
from stakingmodels.testing.rewards.domain import EXACT
from stakingmodels.testing.rewards.falls import Way, falls
from stakingmodels.testing.rewards.needs import rate_role, time_role, year_in
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError, run

Cases = Iterable[RewardCase] | None
_YEARS = (360.0, 364.0, 365.0, 365.2425, 365.25, 366.0)  # days of a year by common day counts
_ALIKE = 1e-9
_OF_FLOATS = 1e-12  # relative
_LOG_MAX = 500.0  # growth beyond which floats lose what is compared


def check_monotone_in_amount(function: RewardFunction, cases: Cases = None) -> None:
    """More coins, or a larger pot, never earn less."""
    run("monotone-in-amount", function, cases, _in_amount, more=_along(AMOUNTS, "up"))


def _along(roles: Iterable[str], way: Way) -> Callable[[RewardTrial], Iterator[RewardCase]]:
    """Cases of neighboring values of some arguments: in even steps, and where the slope of the answer bends."""

    def more(trial: RewardTrial) -> Iterator[RewardCase]:
        for role in roles:
            yield from ladder(trial.function, role)
            yield from falls(trial, role, way)

    return more


def _in_amount(trial: RewardTrial, case: RewardCase) -> None:
    compared = False
    for role in AMOUNTS:
        if role in case.values:
            compared |= _compare(trial, case, role, "up")
    if not compared:
        raise SetAsideError


def check_monotone_in_rate(function: RewardFunction, cases: Cases = None) -> None:
    """A higher rate never earns less."""
    run("monotone-in-rate", function, cases, _in_rate, more=_along(RATES, "up"))


def _in_rate(trial: RewardTrial, case: RewardCase) -> None:
    role = rate_role(trial.function)
    if role is None or not _compare(trial, case, role, "up"):
        raise SetAsideError


def check_monotone_in_time(function: RewardFunction, cases: Cases = None) -> None:
    """A longer time never earns less."""
    run("monotone-in-time", function, cases, _in_time, more=_along(TIMES, "up"))


def _in_time(trial: RewardTrial, case: RewardCase) -> None:
    role = time_role(trial.function)
    if role is None or not _compare(trial, case, role, "up"):
        raise SetAsideError


def check_monotone_in_fee(function: RewardFunction, cases: Cases = None) -> None:
    """A higher fee never leaves a holder more."""
    run("monotone-in-fee", function, cases, _in_fee, more=_along(("fee",), "down"))


def _in_fee(trial: RewardTrial, case: RewardCase) -> None:
    if not _compare(trial, case, "fee", "down"):
        raise SetAsideError


def _compare(trial: RewardTrial, case: RewardCase, role: str, way: Way) -> bool:
    """Compare a low and a high value of an argument, if the case has two."""
    low, high = _low_and_high(case, role)
    if low == high:
        return False
    try:
        less, more = trial.ask(case.values, {role: low}), trial.ask(case.values, {role: high})
    except SetAsideError:
        return False
    name = getattr(trial.function, role)
    for i, (one, other) in enumerate(zip(less.holders, more.holders, strict=True)):
        gained = exact(other) - exact(one)
        slack = max(trial.slack(more, one, other), _beyond_floats(one))
        if not (gained >= -slack if way == "up" else gained <= slack):
            rule = f"more {name} than in {less.text}"
            bound = "at least " if way == "up" else "at most "
            trial.wrong(more, trial.label(more.held, i, len(more.holders)), other, one, rule, bound=bound)
    return True


def _beyond_floats(number: Number) -> float:
    """Rounding of a float64 of a large integer, which the check of integers names."""
    return _OF_FLOATS * abs(float(number)) if isinstance(number, int) and abs(number) > EXACT else 0.0


def _low_and_high(case: RewardCase, role: str) -> tuple[Any, Any]:
    one, other = case.values[role], case.others[role]
    if not isinstance(one, list):
        return min(one, other), max(one, other)
    at = int(case.place * len(one))
    return one, [*one[:at], max(one[at], other[0]), *one[at + 1 :]]


def check_apr_apy(function: RewardFunction, cases: Cases = None) -> None:
    """APR and APY are consistent: years, and parts of them, earn what the rate and its compounding say, less fees."""
    run("apr-apy", function, cases, _apr_apy)


def _apr_apy(trial: RewardTrial, case: RewardCase) -> None:
    function = trial.function
    role, time = rate_role(function), time_role(function)
    if role is None or time is None:
        raise SetAsideError
    compared = False
    for length, fee in itertools.product(_lengths(function, role, time, case), _fees(function, case)):
        rate = float(case.values[role]) / function.rate_scale
        spans = float(length) / (1.0 if role == "period_rate" else year_in(function, time))
        share = 0.0 if fee is None else float(fee) / function.fee_scale
        growth = _growth(function, role, rate, spans), _growth(function, role, rate, spans, kept=1.0 - share)
        answer = _asked(trial, {**case.values, **({} if fee is None else {"fee": fee}), time: length})
        if None in growth or answer is None:
            continue
        compared = True
        _compare_growth(trial, answer, role, spans, (growth[1] or 0.0, (growth[0] or 0.0) * (1.0 - share)), share)
    if not compared:
        raise SetAsideError


def _lengths(function: RewardFunction, role: str, time: str, case: RewardCase) -> list[Any]:
    """Durations to ask for: one year, two, and that of the case, as far as interest is paid at its end.

    Of a rate of periods only that of the case; of an APY whose compounding is not promised one year, which it says.
    """
    own = case.values[time]
    if role == "period_rate":
        return [own]
    year = year_in(function, time)
    years = [year] if function.compounds is None else [year, 2 * year, own // year * year]
    parts = []
    if function.compounds in {"never", "always"}:
        parts = [own]
    elif isinstance(function.compounds, int):
        step = year / function.compounds
        n = int(own // step)
        parts = [n * step] if n * step * function.compounds == n * year else []  # else a float ends before interest
    whole = function.bounds[time].whole
    found = [int(each) if whole else each for each in [*years, *parts] if not whole or each == int(each)]
    return [each for each in dict.fromkeys(found) if each > 0]


def _compare_growth(
    trial: RewardTrial, answer: Answer, role: str, years: float, growth: tuple[float, float], share: float
) -> None:
    """Compare the gain with that of a fee taken of all interest at once, and of one taken whenever interest is paid."""
    function, got, amount = trial.function, _last(answer), float(answer.values["amount"])
    low, high = (amount * each + (amount if answer.held == "balance" else 0.0) for each in growth)
    periods = 2 + (years * function.compounds if isinstance(function.compounds, int) else 0)
    units = int(periods * (1 + growth[1])) * (2 if share else 1)  # the fee is rounded as often
    rule = f"{getattr(function, role)} is {_meaning(function, role)}"
    if share:
        rule += f", less a fee of {share:.12g} of it, when it is paid or at the end"
    if low <= exact(got) <= high:
        return
    want = low if exact(got) < exact(low) else high
    trial.same(answer, [got], [want], rule + _other_year(trial, answer, role, years, share), units=units)


def _other_year(trial: RewardTrial, answer: Answer, role: str, years: float, share: float) -> str:
    """Day count with which the answer would be right, where it is a common one; or nothing."""
    function = trial.function
    rate = float(answer.values[role]) / function.rate_scale
    amount = float(answer.values["amount"])
    earned = float(exact(_last(answer))) - (amount if answer.held == "balance" else 0.0)
    for days in _YEARS if role != "period_rate" else ():
        growth = _growth(function, role, rate, years * function.year_days / days)
        want = (growth or 0.0) * amount * (1.0 - share)
        if days != function.year_days and want > 0.0 and abs(earned - want) <= _ALIKE * want:
            return f"; it is what a year of {days:g} days would give"
    return ""


def _fees(function: RewardFunction, case: RewardCase) -> list[Any]:
    """Fees for which a function is asked: none, and that of the case; None stands for a function without a fee."""
    if function.fee is None:
        return [None]
    free = [0] if function.bounds["fee"].low == 0 else []
    return [*free, *([case.values["fee"]] if case.values["fee"] > 0 else [])]


def _last(answer: Answer) -> Any:
    return answer.holders[-1] if answer.held == "balance" else answer.gain


def _asked(trial: RewardTrial, values: Values) -> Answer | None:
    try:
        return trial.ask(values)
    except SetAsideError:
        return None


def _growth(function: RewardFunction, role: str, rate: float, length: float, kept: float = 1.0) -> float | None:
    """Gain of one coin over so many years (or periods), or None beyond what floats can tell.

    Of all interest a part is kept when it is paid; where nobody knows how often it is, as if at every moment.
    """
    compounds = function.compounds
    if compounds == "never":
        return rate * kept * length
    if role == "period_rate":
        exponent = length * math.log1p(rate * kept)
    elif role == "apy":
        exponent = length * kept * math.log1p(rate)
    elif isinstance(compounds, int):
        exponent = length * compounds * math.log1p(rate * kept / compounds)
    else:
        exponent = length * rate * kept
    return math.expm1(exponent) if exponent < _LOG_MAX else None


def _meaning(function: RewardFunction, role: str) -> str:
    if role == "period_rate":
        return "the rate of one period"
    how = {"never": "paid once", "always": "growing at every moment"}.get(
        str(function.compounds), f"compounded {function.compounds} times a year"
    )
    return f"the {role.upper()} of {function.year_days:g} days, {how if role == 'apr' else 'effective'}"


def check_split(function: RewardFunction, cases: Cases = None) -> None:
    """A period split in two earns the same: compounded, the second part starts from the first; simple, they add."""
    run("split", function, cases, split)


def split(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_split`."""
    compared = False
    for fee in _fees(trial.function, case):
        try:
            _split_with(trial, case, {**case.values, **({} if fee is None else {"fee": fee})}, fee)
        except SetAsideError:
            continue
        compared = True
    if not compared:
        raise SetAsideError


def _split_with(trial: RewardTrial, case: RewardCase, values: Values, fee: Any) -> None:
    function = trial.function
    role, first, second, whole = _parts(function, case)
    simple = function.compounds == "never"
    one = trial.ask(values, {role: first})
    middle = values["amount"] if simple else exact(values["amount"]) + exact(one.gain)
    if isinstance(middle, Fraction):
        middle = float(middle)
    two, both = trial.ask(values, {role: second, "amount": middle}), trial.ask(values, {role: whole})
    want = total([exact(one.gain), exact(two.gain)])
    got = exact(both.gain)
    share = float(fee or 0) / function.fee_scale
    if got > want and 0.0 < share < 1.0 and not simple:  # a fee on all interest at the end lets more of it compound
        more = share / (1.0 - share) * float(exact(one.gain)) * float(exact(two.gain)) / float(middle)
        want = min(got, exact(float(want) + more))
    label = "gain in all" if function.by_step or both.held == "balance" else "reward"
    if not abs(got - want) <= trial.slack(both, both.gain, want, units=4 if fee else 2):
        trial.wrong(both, label, both.gain, want, f"first {one.text}, then {two.text}{_so_far(both)}")


def _so_far(answer: Answer) -> str:
    """Words for rewards that never fall from step to step, as those that are of all steps so far."""
    falls_once = any(one > other for one, other in itertools.pairwise(map(exact, answer.holders)))
    if answer.held != "reward" or not answer.function.by_step or falls_once:
        return ""
    return "; the reward of a step is of this step alone: where it is of all so far, give its differences"


def _parts(function: RewardFunction, case: RewardCase) -> tuple[str, Any, Any, Any]:
    """The argument that is split, its two parts and the whole; parts end where interest is paid."""
    time = time_role(function)
    if time is None:
        path = case.values["rate_path"]
        if len(path) < 2:
            raise SetAsideError
        at = 1 + int(case.place * (len(path) - 1))
        return "rate_path", path[:at], path[at:], path
    bounds = function.bounds[time]
    step: Any = 1 if bounds.whole else 0.25
    if isinstance(function.compounds, int) and time != "periods":
        step = year_in(function, time) / function.compounds
        if bounds.whole and step != int(step):
            step = year_in(function, time)
        step = int(step) if bounds.whole else step
    n = int(case.values[time] // step)
    if n < 2:
        raise SetAsideError
    at = 1 + int(case.place * (n - 1))
    return time, at * step, (n - at) * step, n * step


def check_no_look_ahead(function: RewardFunction, cases: Cases = None) -> None:
    """Rates changed later, or cut off, change nothing earlier."""
    run("no-look-ahead", function, cases, _no_look_ahead)


def _no_look_ahead(trial: RewardTrial, case: RewardCase) -> None:
    path = case.values["rate_path"]
    at = 1 + int(case.place * (len(path) - 1))
    if len(path) < 2:
        raise SetAsideError
    whole = trial.ask(case.values)
    later = [max(each, case.others["rate_path"][0]) for each in path[at:]]
    if later == path[at:]:
        later = [trial.function.bounds["rate_path"].low] * len(later)
    futures = {"with other rates from": [*path[:at], *later], "cut off before": path[:at]}
    for how, future in futures.items():
        answer = trial.ask(case.values, {"rate_path": future})
        for name, numbers in answer.quantities.items():
            known = at + len(numbers) - len(future)  # the opening balance is known, too
            for i in range(known):
                want = whole.quantities[name][i]
                if not abs(exact(numbers[i]) - exact(want)) <= _rounding(trial, answer, want):
                    rule = f"{how} step {at} on, it is that of {whole.text}"
                    trial.wrong(answer, trial.label(name, i, len(numbers)), numbers[i], want, rule)


def _rounding(trial: RewardTrial, answer: Answer, want: Any) -> float:
    """Ends of vector loops may differ by a bit from their middle."""
    return 0.0 if trial.function.integers else 1e-14 * max(abs(float(want)), answer.scale)
