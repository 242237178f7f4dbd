"""The closed list of causes."""

import pickle

import pytest

from stakingmodels.ledger import Group, Line

GROUPS = {
    Group.REWARD: "consensus, execution, mining, interest",
    Group.FEE: "commission, protocol, trading",
    Group.COST: "operating, electricity, maintenance, contract",
    Group.LOSS: "downtime, slashing, credit, exploit, forfeit",
    Group.EXIT: "discount",
    Group.MARKET: "price",
    Group.OTHER: "contribution",
}


@pytest.mark.parametrize("group", Group)
def test_the_lines_of_a_group(group):
    assert ", ".join(line.label for line in Line if line.group is group) == GROUPS[group]


def test_labels_are_unique():
    assert len({line.label for line in Line}) == len(Line)


@pytest.mark.parametrize("line", Line)
def test_signs(line):
    expected = {Group.REWARD: 1, Group.FEE: -1, Group.COST: -1, Group.LOSS: -1, Group.EXIT: 0, Group.MARKET: 0}
    assert line.sign == {**expected, Group.OTHER: 1}[line.group]


@pytest.mark.parametrize("line", Line)
def test_a_line_stays_itself_through_pickle(line):
    assert pickle.loads(pickle.dumps(line)) is line  # noqa: S301


def test_repr():
    assert repr(Line.DISCOUNT) == "Line.DISCOUNT"
