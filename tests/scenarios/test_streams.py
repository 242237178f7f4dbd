"""Random streams: what they are keyed by, and that this never changes."""

import hashlib

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import BLOCK, Streams, as_entropy


def words(streams, name="a", n=1000):
    return streams(name).bit_generator.random_raw(n)


def test_the_same_key_gives_the_same_numbers_however_often():
    streams = Streams(1)
    assert words(streams).tolist() == words(streams).tolist() == words(Streams(1)).tolist()


@pytest.mark.parametrize(
    ("other", "name"), [(Streams(2), "a"), (Streams(1, 1), "a"), (Streams(1), "b"), (Streams(2**64 + 1), "a")]
)
def test_another_key_gives_other_numbers(other, name):
    assert not set(words(Streams(1)).tolist()) & set(words(other, name).tolist())


def test_names_are_not_mixed_up_with_blocks():
    seen = {words(Streams(1, block), name, 1)[0] for block in range(20) for name in map(str, range(20))}
    assert len(seen) == 400


def test_what_is_drawn_is_part_of_the_contract():
    # numpy 2.4.6; SFC64, SeedSequence and the words of a seed are the same in every version of numpy
    raw = words(Streams(12345, 3), 'noise:Price("ETH")')
    assert hashlib.sha256(raw.astype("<u8").tobytes()).hexdigest() == (
        "8c4868587cac8e2358ef853e924d4b0d894b19381b28466012a50cb1c473cd08"
    )


def test_blocks_begin_every_8192_paths():
    assert BLOCK == 8192
    assert [Streams(1, b).first_path for b in range(3)] == [0, 8192, 16384]


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
