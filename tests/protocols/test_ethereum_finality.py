import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError
from stakingmodels.protocols.chains.ethereum import Finality, weigh_justification_and_finalization

NO, YES = False, True


def weighed(finality, epoch=100, *, previous=0, current=0, total=300):
    return weigh_justification_and_finalization(finality, epoch, total, previous, current)


def test_a_healthy_network_stays_healthy():
    state = Finality.finalizing(100)
    assert state == Finality((YES, YES, YES, YES), 98, 99, 98)
    # Everybody has voted for the running epoch by its end: it is justified and the one before is final.
    after = weighed(state, previous=300, current=300)
    assert after == Finality((YES, YES, YES, YES), 99, 100, 99)
    # Without votes for the running epoch finality is one epoch later.
    assert weighed(state, previous=300) == Finality((NO, YES, YES, YES), 99, 99, 98)


def test_two_thirds_justify():
    state = Finality((NO, NO, NO, NO), 90, 90, 90)
    assert weighed(state, previous=199) == Finality((NO, NO, NO, NO), 90, 90, 90)
    assert weighed(state, previous=200) == Finality((NO, YES, NO, NO), 90, 99, 90)
    assert weighed(state, current=199) == Finality((NO, NO, NO, NO), 90, 90, 90)
    assert weighed(state, current=200) == Finality((YES, NO, NO, NO), 90, 100, 90)
    assert weighed(state, previous=200, current=200) == Finality((YES, YES, NO, NO), 90, 100, 90)


@pytest.mark.parametrize(
    ("before", "previous_justified", "current_justified", "votes", "finalized"),
    [
        # The 2nd, 3rd and 4th most recent epochs are justified, with the 4th as source.
        ((NO, YES, YES, NO), 97, 97, (200, 0), 97),
        ((NO, YES, NO, NO), 97, 97, (200, 0), 90),
        ((NO, NO, YES, NO), 97, 97, (200, 0), 90),
        ((NO, YES, YES, NO), 97, 97, (0, 0), 90),
        ((NO, YES, YES, NO), 96, 97, (200, 0), 90),
        # The 2nd and 3rd, with the 3rd as source.
        ((NO, YES, NO, NO), 98, 98, (200, 0), 98),
        ((YES, YES, NO, NO), 98, 98, (0, 0), 98),
        ((NO, NO, NO, NO), 98, 98, (200, 0), 90),
        ((NO, YES, NO, NO), 98, 98, (0, 0), 90),
        # The 1st, 2nd and 3rd, with the 3rd as source.
        ((NO, YES, NO, NO), 90, 98, (200, 200), 98),
        ((NO, NO, NO, NO), 90, 98, (200, 200), 90),
        ((NO, YES, NO, NO), 90, 98, (200, 0), 90),
        ((NO, YES, NO, NO), 90, 98, (0, 200), 90),
        # The 1st and 2nd, with the 2nd as source.
        ((YES, NO, NO, NO), 90, 99, (0, 200), 99),
        ((NO, NO, NO, NO), 90, 99, (200, 200), 99),
        ((NO, NO, NO, NO), 90, 99, (0, 200), 90),
        ((YES, NO, NO, NO), 90, 99, (200, 0), 90),
    ],
)
def test_the_four_ways_to_finality(before, previous_justified, current_justified, votes, finalized):
    state = Finality(before, previous_justified, current_justified, 90)
    after = weighed(state, previous=votes[0], current=votes[1])
    assert after.finalized_epoch == finalized
    assert after.previous_justified_epoch == current_justified


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=30),
)
def test_epochs_only_go_forward(votes):
    state = Finality.finalizing(10)
    for number, (previous, current) in enumerate(votes):
        after = weighed(state, 10 + number, previous=previous, current=current)
        assert after.finalized_epoch >= state.finalized_epoch
        assert after.current_justified_epoch >= state.current_justified_epoch
        assert after.finalized_epoch < 10 + number
        state = after


def test_bad_input():
    for epochs in ((5, 4, 3), (5, 6, 7)):
        with pytest.raises(InputError, match=r"Finality\.current_justified_epoch: must not be before"):
            Finality((NO, NO, NO, NO), *epochs)
    with pytest.raises(InputError, match=r"Finality\.finalized_epoch"):
        Finality((NO, NO, NO, NO), 1, 1, -1)
    with pytest.raises(InputError, match=r"Finality\.finalizing: epoch"):
        Finality.finalizing(1)
    assert Finality.finalizing(2) == Finality((YES, YES, YES, YES), 0, 1, 0)
    state = Finality.finalizing(100)
    with pytest.raises(InputError, match="current_epoch: must be after the justified epoch 99, got 99"):
        weighed(state, 99)
    with pytest.raises(InputError, match="current_epoch: must be an integer"):
        weighed(Finality((NO, NO, NO, NO), 0, 0, 0), 1)
    assert weighed(Finality((NO, NO, NO, NO), 0, 0, 0), 2).finalized_epoch == 0
    for argument in ("total", "previous", "current"):
        with pytest.raises(InputError, match="_balance: must be an integer in"):
            weighed(state, **{argument: -1})
    with pytest.raises(InputError, match="total_active_balance"):
        weighed(state, total=0)
    assert weighed(state, total=1, previous=1).current_justified_epoch == 99
    with pytest.raises(InputError, match="current_epoch"):
        weighed(state, 2**53 + 1)
    assert weighed(state, 2**53).finalized_epoch == 98
