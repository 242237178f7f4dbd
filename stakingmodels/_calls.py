"""Error messages for calls that do not fit a signature: the wrong argument, and the one probably meant."""

import inspect
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

from stakingmodels import checks
from stakingmodels.errors import InputTypeError

_HABITS = tuple(
    frozenset(words.split())
    for words in (
        "rng seed random_seed random_state generator random",
        "paths n_paths num_paths n_sims num_sims n_simulations simulations trials n_trials samples n_samples size",
        "capital initial_capital amount notional principal investment initial_investment money budget",
        "days horizon horizon_days period duration maturity n_days length holding_period term_days",
        "tail settlement_days tail_days grace runoff",
        "start start_date begin first from_date since opening",
        "last end end_date stop until to_date",
        "asset coin symbol ticker token currency underlying",
        "name asset coin symbol ticker token key",
        "numeraire base_currency quote_currency currency unit_of_account money",
        "products product portfolio instruments positions holdings",
        "scenario world model market_model process",
        "grid time_grid times dates calendar timeline",
        "commission fee fees fee_rate commission_rate pool_fee cut",
        "apr apy rate yield_rate interest interest_rate posted_rate annual_rate",
        "unbonding_days unstaking_days lock_days lockup_days lockup unlock_days unbonding",
        "volatility vol sigma std stdev annual_volatility",
        "drift mu expected_return growth",
        "correlation corr rho correlations",
        "half_life_days half_life kappa mean_reversion speed",
        "mean_block_days expected_days block_size block_length block_days",
        "hazard intensity hazard_rate probability lambda_",
        "level confidence_level confidence alpha quantile cl",
        "benchmark baseline reference versus",
        "keep save store retain output",
        "executor pool workers n_workers n_jobs client max_workers num_workers",
        "progress verbose callback progress_bar show_progress tqdm",
        "reducers reducer aggregators statistics",
        "leave_out on_missing skip skip_missing errors",
    )
)
"""Synonyms of argument names in this and in other libraries."""
_LISTED = 12


def explain(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], *, bound: bool) -> None:
    """Raise the error for a call that Python has refused, if the signature is the reason.

    Parameters
    ----------
    function
        Function called.
    args, kwargs
        Arguments of the call; the object or class itself is the first of `args` if `bound`.
    bound
        Whether the function is a method.

    Raises
    ------
    InputTypeError
        With the callable, the wrong or missing argument, and the fix.
    """
    signature = inspect.signature(function)
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        pass
    else:
        return
    where = place_of(function, args[0] if bound and args else None, bound=bound)
    call = _Call(where, list(signature.parameters.values())[bound:], args[bound:], kwargs)
    for problem in (call.unknown, call.too_many, call.twice, call.missing):
        problem()


def place_of(function: Callable[..., Any], owner: object, *, bound: bool) -> str:
    """Name of a callable as a user wrote it: with its class, if it is a method."""
    if not bound:
        return function.__name__
    name = (owner if isinstance(owner, type) else type(owner)).__name__
    return name if function.__name__ == "__init__" else f"{name}.{function.__name__}"


class _Call:
    """Arguments given, and the signature."""

    def __init__(
        self, where: str, parameters: list[inspect.Parameter], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        kind = inspect.Parameter
        self.where, self.args, self.kwargs = where, args, kwargs
        self.takes_any = {each.kind for each in parameters}
        named = [each for each in parameters if each.kind not in {kind.VAR_POSITIONAL, kind.VAR_KEYWORD}]
        self.by_position = [each for each in named if each.kind is not kind.KEYWORD_ONLY]
        self.by_name = [each.name for each in named if each.kind is not kind.POSITIONAL_ONLY]
        self.keywords = [each for each in named if each.kind is kind.KEYWORD_ONLY]
        self.required = [each for each in named if each.default is kind.empty]

    def _refuse(self, text: str, hint: str) -> NoReturn:
        raise InputTypeError(checks.sentence(f"{self.where}: {text}", hint)) from None

    def unknown(self) -> None:
        """Message for an unknown keyword."""
        if inspect.Parameter.VAR_KEYWORD in self.takes_any:
            return
        for word in self.kwargs:
            if word not in self.by_name:
                taken = {each.name for each in self.by_position[: len(self.args)]}
                left = [name for name in self.by_name if name not in taken and name not in self.kwargs]
                self._refuse(f"unexpected keyword argument {checks.show(word)}", _meant(word, left or self.by_name))

    def too_many(self) -> None:
        """Message for too many positional arguments."""
        places = [each.name for each in self.by_position]
        if inspect.Parameter.VAR_POSITIONAL in self.takes_any or len(self.args) <= len(places):
            return
        if not places and not self.keywords:
            self._refuse(f"takes no arguments, got {len(self.args)}", "")
        names = f"{_counted(len(places))} ({', '.join(places)})" if places else "no positional arguments"
        extra = self.args[len(places)]
        free = [each for each in self.keywords if each.name not in self.kwargs]
        first = next((each for each in free if each in self.required), free[0] if free else None)
        self._refuse(
            f"takes {names}, got {len(self.args) if places else checks.show(extra)}",
            f"write {first.name}={checks.show(extra)}" if first else "",
        )

    def twice(self) -> None:
        """Message for an argument given by position and by name."""
        for each in self.by_position[: len(self.args)]:
            if each.name in self.kwargs and each.name in self.by_name:
                self._refuse(f"multiple values for argument {each.name}", "by position and by name")

    def missing(self) -> None:
        """Message for missing arguments without a default."""
        given = {*self.kwargs, *(each.name for each in self.by_position[: len(self.args)])}
        absent = [each.name for each in self.required if each.name not in given]
        if absent:
            whole = ", ".join(each.name + "=..." * (each in self.keywords) for each in self.required)
            *most, last = absent
            names = f"{', '.join(most)} and {last}" if most else last
            self._refuse(f"missing {'arguments' if most else 'argument'} {names}", f"write {self.where}({whole})")


def _counted(n: int) -> str:
    return "1 positional argument" if n == 1 else f"{n} positional arguments"


def synonym(word: str, names: Iterable[str]) -> str | None:
    """Name, out of some, by which a thing goes here that others call by a word; None where none is known."""
    for habit in _HABITS:
        if word in habit and (found := [name for name in names if name in habit]):
            return found[0]
    return None


def _meant(word: str, names: Iterable[str]) -> str:
    """Argument probably meant: a synonym, the nearest name, or a list of all."""
    names = list(names)
    lower = word.lower()
    if found := synonym(lower, names):
        return f"did you mean {found}?"
    near = checks.nearest(lower, names)
    parts = [name for name in names if lower in name.split("_") or name in lower.split("_")]
    if near or len(parts) == 1:
        return f"did you mean {near or parts[0]}?"
    few = list(itertools.islice(names, _LISTED))
    more = ", ..." if len(names) > _LISTED else ""
    return f"the arguments are {', '.join(few)}{more}" if names else "it takes none"
