"""Checks of whole base units: exact beyond the reach of floats, and rounded in the direction that is promised."""

from collections.abc import Iterable
from typing import Any

from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.amounts import additive, conservation, homogeneous, multiple, rebasing, within_pot
from stakingmodels.testing.rewards.calling import Answer, Number, exact
from stakingmodels.testing.rewards.cases import RewardCase, fixed_cases
from stakingmodels.testing.rewards.courses import split
from stakingmodels.testing.rewards.domain import EXACT
from stakingmodels.testing.rewards.exactly import asked_exactly, exact_value, excess, floats_lose, known
from stakingmodels.testing.rewards.needs import missing
from stakingmodels.testing.rewards.trial import RewardTrial, Rule, SetAsideError, fault, run

Cases = Iterable[RewardCase] | None
_LARGE: tuple[str, ...] = ("amount", "pot", "shares")
_ROUNDINGS = 2.0**-50  # of an amount: the few roundings of floats between a multiple and the amount that it is of
_RULES: dict[str, Rule] = {
    "conservation": conservation,
    "within-pot": within_pot,
    "homogeneous": homogeneous,
    "additive": additive,
    "rebasing": rebasing,
    "exact": exact_value,
    "split": split,
}


def check_integers(function: RewardFunction, cases: Cases = None) -> None:
    """Amounts are exact integers, also beyond 2**53: there other rules that are promised still hold to a base unit."""
    broken: dict[str, bool] = {}
    run("integers", function, cases, lambda trial, case: _integers(trial, case, broken))


def can_be_tried(name: str, function: RewardFunction) -> bool:
    """Whether a rule tells what is right of large amounts."""
    return known(function) if name == "exact" else not missing(name, function)


def unchecked(function: RewardFunction) -> str:
    """Reason why a promise of exact integers cannot be checked beyond 2**53; empty where it can, or need not be."""
    bounds = [function.bounds[role] for role in _LARGE if role in function.bounds]
    is_large = any(each.whole and each.high > EXACT for each in bounds)
    if not function.integers or not is_large or any(can_be_tried(name, function) for name in _RULES):
        return ""
    return (
        "nothing tells what is right beyond 2**53; promise homogeneous, additive, or compounds with a rate and a"
        " duration, or end the domain of its amounts at 2**53"
    )


def _integers(trial: RewardTrial, case: RewardCase, broken: dict[str, bool]) -> None:
    _check_types(trial, trial.ask(case.values))
    try:
        large = _large(trial, case)
        _check_types(trial, trial.ask(large.values))
    except SetAsideError:
        return
    for name, rule in _RULES.items():
        if can_be_tried(name, trial.function):
            found = fault(trial, large, rule)
            if found is None:
                continue
            if name not in broken:  # with small numbers, too: then its own check names it
                broken[name] = any(fault(trial, each, rule) for each in fixed_cases(trial.function))
            if not broken[name]:
                raise found


def _check_types(trial: RewardTrial, answer: Answer) -> None:
    for name, numbers in answer.quantities.items():
        for i, number in enumerate(numbers):
            if not isinstance(number, int):
                text = f"gives {trial.label(name, i, len(numbers))} {number!r}, a {type(number).__name__}, want an int"
                trial.fail(answer.text, text)


