"""No public callable answers a bad value with a raw error, hangs, or takes all memory."""

import os

import pytest

from tests.generated.allowed import unused
from tests.generated.fits import fits
from tests.generated.names import callees
from tests.generated.report import Tally

EVERY = int(os.environ.get("GENERATED_CALLS_EVERY", "1"))
"""Every n-th call, for a quick look: all of them take a minute or two."""


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="calls run in forked processes")
def test_bad_values_are_answered_in_a_sentence():
    tally = Tally.of(every=EVERY)
    assert len(tally.answers) > 90_000 / EVERY
    assert sum(tally.reached.values()) > 0.96 * sum(tally.callables.values())
    assert [f"{each.place} {each.value}: {each.verdict} {each.text}" for each in tally.wrong()] == []
    if EVERY == 1:
        assert unused(tally.answers) == []


@pytest.mark.once
def test_every_room_has_callables():
    rooms = {each.room for each in callees()}
    assert {"analysis", "engine", "ledger", "market", "measures", "products", "scenarios", "serialize"} <= rooms
    assert len(callees()) > 800


@pytest.mark.once
@pytest.mark.parametrize(
    ("value", "hint", "answer"),
    [(1, float, True), (True, int, False), ("x", str | None, True), ([1.0], list[str], False), (None, "Later", None)],
)
def test_what_fits(value, hint, answer):
    assert fits(value, hint) is answer
