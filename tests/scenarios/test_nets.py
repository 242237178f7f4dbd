"""Points of randomized Sobol' sequences: numbers of the sequence, evenness, uniform laws, any part of the paths."""

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from stakingmodels.scenarios.nets import N_DIMENSIONS, Net, directions

MANY = 2_048


def test_the_directions_are_those_of_joe_and_kuo():
    ours = np.zeros((1_024, N_DIMENSIONS), dtype=np.uint64)
    for dimension in range(N_DIMENSIONS):
        for number in range(1_024):
            gray = number ^ number >> 1  # the order in which scipy gives the points
            for bit in range(10):
                if gray >> bit & 1:
                    digits = int(f"{directions(dimension)[bit]:032b}"[::-1], 2)
                    ours[number, dimension] ^= np.uint64(digits)
    theirs = qmc.Sobol(N_DIMENSIONS, scramble=False, bits=32).random(1_024)
    np.testing.assert_array_equal(ours / 2.0**32, theirs)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("n_replicates", [1, 16])
def test_the_points_of_a_replicate_have_one_in_each_stratum(n_replicates, shared):
    drawn = Net(7, 0, MANY, n_replicates).uniforms("a", 3, shared=shared)
    for replicate in range(n_replicates):
        strata = np.floor(drawn[replicate::n_replicates] * (MANY // n_replicates))
        np.testing.assert_array_equal(np.sort(strata), np.arange(MANY // n_replicates))


def test_two_dimensions_of_one_order_are_even_together():
    net = Net(7, 0, MANY, 1)
    for one, other in ((net.uniforms("a", 0), net.uniforms("a", 1)), _shared(net)):
        for k in range(12):
            boxes = np.floor(one * 2**k) * 2 ** (11 - k) + np.floor(other * 2 ** (11 - k))
            assert np.unique(boxes).size == MANY


def _shared(net):
    return net.uniforms("a", 0, shared=True), net.uniforms("b", 1, shared=True)


def test_events_are_even_with_the_first_five_dimensions():
    net = Net(3, 0, MANY, 1)
    for event in "abcdefgh":
        drawn = net.of_event(event)
        for dimension in range(5):
            price = net.uniforms("price", dimension, shared=True)
            for k in range(1, 7):  # t = 4: boxes of 16 points in each
                boxes = (np.floor(drawn * 2**k) * 2 ** (7 - k) + np.floor(price * 2 ** (7 - k))).astype(int)
                np.testing.assert_array_equal(np.bincount(boxes, minlength=128), 16)


@pytest.mark.parametrize("n_replicates", [1, 16])
def test_each_path_is_uniform_over_seeds(n_replicates):
    first = np.array([Net(seed, 0, 64, n_replicates).uniforms("a", 1)[[0, 37]] for seed in range(2_000)])
    for path in first.T:
        assert kstest(path, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(first.T)[0, 1]) < 0.08


def test_replicates_and_names_are_independent():
    drawn = np.array([_centred(seed) for seed in range(400)])
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 0.2


def _centred(seed):
    net = Net(seed, 0, 32, 2)
    values = net.uniforms("a") ** 2
    return values[::2].mean(), values[1::2].mean(), (net.uniforms("b")[::2] ** 2).mean()


@pytest.mark.parametrize("n_replicates", [1, 16, 256])
def test_any_part_of_the_paths_is_the_same(n_replicates):
    whole = Net(5, 0, 20_000, n_replicates).uniforms("a", 2)
    for first, n in ((0, 1), (0, 700), (512, 512), (1_536, 5_000), (8_192, 8_192), (15_872, 4_128)):
        np.testing.assert_array_equal(Net(5, first, n, n_replicates).uniforms("a", 2), whole[first : first + n])


def test_normals_have_their_law():
    drawn = np.concatenate([Net(seed, 0, 1_024, 16).normals("a") for seed in range(50)])
    assert kstest(drawn, "norm").pvalue > 1e-3
    assert abs(drawn.mean()) < 1e-3