def _large(trial: RewardTrial, case: RewardCase) -> RewardCase:
    """The case with amounts and shares beyond 2**53: the same multiple of each, and an odd unit more."""
    bounds = {role: trial.function.bounds[role] for role in _LARGE if role in case.values}
    whole = {role: each for role, each in bounds.items() if each.whole}
    sizes = [_largest(case.values[role]) for role in whole]
    room = [int(whole[role].high) // (2 * case.factor * (size + 1)) for role, size in zip(whole, sizes, strict=True)]
    factor = min(room, default=0)
    if factor * max(sizes, default=0) <= EXACT:
        raise SetAsideError
    values: dict[str, Any] = {**case.values}
    for role in whole:
        value = values[role]
        values[role] = [each * factor + 1 for each in value] if isinstance(value, list) else value * factor + 1
    return RewardCase(values, case.others, case.factor, case.place)


def _largest(value: Any) -> int:
    return max(value) if isinstance(value, list) else int(value)


def check_rounding(function: RewardFunction, cases: Cases = None) -> None:
    """Holders' amounts are rounded in the direction that is promised, never the other way."""
    run("rounding", function, cases, _rounding)


def _rounding(trial: RewardTrial, case: RewardCase) -> None:
    function = trial.function
    free: dict[str, Any] = {"fee": 0} if function.fee is not None and function.bounds["fee"].low == 0 else {}
    shared = {"parts", "balances"} & {*function.quantities} and function.additive and function.pot is not None
    if shared:
        answer = trial.ask(case.values, {} if "fee" in function.quantities else free)
        fee = answer.quantities.get("fee", [0])[0]
        own = answer.values["amount"] if answer.held == "balances" else 0
        net, shares = exact(own) + exact(answer.values["pot"]) - exact(fee), answer.values["shares"]
        wants = [net * exact(each) / sum(map(exact, shares)) for each in shares]
        _check_direction(trial, answer, answer.holders, wants, "the exact share of what is left after the fee")
        return
    case = RewardCase({**case.values, **free}, case.others, case.factor, case.place)
    by_rate = _rounding_of_a_rate(trial, case)
    if not function.homogeneous and not by_rate:
        raise SetAsideError
    if function.homogeneous:
        _rounding_of_a_multiple(trial, case)


def _rounding_of_a_rate(trial: RewardTrial, case: RewardCase) -> bool:
    """Compare with the exact gain, where the rate and its compounding say it."""
    try:
        answer, gain = asked_exactly(trial, case)
    except SetAsideError:
        return False
    more, slack = excess(answer, gain), _dust(trial) + floats_lose(answer, gain)
    is_up = trial.function.rounds == "up"
    if more < -slack if is_up else more > slack:
        rule = f"rounded {trial.function.rounds}, it is no {'less' if is_up else 'more'} than the rate earns exactly"
        name = "gain" if answer.held == "balance" or trial.function.by_step else answer.held
        trial.wrong(answer, name, answer.gain, gain, rule, bound="at least " if is_up else "at most ")
    return True


def _rounding_of_a_multiple(trial: RewardTrial, case: RewardCase) -> None:
    """Compare the reward of a multiple with the multiple of the reward."""
    function = trial.function
    one, many, factor = multiple(trial, case)
    wants = [factor * exact(each) for each in one.holders]
    up = function.rounds == "up"
    for i, (got, want) in enumerate(zip(many.holders, wants, strict=True)):
        dust = _dust(trial, want)
        if exact(got) > want + dust if up else exact(got) < want - dust:
            rule = f"rounded {function.rounds}, {factor} times {one.text} is {'no less' if up else 'no more'} than this"
            bound = "at most " if up else "at least "
            trial.wrong(many, trial.label(many.held, i, len(wants)), got, want, rule, bound=bound)


def _dust(trial: RewardTrial, amount: Any = 0) -> Any:
    """Allowance for floats in a rounded amount and in those it is made of; integers have none."""
    return 0 if trial.function.integers else trial.function.unit * 1e-6 + _ROUNDINGS * abs(float(amount))


def _check_direction(trial: RewardTrial, answer: Answer, gots: list[Number], wants: list[Any], rule: str) -> None:
    down = trial.function.rounds == "down"
    for i, (got, want) in enumerate(zip(gots, wants, strict=True)):
        dust = _dust(trial, want)
        if exact(got) > want + dust if down else exact(got) < want - dust:
            bound = "at most " if down else "at least "
            words = f"rounded {trial.function.rounds}, it is {rule}"
            trial.wrong(answer, trial.label(answer.held, i, len(gots)), got, want, words, bound=bound)
