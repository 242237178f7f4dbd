"""What a seed means: numbers kept, which no change of the library or of the processor's vectors may move.

To look at the numbers of now: ``python -m tests.scenarios.test_literals``. They change only on purpose, with a line in
CHANGELOG.md: all that users have printed before changes with them.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stakingmodels import GBM, GeometricBrownianMotion, Price, SoloValidator, TimeGrid, products, scenarios, simulate
from stakingmodels.scenarios import QuasiRandom, Streams
from stakingmodels.scenarios.strata import Exponentials

ROOT = Path(__file__).parents[2]
SET = "2026.11"
GRID = TimeGrid.daily("2026-01-01", days=120, settlement_days=60)
ETH = Price("ETH")
WORLD = GeometricBrownianMotion({ETH: GBM(3000.0, volatility=0.7, drift=0.05)})
ROWS = {"pool": "staking pool", "token": "liquid token", "solo": "solo validator", "mining": "cloud mining"}
SWITCH = "NPY_DISABLE_CPU_FEATURES"

KEPT: dict[str, list[float]] = {
    "normals": [
        1.985360037852229,
        -0.10774406737794906,
        -0.10366040622144382,
        -0.34195517681296855,
        -1.473181375669177,
        -0.46747403474933363,
        -0.5400661882711792,
        -0.39583216433935076,
        -0.8043629868262983,
        0.9629193299440132,
    ],
    "levels": [
        1.103138055585029,
        1.0510380558240857,
        1.0832081317840163,
        1.0357899100363113,
        1.1583469927874555,
        1.3073455735248176,
        1.1648878185402276,
        0.982664830441704,
        0.8271106981349865,
        1.099317940585767,
    ],
    "levels, quasi-random": [
        1.104617798838025,
        1.0434692446846958,
        1.0853753513515114,
        1.0206145279721053,
        1.1792605593853314,
        1.1072530333119266,
        0.8519665389927156,
        0.7217137636618076,
        0.6355769806136143,
        1.0870258887184252,
    ],
    "first times, independent": [
        1.3966388465323967,
        1.772947000134311,
        0.3540538356493445,
        0.09622165145169075,
        0.5571379658361382,
        1.8716087519543252,
        0.7046173546047025,
        1.1228960479231767,
        0.26257107516942735,
        0.4703303554010431,
    ],
    "first times, stratified": [
        0.20672409155457452,
        1.3429844279015148,
        0.6147619339765464,
        1.886581380042545,
        0.8555850828810749,
        0.3160922014728397,
        0.10186663538583315,
        4.570554898006834,
        0.45143306926405163,
        2.6211654865834757,
    ],
    "returns, pool": [
        0.13351452360482974,
        -0.3539504247388572,
        0.012636852960980322,
        0.609920744208619,
        0.2148395109293684,
        -0.25218029114708,
        0.513040984923116,
        0.2642306969103399,
        -0.5563008222795206,
        -0.08669817818731884,
    ],
    "returns, token": [
        0.17556843016881626,
        -0.3515809942191641,
        -0.1321395404070693,
        0.4663289954990093,
        0.24803156595353154,
        -0.14637622592402347,
        0.46291870590546574,
        -0.034210669228981715,
        -0.4865073354554319,
        -0.19083141872186068,
    ],
    "returns, solo": [
        0.13636423122977723,
        -0.3542349641569078,
        0.005569731711725326,
        0.6026127298684657,
        0.217619721349568,
        -0.24677061061235056,
        0.509773047957065,
        0.2538218333669772,
        -0.5516958978607744,
        -0.09028783116503211,
    ],
    "returns, mining": [
        0.04193450795910205,
        -0.08905358501456125,
        -0.16080654964179267,
        -0.002973158112226229,
        -0.06668495939979621,
        -0.13178031411908073,
        -0.06522048900434166,
        -0.1105100778921938,
        -0.18775232647940981,
        -0.17624495630864315,
    ],
    "returns, pool, quasi-random": [
        -0.22043625816626228,
        0.30225503040465934,
        -0.6281653290971191,
        0.5986075003784761,
        0.584580895494073,
        -0.3072843270722291,
        -0.055370391048233145,
        -0.3841911751077982,
        -0.36843066003204444,
        0.6495088800591425,
    ],
}
"""Ten numbers of each, the first of them or spread over steps and paths."""


def normals():
    """Of a stream in double precision: five of the first lane of paths and five of the second, in the second row."""
    drawn = np.empty((2, 600))
    Streams(1).normals("literal", drawn)
    return np.concatenate([drawn[1, :5], drawn[1, 512:517]])


def levels(n_replicates=0):
    """Growth of a price since it opened: two paths after 1, 2, 17, 120 and 180 days."""
    steps = np.array([1, 2, 17, 120, 180])
    streams = Streams(1, n_replicates=n_replicates)
    market = WORLD.market(GRID, frozenset({ETH}), streams=streams, n_paths=16)
    first, *later = [chunk.rows[ETH].copy() for chunk in market.chunks()]
    rows = np.concatenate([first, *(part[1:] for part in later)])  # a chunk opens with the row that the last ended with
    return rows[steps][:, [0, 15]].ravel() / 3000.0


def first_times(event_sampling="independent"):
    """Unit exponentials, at which an event strikes first."""
    return Exponentials(Streams(1, event_sampling=event_sampling), "event:literal", 10).round(0)


def returns(name, **how):
    """Of a product in the built-in scenario."""
    rows = {name: products.reference(assumptions=SET)[name]}
    world = scenarios.reference(assumptions=SET)
    return simulate(rows, world, GRID, capital=100_000.0, n_paths=16, rng=1, **how)[name].returns[:10]


FOUND: dict[str, Callable[[], Any]] = {
    "normals": normals,
    "levels": levels,
    "levels, quasi-random": lambda: levels(n_replicates=4),
    "first times, independent": first_times,
    "first times, stratified": lambda: first_times("stratified"),
    **{f"returns, {short}": partial(returns, name) for short, name in ROWS.items()},
    "returns, pool, quasi-random": lambda: returns("staking pool", sampling=QuasiRandom(n_replicates=4)),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_seed_means_the_same_numbers(name):
    np.testing.assert_allclose(FOUND[name](), KEPT[name], rtol=1e-12, atol=0.0)


def test_a_number_that_moves_is_found():
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(normals() * (1.0 + 1e-11), KEPT["normals"], rtol=1e-12, atol=0.0)


def test_the_products_compared_draw_something():
    for name in FOUND:
        assert np.unique(KEPT[name]).size == 10, name
    solo = products.reference(assumptions=SET)["solo validator"]
    assert isinstance(solo, SoloValidator)
    assert solo.random_duties


def switchable():
    """Vectors of this processor that numpy can leave unused: those of AVX-512 if there are any, else all."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return [name for name in found if name.startswith(("AVX512", "X86_V4"))] or found


@pytest.mark.once
def test_a_seed_means_the_same_on_processors_with_narrower_vectors():
    """In a process of its own, since numpy chooses its vectors when it is imported."""
    features = switchable()
    if not features:
        pytest.skip("numpy found no vectors here beyond those that it always uses")
    code = "import numpy as np\nprint(*np.show_config(mode='dicts')['SIMD Extensions'].get('found', []))\n"
    code += "from tests.scenarios import test_literals as kept\n"
    code += "for name in kept.FOUND: kept.test_a_seed_means_the_same_numbers(name)"
    done = subprocess.run(  # this very Python
        [sys.executable, "-W", "error", "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {SWITCH: " ".join(features)},
    )
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & set(features)


if __name__ == "__main__":
    for each, make in FOUND.items():
        sys.stdout.write(f"    {each!r}: {[float(value) for value in make()]},\n")
