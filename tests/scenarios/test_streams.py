"""Random streams: what they are keyed by, and that this never changes."""

import copy
import hashlib
import pickle

import numpy as np
import pytest
from scipy import stats

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import Streams, as_entropy
from stakingmodels.scenarios.streams import keyed

KINDS = ("normals", "uniforms", "exponentials")


def drawn(streams=None, name="a", *, kind="uniforms", shape=(3, 1_300)):
    out = np.empty(shape)
    getattr(streams or Streams(1), kind)(name, out)
    return out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("streams", [Streams(1), Streams(1, precision="float32")], ids=["float64", "float32"])
class TestRows:
    def test_rows_one_by_one_are_those_of_many_at_a_time(self, kind, streams):
        at_once = drawn(streams.fresh(), kind=kind, shape=(45, 1_300))
        one_by_one = streams.fresh()
        for part in np.split(np.arange(45), [1, 2, 5, 21]):
            shape = (1_300,) if part.size == 1 else (part.size, 1_300)
            assert np.array_equal(drawn(one_by_one, kind=kind, shape=shape).reshape(-1, 1_300), at_once[part])

    def test_fewer_paths_are_a_prefix(self, kind, streams):
        wide = drawn(streams.fresh(), kind=kind, shape=(20, 2_000))
        for n_paths in (1, 511, 512, 513, 1_024, 1_999):
            assert np.array_equal(drawn(streams.fresh(), kind=kind, shape=(20, n_paths)), wide[:, :n_paths])

    def test_later_paths_are_those_of_a_wider_run(self, kind, streams):
        later = streams.replace(first_path=1_024)
        wide = drawn(streams.fresh(), kind=kind, shape=(5, 2_000))
        assert np.array_equal(drawn(later, kind=kind, shape=(5, 976)), wide[:, 1_024:])

    def test_a_name_does_not_depend_on_others(self, kind, streams):
        alone, among = streams.fresh(), streams.fresh()
        drawn(among, "b", kind=kind)
        assert np.array_equal(drawn(alone, kind=kind), drawn(among, kind=kind))


@pytest.mark.parametrize(
    ("kind", "law"), [("normals", "norm"), ("uniforms", "uniform"), ("exponentials", "expon")], ids=KINDS
)
def test_the_laws(kind, law):
    found = drawn(kind=kind, shape=(40, 1_000))
    assert stats.kstest(found.reshape(-1), law).pvalue > 0.01
    assert abs(np.corrcoef(found[0], found[1])[0, 1]) < 4 / np.sqrt(1_000)
    assert abs(np.corrcoef(found[:, :-1].reshape(-1), found[:, 1:].reshape(-1))[0, 1]) < 4 / np.sqrt(39_000)
    lanes = found[:, :488].reshape(-1), found[:, 512:].reshape(-1)
    assert abs(np.corrcoef(*lanes)[0, 1]) < 4 / np.sqrt(lanes[0].size)


def test_the_bounds():
    uniforms, exponentials = (drawn(kind=kind, shape=(200, 5_000)) for kind in ("uniforms", "exponentials"))
    assert (uniforms.min() >= 0.0, uniforms.max() < 1.0, exponentials.min() >= 0.0) == (True, True, True)
    assert np.isfinite(exponentials).all()


def test_a_view_that_is_not_contiguous_is_filled():
    wide: np.ndarray = np.zeros((1_300, 6))
    Streams(1).normals("a", wide.T[::2])
    assert np.array_equal(wide.T[::2], drawn(kind="normals"))
    assert not wide.T[1::2].any()


@pytest.mark.parametrize(
    ("other", "name"),
    [(Streams(2), "a"), (Streams(1, first_path=512), "a"), (Streams(1), "b"), (Streams(2**64 + 1), "a")],
)
def test_another_key_gives_other_numbers(other, name):
    assert not set(drawn().reshape(-1)[:500].tolist()) & set(drawn(other, name).reshape(-1)[:500].tolist())


def test_names_are_not_mixed_up_with_lanes():
    lanes = [Streams(1, first_path=512 * lane) for lane in range(20)]
    assert len({drawn(each.fresh(), str(name), shape=(1,))[0] for each in lanes for name in range(20)}) == 400


def test_what_is_drawn_is_part_of_the_contract():
    # numpy 2.4.6; SFC64, Philox, SeedSequence and the words of a seed are the same in every version of numpy
    found = drawn(Streams(12345, first_path=1_536), 'noise:Price("ETH")', shape=(2, 512))
    rare = keyed(Streams(12345, first_path=1_536), "event:x", 512).uniforms(7)
    digests = [hashlib.sha256(each.astype("<f8").tobytes()).hexdigest()[:16] for each in (found, rare)]
    assert digests == ["b2008622812eed99", "81b3097de537e26c"]


