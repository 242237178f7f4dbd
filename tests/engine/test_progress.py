"""A run is kept whatever its listener does, and however often Ctrl-C is pressed."""

import signal
import threading

import numpy as np
import pytest

from stakingmodels import Constants, Holding, InputTypeError, Price, TimeGrid, simulate
from stakingmodels.engine.progress import Told, undisturbed
from stakingmodels.engine.simulation import PART
from stakingmodels.ledger.collector import OutcomeBuilder

GRID = TimeGrid.daily("2026-01-01", days=3)
WORLD = Constants({Price("ETH"): 3000.0})
HOLD = {"hold": Holding(asset="ETH")}


@pytest.fixture
def default_handler():
    """Python's own answer to Ctrl-C, whatever the tests run under."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(progress=None):
    return simulate(HOLD, WORLD, GRID, capital=1e3, n_paths=3 * PART, rng=1, progress=progress)


def test_a_listener_that_raises_is_told_no_more_and_the_run_is_whole():
    calls: list[tuple[int, int]] = []

    def broken(*done):
        calls.append(done)
        raise OSError("the bar is gone\n")

    with pytest.warns(UserWarning, match=r"^simulate: progress: raised OSError: 'the bar is gone\\n'; it is called no"):
        results = run(broken)
    assert calls == [(1, 3)]
    assert not results.partial
    np.testing.assert_array_equal(results["hold"].closing, run()["hold"].closing)


def test_a_listener_may_still_end_the_run():
    def enough(done, _):
        if done == 2:
            raise KeyboardInterrupt

    assert run(enough).n_paths == 2 * PART


def test_what_is_no_function_is_refused():
    with pytest.raises(InputTypeError, match=r"^simulate: progress: must be a function of \(parts done"):
        Told(3)  # type: ignore[arg-type]


@pytest.mark.usefixtures("default_handler")
def test_a_second_ctrl_c_while_results_are_put_together_loses_nothing(monkeypatch):
    outcome = OutcomeBuilder.outcome

    def interrupted(self, *paths):
        signal.raise_signal(signal.SIGINT)
        return outcome(self, *paths)

    def first(*_):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(OutcomeBuilder, "outcome", interrupted)
    results = run(first)
    assert (results.n_paths, results["hold"].n_paths) == (PART, PART)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("default_handler")
def test_ctrl_c_is_heeded_again_afterwards():
    with undisturbed():
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_the_handler_of_a_host_is_left_alone():
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_other_threads_run_as_ever():
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(run().n_paths))
    thread.start()
    thread.join(60.0)
    assert found == [3 * PART]
