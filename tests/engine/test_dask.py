"""A run on a Dask cluster, real and local: the same bits, also where a worker is killed in the middle."""

import os
import signal
import warnings

import numpy as np
import pytest

from stakingmodels import GBM, GeometricBrownianMotion, Holding, Price, TimeGrid, simulate

MANY = 8_192

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # the cluster's own: ports in use, files of the operating system
]

WORLD = GeometricBrownianMotion({Price("ETH"): GBM(3000.0, volatility=0.7)})
ROWS = {"hold": Holding(asset="ETH")}
GRID = TimeGrid.daily("2026-01-01", days=200)


def run(n_paths=6 * MANY + 5, **options):
    return simulate(ROWS, WORLD, GRID, capital=1000.0, n_paths=n_paths, rng=1, **options)


@pytest.fixture(scope="module")
def client():
    with (
        warnings.catch_warnings(action="ignore"),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        distributed.Client(cluster) as connected,
    ):
        yield connected


def test_dask_gives_the_same_bits(client):
    assert np.array_equal(run(executor=client.get_executor())["hold"].closing, run()["hold"].closing)


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(client):
    processes = list(client.run(os.getpid).values())

    def kill_one(done, _total):
        if done == 2:
            os.kill(processes[0], signal.SIGKILL)

    results = run(n_paths=20 * MANY, executor=client.get_executor(), progress=kill_one)
    assert not results.partial
    assert np.array_equal(results["hold"].closing, run(n_paths=20 * MANY)["hold"].closing)
