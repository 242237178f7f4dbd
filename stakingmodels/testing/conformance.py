"""`check_product` and `CHECKS`: the checks that every product must pass."""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import attrs

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, NumericalError
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.series import FrozenMap
from stakingmodels.testing.adding import check_add
from stakingmodels.testing.books import check_books_close, check_replay, check_summary
from stakingmodels.testing.causality import check_event_timing, check_no_look_ahead, check_truncation
from stakingmodels.testing.choosing import chosen
from stakingmodels.testing.counterexample import CALL, python_text, smallest, told, with_call
from stakingmodels.testing.entries import (
    check_booked_once,
    check_commission_bounded,
    check_finite,
    check_non_negative,
    check_sign,
)
from stakingmodels.testing.leaving import (
    check_exit_adds_nothing,
    check_exit_ends,
    check_exit_paths,
    check_exit_pays,
    check_exit_share,
)
from stakingmodels.testing.lengths import check_step_length
from stakingmodels.testing.markets import default_markets
from stakingmodels.testing.paths import check_path_independence, check_permutation, check_prefix_blocks
from stakingmodels.testing.paying import check_as_run, check_rewards_in_coins
from stakingmodels.testing.purity import (
    check_adding_a_product,
    check_deterministic,
    check_global_state,
    check_inputs_unchanged,
    check_outputs_read_only,
    check_quiet,
)
from stakingmodels.testing.terms import check_frozen, check_refuses_nan
from stakingmodels.testing.verdicts import OnFail, run_checks

_FINITE = "finite"


class Check(Protocol):
    """A named check: returns if the product passes on this market, and raises `ConformanceError` if not."""

    def __call__(self, product: Product, market: Market, *, capital: float) -> None:
        """Check a product on a market of at most 8,192 paths, with this capital."""
        ...  # pragma: no cover


CHECKS: Mapping[str, Check] = told(
    "CHECKS",
    {
        # the first, since what a run changes for good cannot be seen any more by a later one
        "global-state": check_global_state,
        "frozen": check_frozen,
        "refuses-nan": check_refuses_nan,
        "deterministic": check_deterministic,
        "finite": check_finite,
        "books-close": check_books_close,
        "replay": check_replay,
        "summary": check_summary,
        "booked-once": check_booked_once,
        "sign": check_sign,
        "commission-bounded": check_commission_bounded,
        "non-negative": check_non_negative,
        "rewards-in-coins": check_rewards_in_coins,
        "exit-pays": check_exit_pays,
        "exit-adds-nothing": check_exit_adds_nothing,
        "exit-share": check_exit_share,
        "no-look-ahead": check_no_look_ahead,
        "event-timing": check_event_timing,
        "truncation": check_truncation,
        "step-length": check_step_length,
        "permutation": check_permutation,
        "path-independence": check_path_independence,
        "prefix-blocks": check_prefix_blocks,
        "exit-ends": check_exit_ends,
        "exit-paths": check_exit_paths,
        "add": check_add,
        "as-run": check_as_run,
        "adding-a-product": check_adding_a_product,
        "inputs-unchanged": check_inputs_unchanged,
        "outputs-read-only": check_outputs_read_only,
        "quiet": check_quiet,
    },
)
"""Checks by name, in the order in which `check_product` runs them."""


def check_product(
    product: Product,
    market: Market | None = None,
    *,
    capital: float = 100_000.0,
    expected_failures: Mapping[str, str] = FrozenMap({}),
    only: Iterable[str] | None = None,
    on_fail: OnFail = "raise",
) -> None:
    """Check a product against the rules that every product must follow.

    Parameters
    ----------
    product
        Any product, of the library or not.
    market
        The market to check it on, of at most 8,192 paths; None for `default_markets`, made from its factors.
    capital
        Money put in, in [1e-9, 1e15]. Default 100,000.
    expected_failures
        Reason why a check fails on some market, by its name. It is run, and must fail.
    only
        Names of the checks to run; None for all.
    on_fail
        Whether to raise at the first check that fails, or to run all and ``"collect"`` the failures into one error.

    Raises
    ------
    ConformanceError
        For a check that fails, named with the product and the first step, path and value; and for one that passes,
        though it is expected to fail.
    InputError, InputTypeError
        For unknown names of checks, an expected failure without a reason, and a market or capital the product cannot
        run on.

    Examples
    --------
    >>> from stakingmodels import Holding
    >>> check_product(Holding("ETH", buy_fee=0.001))
    """
    checks.instance("check_product: product", product, Product, 'Holding("ETH")')
    names = chosen("check_product", "CHECKS", CHECKS, expected_failures, only)
    checks.capital("check_product: capital", capital)
    made = default_markets(product) if market is None else {"": market}
    first = {*names}.difference(expected_failures) if on_fail == "raise" else set[str]()
    run = _Runner(product, made, capital, expected_failures, first)
    run_checks("check_product", product, names, run, expected_failures=expected_failures, on_fail=on_fail)


@attrs.frozen(eq=False)
class _Runner:
    """Runs a check by its name on some markets; a failure is told on the smallest market, with its call."""

    product: Product
    markets: Mapping[str, Market]
    capital: float
    expected_failures: Mapping[str, str]
    named_first: set[str]
    told: dict[str, tuple[ConformanceError, str]] = attrs.field(factory=dict)
    """Smallest failures found, with their markets, by what was found; a run that breaks off does so for all."""

    def __call__(self, name: str) -> None:
        for place, market in self.markets.items():
            try:
                self._check(name)(market)
            except ConformanceError as error:
                if name in self.expected_failures:
                    raise
                if isinstance(error.__cause__, NumericalError) and _FINITE in self.named_first - {name}:
                    self(_FINITE)  # a result that is no number fails every check; the name that fits comes first
                raise self._told(name, place, market, error) from error.__cause__

    def _check(self, name: str) -> Callable[[Market], None]:
        return functools.partial(CHECKS[name], self.product, capital=self.capital)

    def _told(self, name: str, place: str, market: Market, error: ConformanceError) -> ConformanceError:
        kind = f"{place}: {str(error).partition(CALL)[0].partition(': ')[2]}"
        if kind not in self.told:
            self.told[kind] = smallest(self._check(name), self.product, market, error)
        found, text = self.told[kind]
        thing = python_text(self.product)
        where = text or (f"default_markets({thing})[{place!r}]" if place else "market")
        call = f"check_product({thing}, {where}, capital={self.capital!r}, only=[{name!r}])"
        named = ConformanceError(f"{name}: {str(found).partition(': ')[2]}")
        return with_call(named, call)
