"""The three sides of the benchmark of an epoch's rewards do the same work: otherwise a ratio of times says nothing."""

import importlib

import numpy as np
import pytest

pytest.importorskip("numba", reason="needs numba: pip install stakingmodels[dev]")
pytestmark = pytest.mark.slow

benchmark = importlib.import_module("benchmarks.protocols_epoch")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_balance_is_the_same(seed):
    network = benchmark.network(20_000, seed)
    outs = [np.zeros(20_000, dtype=np.int64) for _ in range(3)]
    for side, out in zip((benchmark.library, benchmark.numba_side, benchmark.plain), outs, strict=True):
        side(network, out)
    assert (outs[0] == outs[1]).all()
    picked = slice(None, None, benchmark.PLAIN_SHARE)
    assert (outs[0][picked] == outs[2][picked]).all()
    assert (outs[0] != network.balances).all()
