"""`check_product` and `CHECKS`: the checks that every product must pass."""

import functools
from collections.abc import Iterable, Mapping
from typing import Protocol

from stakingmodels import checks
from stakingmodels.errors import ConformanceError
from stakingmodels.market import Market
from stakingmodels.products import Product
from stakingmodels.series import FrozenMap
from stakingmodels.testing.adding import check_add
from stakingmodels.testing.books import check_books_close, check_replay, check_summary
from stakingmodels.testing.causality import check_event_timing, check_no_look_ahead, check_truncation
from stakingmodels.testing.choosing import chosen
from stakingmodels.testing.counterexample import python_text, smallest, told, with_call
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

    def run(name: str) -> None:
        for place, each in made.items():
            check = functools.partial(CHECKS[name], product, capital=capital)
            try:
                check(each)
            except ConformanceError as error:
                if name in expected_failures:
                    raise
                found, text = smallest(check, product, each, error)
                thing = python_text(product)
                where = text or (f"default_markets({thing})[{place!r}]" if place else "market")
                call = f"check_product({thing}, {where}, capital={capital!r}, only=[{name!r}])"
                raise with_call(found, call) from found.__cause__

    run_checks("check_product", product, names, run, expected_failures=expected_failures, on_fail=on_fail)
