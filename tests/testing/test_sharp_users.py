"""Faults of products as others write them: memories of other markets, waits in steps, pay after the end, no numbers."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import ConformanceError
from stakingmodels.extend import Line, Position, Price, Product, terms
from stakingmodels.market import StakingReward
from stakingmodels.testing import check_product

REWARD = StakingReward("ETH")
KEPT: dict[Any, Any] = {}


class Staked(Position):
    """Coins that earn, of which a share is back some days after notice."""

    def __init__(self, terms, book, now):
        self.terms, self.book = terms, book
        self.coins = book.account("ETH", "staked")
        self.notice = book.queue("notice")
        book.trade(book.cash, self.coins)

    def rate(self, now):
        return now[REWARD]

    def step(self, now):
        self.book.earn(Line.CONSENSUS, self.coins, self.coins.units, self.rate(now), fee_line=Line.COMMISSION, fee=0.1)
        self.notice.deliver(now, self.book.paid_out)

    def due(self, now):
        return now.elapsed_days + self.terms.notice_days

    def exit(self, now, share=1.0, how=None, paths=None):
        share, paths = self.check_exit(now, share, how, paths=paths)
        self.notice.enter(now, self.coins, self.coins.part(share, paths), due_day=self.due(now), paths=paths)


class Remembers(Staked):
    """Rates of the run before, by step, and so of another future."""

    def rate(self, now):
        key = now.step, now.n_paths
        now_paid = np.broadcast_to(now[REWARD], now.n_paths).copy()
        before = KEPT.get(key, now_paid)
        KEPT[key] = now_paid
        return np.minimum(before, now_paid)


class WaitsSteps(Staked):
    """A wait counted in steps, of whatever length."""

    at = np.inf

    def step(self, now):
        super().step(now)
        if now.step >= self.at:
            self.book.pay_out(self.notice.account)

    def due(self, now):
        self.at = min(self.at, now.step + self.terms.notice_days)
        return 1e9


class PaysForever(Staked):
    """A dollar a step for who has left."""

    gone: Any = 0.0

    def step(self, now):
        super().step(now)
        self.book.post(Line.GUARANTEED, self.book.cash, self.gone * np.ones(now.n_paths))

    def exit(self, now, share=1.0, how=None, paths=None):
        super().exit(now, share, how, paths)
        self.gone = np.maximum(self.gone, np.where(np.isin(np.arange(now.n_paths), _of(now, share, paths)), 1.0, 0.0))


def _of(now, share, paths):
    every = np.arange(now.n_paths) if paths is None else paths
    return every[np.broadcast_to(np.asarray(share) > 0.0, every.shape)]


class NoNumber(Staked):
    """A rate that is no number where the price jumped."""

    def rate(self, now):
        return np.where(now[Price("ETH")] > 1e6, np.nan, now[REWARD])


class Crashes(Staked):
    """What is wrong from the third step on."""

    def rate(self, now):
        return now[REWARD] * (None if now.step == 2 else 1.0)


@terms.sheet
class Deposit(Product):
    """Coins that are staked, by a position of some kind."""

    kind: type[Staked] = terms.field("other", lambda _where, value: value, kw_only=False)
    notice_days: float = terms.days(default=10.0)
    asset: str = terms.coin(default="ETH")

    @property
    def factors(self):
        return frozenset({Price("ETH"), REWARD})

    def open(self, book, now):
        return self.kind(self, book, now)


@pytest.mark.parametrize(
    ("kind", "check", "told"),
    [
        (Remembers, "deterministic", r"when it is run again\n"),
        (WaitsSteps, "step-length", r"in hand 10 days after the exit in steps of days, 70 days in steps of weeks"),
        (PaysForever, "exit-ends", r"Line.GUARANTEED is booked \d+ days after the exit, when all is paid out: 1.0 USD"),
        (NoNumber, "finite", r"the closing value is nan on path 1"),
        (Crashes, "global-state", r"raised TypeError: .* \(in rate, line \d+ of test_sharp_users.py\)\n"),
    ],
)
def test_a_fault_is_told_by_the_check_that_fits(kind, check, told):
    KEPT.clear()
    with pytest.raises(ConformanceError, match=rf"(?s)^{check}: Deposit\(.*{told}"):
        check_product(Deposit(kind))


def test_the_sound_one_passes_for_any_wait():
    for days in (0.0, 0.5, 10.0, 60.0, 400.0):
        check_product(Deposit(Staked, notice_days=days), only=["step-length", "exit-ends", "deterministic"])


def test_what_breaks_off_every_run_is_looked_into_once():
    with pytest.raises(ConformanceError) as told:
        check_product(Deposit(Crashes), only=["finite", "quiet", "sign"], on_fail="collect")
    assert len(told.value.failures) == 3
    for name, failure in zip(("finite", "sign", "quiet"), told.value.failures, strict=True):
        assert failure.startswith(f"{name}: Deposit(")
        assert failure.endswith(f"only=[{name!r}])")
    assert "- finite, sign, quiet: Deposit(" in str(told.value)
