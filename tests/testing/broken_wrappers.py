"""Wrappers with one fault each, around a sound product, and the checks that fail."""

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np

from stakingmodels import Book, Line, Now, Price
from stakingmodels.products import Wrapper, WrapperPosition
from tests.testing.test_sharp import BY_STEP, TO_THE_BOOKS, TO_THE_REST, Plain

Fault = Callable[["AroundPosition", Now], None]


def none(_around: "AroundPosition", _now: Now) -> None:
    """No fault."""


def leave(around: "AroundPosition", now: Now, share, how, paths) -> None:
    """The sound way out."""
    around.held.exit(now, share, how, paths)


@attrs.frozen
class Around(Wrapper):
    """Any product, for a fee a day until the holder leaves; `fault` runs after a step, `leave` on the way out."""

    fault: Fault = attrs.field(default=none, kw_only=True)
    leave: Callable = attrs.field(default=leave, kw_only=True)

    def open(self, book: Book, now: Now) -> "AroundPosition":
        return AroundPosition(self, book, now)


class AroundPosition(WrapperPosition):
    held: Any

    def __init__(self, terms: Around, book: Book, now: Now) -> None:
        super().__init__(terms, book, now)
        self.terms = terms
        self.share = np.ones(now.n_paths)

    def step(self, now: Now) -> None:
        self.held.step(now)
        self.book.charge(Line.OPERATING, now.days * self.share)
        if self.held.coins.active:
            self.terms.fault(self, now)

    def exit(self, now, share=1.0, how=None, paths=None) -> None:
        self.terms.leave(self, now, share, how, paths)
        self.share[slice(None) if paths is None else paths] *= 1.0 - np.asarray(share)


def commission_taken_again(around: AroundPosition, _now: Now) -> None:
    around.child.post(Line.COMMISSION, around.held.coins, -around.held.fee)


def coins_taken_from_the_child(around: AroundPosition, _now: Now) -> None:
    around.held.coins.raw_units[:] *= 1.0 - 1e-6


def rebate_under_a_cost(around: AroundPosition, _now: Now) -> None:
    around.child.post(Line.MAINTENANCE, around.held.coins, 1e-6 * (around.held.coins.units > 0.0))


def fee_by_the_price_of_tomorrow(around: AroundPosition, now: Now) -> None:
    rows = now._chunk.rows[Price("ETH")]
    tomorrow, here = rows[min(now.step + 2 - now._chunk.start, len(rows) - 1)], around.held.coins.units > 0.0
    around.child.post(Line.OPERATING, around.held.coins, -1e-6 * here * (tomorrow > now[Price("ETH")]))


def fee_by_the_richest_path(around: AroundPosition, _now: Now) -> None:
    units = around.held.coins.units
    around.child.post(Line.OPERATING, around.held.coins, -1e-9 * float(np.max(units)) * (units > 0.0))


def fee_by_the_number_of_the_path(around: AroundPosition, now: Now) -> None:
    around.child.post(
        Line.OPERATING, around.held.coins, -1e-9 * np.arange(now.n_paths) * (around.held.coins.units > 0.0)
    )


def price_gain_as_a_reward(around: AroundPosition, _now: Now) -> None:
    around.book.journal.add_money(Line.PRICE, -1.0)
    around.book.journal.add_money(Line.EXECUTION, 1.0)


def says_what_it_does(_around: AroundPosition, _now: Now) -> None:
    print("stepped")  # noqa: T201  # the fault


def draws_of_its_own(_around: AroundPosition, now: Now) -> None:
    np.random.random(now.n_paths)  # noqa: NPY002  # the fault


def cannot_be_left(around: AroundPosition, now: Now, share, how, paths) -> None:
    around.check_exit(now, share, how, paths=paths)


def all_leave_or_nobody(around: AroundPosition, now: Now, share, how, _paths) -> None:
    around.held.exit(now, share, how)


def half_leaves_only(around: AroundPosition, now: Now, share, how, paths) -> None:
    around.held.exit(now, 0.5 * np.asarray(share), how, paths)


def parting_gift(around: AroundPosition, now: Now, share, how, paths) -> None:
    around.held.exit(now, share, how, paths)
    left = np.zeros(now.n_paths)
    left[slice(None) if paths is None else paths] = share
    around.book.post(Line.EXECUTION, around.book.cash, 0.01 * left)


STEPS: dict[Fault, set[str]] = {
    commission_taken_again: {"booked-once"},
    coins_taken_from_the_child: TO_THE_REST,
    rebate_under_a_cost: {"sign", *BY_STEP},
    fee_by_the_price_of_tomorrow: {"no-look-ahead", "truncation"},
    fee_by_the_richest_path: {
        "path-independence",
        "prefix-blocks",
        "exit-paths",
    },  # who left sets the fee of the others
    fee_by_the_number_of_the_path: {"path-independence", "permutation", "prefix-blocks"},
    price_gain_as_a_reward: {*TO_THE_BOOKS, *BY_STEP},
    says_what_it_does: {"quiet"},
    draws_of_its_own: {"global-state"},
}
LEAVES: dict[Callable, set[str]] = {
    cannot_be_left: {"exit-pays", "exit-share"},
    all_leave_or_nobody: {"exit-paths"},
    half_leaves_only: {"exit-pays", "exit-share", "exit-paths"},
    parting_gift: {"exit-adds-nothing", "exit-paths"},
}
AROUND: Any = Around
WRAPPERS = {
    **{fault.__name__: (AROUND(Plain(), fault=fault), checks) for fault, checks in STEPS.items()},
    **{way.__name__: (AROUND(Plain(), leave=way), checks) for way, checks in LEAVES.items()},
}
"""Broken wrapper, and the checks that fail, by name."""
SOUND = AROUND(Plain())
