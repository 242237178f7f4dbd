"""The product of the page on products of one's own: its five worst mistakes are named, each with its call."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from stakingmodels import APR, ConformanceError
from stakingmodels.testing import check_product

pytestmark = pytest.mark.once

PAGE = Path(__file__).parents[2] / "docs/how-to/own-product.md"
CODE = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
STEP = "        self._exposure.step(now)\n"
EARN = "        self._book.earn(Line.INTEREST, self._deposit, self._deposit.units, rate, fee_line=Line.COMMISSION, fee=fee)\n"  # noqa: E501
TWICE = f"""        units = self._deposit.units.copy()
{EARN}        self._book.post(Line.COMMISSION, self._deposit, units * rate * -fee)
"""
MISTAKES = {
    "a look-ahead": (
        STEP,
        STEP + "        later = now._chunk.rows[Price(self._terms.asset)][-1]\n"
        "        self._book.post(Line.OPERATING, self._deposit, -1e-6 * (later > now[Price(self._terms.asset)]))\n",
        "no-look-ahead",
    ),
    "a leak of coins": (STEP, STEP + "        self._deposit.raw_units[:] *= 0.999\n", "books-close"),
    "a fee paid twice": (EARN, TWICE, "booked-once"),
    "a cost paid twice": (STEP, STEP + "        self._book.charge(Line.OPERATING, 2.0)\n" * 2, "booked-once"),
    "a price of 0 divided by": (
        STEP,
        STEP + "        lost = self._deposit.units * (0.0 / now[Price(self._terms.asset)])\n"
        "        self._book.post(Line.OPERATING, self._deposit, -lost)\n",
        "sign",
    ),
    "money made from price": (
        STEP,
        STEP + "        rise = now.move(Price(self._terms.asset)) > 0.0\n"
        "        self._book.journal.add_money(Line.PRICE, 1.0 * rise)\n",
        "books-close",
    ),
    "an exit that pays nothing": (
        "        self._notice.enter(now, self._deposit, ",
        "        (lambda *_, **__: None)(now, self._deposit, ",
        "exit-pays",
    ),
}


def deposit(code: str) -> Any:
    """The page's product, of some code."""
    room: dict[str, Any] = {"__name__": "own_product"}
    exec(compile(code, str(PAGE), "exec"), room)  # noqa: S102  # the page's own code
    return room["NoticeDeposit"]("ETH", apr=APR(0.05), fee=0.10, notice_days=3.0)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_call_and_counterexample(mistake):
    right, wrong, check = MISTAKES[mistake]
    assert CODE.count(right) == 1
    with pytest.raises(ConformanceError) as told:
        check_product(deposit(CODE.replace(right, wrong)), only=[check])
    first, *rest = str(told.value).splitlines()
    assert first.startswith(f"{check}: NoticeDeposit(asset='ETH', apr=APR(0.05), fee=0.1")
    assert re.search(r"path \d|step \d", first)
    call = next(line for line in rest if line.startswith("call: "))
    assert call.startswith("call: check_product(NoticeDeposit(asset='ETH', apr=APR(0.05), fee=0.1")
    assert call.endswith(f"only=[{check!r}])")


def test_what_changes_for_good_is_found_by_the_run_of_all_checks(monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    with pytest.raises(ConformanceError, match=r"^global-state: .* a run changes the environment"):
        check_product(deposit(CODE.replace(STEP, STEP + "        __import__('os').environ['OWN'] = '1'\n")))


def test_without_a_mistake_those_checks_pass():
    check_product(deposit(CODE), only={check for _, _, check in MISTAKES.values()})
