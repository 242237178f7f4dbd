"""Checks of amounts: nothing is made or lost, nothing comes of nothing, and amounts add up and scale."""

import math
import warnings
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.calling import AMOUNTS, Answer, Number, RaisedError, ask, exact, total
from stakingmodels.testing.rewards.cases import RewardCase, Values
from stakingmodels.testing.rewards.needs import rate_role, time_role
from stakingmodels.testing.rewards.trial import RewardTrial, SetAsideError, run

Cases = Iterable[RewardCase] | None


def check_zero(function: RewardFunction, cases: Cases = None) -> None:
    """Nothing comes of nothing: an amount, a pot, a rate, a time or a share of 0 earns 0, and a fee of 0 takes 0.

    A pot that is split though all shares are 0 goes to nobody, or is refused in a sentence.
    """
    run("zero", function, cases, zero)


def zero(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_zero`."""
    function = trial.function
    compared = False
    for role in ("amount", "pot", rate_role(function), time_role(function), "fee", "shares"):
        if role is None or getattr(function, role) is None or not function.bounds[role].holds(0):
            continue
        value: Any = 0
        if role == "rate_path":
            value = [0] * len(case.values[role])
        elif role == "shares":
            value = [0, *case.values[role][1:]]
        try:
            answer = trial.ask(case.values, {role: value})
        except SetAsideError:
            continue
        compared = True
        _check_nothing(trial, answer, role)
    if not _without_shares(trial, case) and not compared:
        raise SetAsideError


_RAW = (ArithmeticError, LookupError, TypeError, AttributeError, NameError)
"""Errors that say what the code did, not what is wrong with the arguments."""


def _without_shares(trial: RewardTrial, case: RewardCase) -> bool:
    """Ask for a pot, of something and of nothing, that is split though nobody holds a share; whether it may."""
    function = trial.function
    if function.shares is None or not function.bounds["shares"].holds(0):
        return False
    nobody: dict[str, Any] = {"shares": [0] * len(case.values["shares"])}
    asked = False
    for pot in ({}, {"pot": 0}) if function.pot is not None else ({},):
        try:
            values = trial.within(case.values, {**nobody, **pot}, without_shares=True)
        except SetAsideError:
            continue
        asked = True
        _check_nobody(trial, values)
    return asked


def _check_nobody(trial: RewardTrial, values: Values) -> None:
    """Where there are no shares an answer is finite, and nobody has anything; or an error says it in a sentence."""
    name = trial.function.shares
    how = f"give nobody anything, or raise a ValueError that says that {name} are all 0"
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of a division whose answer is looked at
            answer = ask(trial.function, values)
    except RaisedError as error:
        cause = error.__cause__
        if cause is None or isinstance(cause, _RAW) or not str(cause).strip():
            trial.fail_values(values, f"{error}, want 0 or a clear error: {name} are all 0; {how}")
        return
    for quantity, numbers in answer.quantities.items():
        for i, number in enumerate(numbers):
            label = trial.label(quantity, i, len(numbers))
            if not math.isfinite(number):
                trial.fail(answer.text, f"gives {label} {number}, want 0 or a clear error: {name} are all 0; {how}")
            if quantity in {"parts", "balances"} and number != 0:
                trial.wrong(answer, label, number, 0, f"{name} are all 0")


def _check_nothing(trial: RewardTrial, answer: Answer, role: str) -> None:
    """With one argument 0 there is no fee; and unless it is the fee's own rate, no gain."""
    rule = f"{getattr(trial.function, role)} is 0"
    slack = 0.0 if trial.function.integers else trial.of_sums * answer.scale
    if role == "shares":
        name = answer.held
        if name in {"parts", "balances"} and not abs(exact(answer.holders[0])) <= slack:
            trial.wrong(answer, f"{name} of holder 0", answer.holders[0], 0, "a holder without shares has nothing")
        return
    gained: list[tuple[str, Number]] = [
        (name, total(answer.quantities[name])) for name in ("fee", "gross") if name in answer.quantities
    ]
    if role == "fee":
        gained = gained[:1] if "fee" in answer.quantities else []
    elif answer.held == "balance":
        slack += trial.function.unit
        gained += [
            ("balance", each) for each in answer.holders if not abs(exact(each) - answer.values["amount"]) <= slack
        ]
    elif answer.held != "balances":
        gained.append((answer.held, answer.gain))
    for name, got in gained:
        want = answer.values["amount"] if name == "balance" else 0
        if not abs(exact(got) - exact(want)) <= slack:
            trial.wrong(answer, name, got, want, rule)


def check_conservation(function: RewardFunction, cases: Cases = None) -> None:
    """Holders' parts and the fee are all that there is to distribute: nothing is lost, and nothing made."""
    run("conservation", function, cases, conservation)


def conservation(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_conservation`."""
    answer = trial.ask(case.values)
    function = trial.function
    if function.pot is not None and (answer.held in {"parts", "balances"} or "gross" not in answer.quantities):
        wants, rule = [_to_share(answer)], "holders and the fee have all that there is"
        gots = [_paid(answer)]
    elif "gross" in answer.quantities:
        wants, rule = answer.quantities["gross"], "reward and fee are the gross reward"
        gots = _sums(answer)
    else:
        wants = trial.ask(case.values, {"fee": 0}).holders
        gots, rule = _sums(answer), "reward and fee are the reward without a fee"
    for i, (got, want) in enumerate(zip(gots, wants, strict=True)):
        n = len(answer.values.get("shares", [0]))
        undistributed = (n if function.dust is None else function.dust) if function.integers else 0
        slack = _float_slack(trial, answer, want)
        if not -slack <= exact(want) - exact(got) <= slack + undistributed:
            label = trial.label(
                f"{'holders' if answer.held in {'parts', 'balances'} else answer.held} + fee", i, len(gots)
            )
            trial.wrong(answer, label, got, want, rule)


def _sums(answer: Answer) -> list[Number]:
    return [total([*pair]) for pair in zip(answer.quantities["reward"], answer.quantities["fee"], strict=True)]


def _to_share(answer: Answer) -> Number:
    """All that holders and the fee may have: the pot, and the holders' own amount where balances are told."""
    own = [answer.values["amount"]] if answer.held == "balances" else []
    return total([answer.values["pot"], *own])


def _paid(answer: Answer) -> Number:
    return total([*answer.holders, *answer.quantities.get("fee", [])])


def _float_slack(trial: RewardTrial, answer: Answer, size: Number) -> float:
    """Rounding of sums of floats; none of integers."""
    function = trial.function
    if function.integers:
        return 0.0
    return trial.of_sums * (abs(float(size)) + answer.scale) + function.unit * (len(answer.holders) + 1)


def check_within_pot(function: RewardFunction, cases: Cases = None) -> None:
    """Never more than the pot is paid, and to nobody less than nothing."""
    run("within-pot", function, cases, within_pot)


def within_pot(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_within_pot`."""
    answer = trial.ask(case.values)
    most, paid = _to_share(answer), _paid(answer)
    slack = _float_slack(trial, answer, most)
    if not exact(paid) - exact(most) <= slack:
        trial.wrong(answer, f"{answer.held} + fee", paid, most, "there is no more to pay", bound="at most ")
    for i, part in enumerate(answer.holders):
        if not part >= -slack:
            label = trial.label(answer.held, i, len(answer.holders))
            trial.wrong(answer, label, part, 0, "nobody gets less than nothing", bound="at least ")


def check_homogeneous(function: RewardFunction, cases: Cases = None) -> None:
    """A multiple of the amount, and of the pot, gives that multiple."""
    run("homogeneous", function, cases, homogeneous)


def homogeneous(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_homogeneous`."""
    one, many, factor = multiple(trial, case)
    rule = f"{factor} times {one.text}, which gives {_brief(one)}"
    want = [factor * exact(each) for each in one.holders]
    trial.same(many, many.holders, want, rule, units=factor)


def multiple(trial: RewardTrial, case: RewardCase) -> tuple[Answer, Answer, int]:
    """Answer for some amounts, and for a multiple of them."""
    roles: list[str] = [role for role in AMOUNTS if role in case.values]
    one = trial.ask(case.values)
    many = trial.ask(case.values, {role: case.factor * case.values[role] for role in roles})
    return one, many, case.factor


def _brief(answer: Answer) -> str:
    return str(answer.holders[0] if len(answer.holders) == 1 else answer.holders)


def check_additive(function: RewardFunction, cases: Cases = None) -> None:
    """Two holders together get what they get apart, and others get the same."""
    run("additive", function, cases, additive)


def additive(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_additive`."""
    if trial.function.shares is not None and {"parts", "balances"} & {*trial.function.quantities}:
        _additive_shares(trial, case)
        return
    roles: list[str] = [role for role in AMOUNTS if role in case.values]
    one = trial.ask(case.values)
    other = trial.ask(case.values, {role: case.others[role] for role in roles})
    both = trial.ask(case.values, {role: case.values[role] + case.others[role] for role in roles})
    rule = f"{one.text} and {other.text} together"
    want = [total([*pair]) for pair in zip(one.holders, other.holders, strict=True)]
    trial.same(both, both.holders, want, rule, units=2)


def _additive_shares(trial: RewardTrial, case: RewardCase) -> None:
    """The first two holders as one."""
    shares = case.values["shares"]
    if len(shares) < 2:
        raise SetAsideError
    apart = trial.ask(case.values)
    together = trial.ask(case.values, {"shares": [shares[0] + shares[1], *shares[2:]]})
    want = [total(apart.holders[:2]), *apart.holders[2:]]
    trial.same(together, together.holders, want, f"holders 0 and 1 of {apart.text} as one", units=2)


def check_rebasing(function: RewardFunction, cases: Cases = None) -> None:
    """Rebasing equals accruing: a holder's balance is the shares at the share price."""
    run("rebasing", function, cases, rebasing)


def rebasing(trial: RewardTrial, case: RewardCase) -> None:
    """Rule of `check_rebasing`."""
    answer = trial.ask(case.values)
    price = exact(answer.quantities["share_price"][0])
    scale = Fraction(trial.function.price_scale)
    for i, (balance, shares) in enumerate(zip(answer.holders, answer.values["shares"], strict=True)):
        want = exact(shares) * price / scale
        slack = trial.slack(answer, balance, want) + (exact(shares) / scale if trial.function.integers else 0)
        if not abs(exact(balance) - want) <= slack:
            trial.wrong(answer, f"balance of holder {i}", balance, want, f"{shares} shares at the share price it gives")