def test_they_are_a_value():
    streams = Streams(7, first_path=512, precision="float32", event_sampling="stratified")
    drawn(streams)
    for same in (pickle.loads(pickle.dumps(streams)), copy.deepcopy(streams), streams.replace(), streams.fresh()):  # noqa: S301
        assert same == streams
        assert hash(same) == hash(streams)
        assert np.array_equal(drawn(same), drawn(streams.fresh()))  # at its start
    assert streams != streams.replace(first_path=0)
    assert "begun" not in repr(streams)


@pytest.mark.parametrize(
    ("name", "out", "kind", "says"),
    [
        ("", np.empty(3), InputError, "name: must not be empty"),
        (7, np.empty(3), InputTypeError, "name: must be str"),
        ("a", [0.0], InputTypeError, "must be a float64 array that can be written to, got list"),
        ("a", np.empty(3, dtype=np.float32), InputTypeError, "must be a float64 array that can be written to"),
        ("a", np.broadcast_to(0.0, (2, 3)), InputTypeError, "must be a float64 array that can be written to"),
        (
            "a",
            np.empty((1, 2, 3)),
            InputError,
            r"must have the shape \(n_paths,\) or \(n_rows, n_paths\), with the paths of",
        ),
        ("a", np.empty(()), InputError, r"must have the shape"),
        ("a", np.empty((2, 0)), InputError, r"must have the shape"),
        ("a", np.empty((1, 65_537)), InputError, r"must have the shape"),
    ],
)
@pytest.mark.parametrize("draw", KINDS)
def test_arrays_and_names_that_cannot_be_filled(name, out, kind, says, draw):
    with pytest.raises(kind, match=rf"^Streams\.{draw}.*{says}") as error:
        getattr(Streams(1), draw)(name, out)
    assert "\n" not in str(error.value)


def test_the_width_is_that_of_the_market():
    streams = Streams(1).fresh(5)
    with pytest.raises(InputError, match=r"with the 5 paths of the market, got \(5, 1\)"):
        streams.normals("a", np.empty((5, 1)))
    streams = Streams(1)
    drawn(streams, "a", shape=(4,))
    with pytest.raises(InputError, match=r"with the 4 paths of the market"):
        streams.normals("b", np.empty(3))


@pytest.mark.parametrize(
    ("first_path", "says"), [(100, "must be a multiple of 512.*write 0"), (-512, "must be an int")]
)
def test_first_paths_that_begin_no_lane(first_path, says):
    with pytest.raises(InputError, match=rf"^Streams\.first_path: {says}"):
        Streams(1, first_path=first_path)


@pytest.mark.parametrize(("rng", "entropy"), [(0, 0), (7, 7), (np.int64(7), 7), (2**128 - 1, 2**128 - 1)])
def test_an_integer_is_the_seed_itself(rng, entropy):
    assert as_entropy("x", rng) == entropy
    assert as_entropy("x", entropy) == entropy


def test_fresh_entropy_differs():
    assert as_entropy("x", None) != as_entropy("x", None)


def test_a_seed_sequence_gives_one_seed_and_its_children_others():
    root = np.random.SeedSequence(5)
    assert as_entropy("x", root) == as_entropy("x", np.random.SeedSequence(5))
    assert len({as_entropy("x", s) for s in [root, *root.spawn(3), np.random.SeedSequence(6)]}) == 5


def test_a_generator_advances():
    generator = np.random.default_rng(5)
    first, second = as_entropy("x", generator), as_entropy("x", generator)
    assert first != second
    assert as_entropy("x", np.random.default_rng(5)) == first


@pytest.mark.parametrize("rng", [None, np.random.SeedSequence(5), np.random.default_rng(5)])
def test_every_seed_can_be_given_again(rng):
    entropy = as_entropy("x", rng)
    assert type(entropy) is int
    assert 0 <= entropy < 2**128
    assert as_entropy("x", entropy) == entropy


@pytest.mark.parametrize("rng", [-1, 2**128])
def test_seeds_out_of_range(rng):
    with pytest.raises(InputError, match=r"^simulate: rng: must be an integer in \[0, "):
        as_entropy("simulate: rng", rng)


@pytest.mark.parametrize("rng", [1.0, True, "abc", np.random.RandomState(1), [1, 2], np.random.PCG64(1)])
def test_what_is_no_seed(rng):
    with pytest.raises(InputTypeError, match=rf"^simulate: rng: must be an integer.*{type(rng).__name__}"):
        as_entropy("simulate: rng", rng)
