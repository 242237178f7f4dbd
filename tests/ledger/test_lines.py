"""The closed list of causes."""

import pickle

import pytest

from stakingmodels.errors import InputTypeError, UnknownNameError
from stakingmodels.ledger import Group, Line
from stakingmodels.ledger.lines import LineMap, as_group, as_line, net_of_fee

GROUPS = {
    Group.REWARD: "consensus, execution, mining, interest, guaranteed, curtailment",
    Group.FEE: "commission, protocol, platform, trading, network fee",
    Group.COST: "operating, electricity, maintenance, contract, depreciation",
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


def test_a_label_stands_for_its_line():
    assert as_line("x", Line.COMMISSION) is as_line("x", "commission") is Line.COMMISSION
    with pytest.raises(InputTypeError, match=r"^x: must be a Line or its label, got int 3"):
        as_line("x", 3)
    with pytest.raises(UnknownNameError, match=r"^x: .*'comission'.*'commission'"):
        as_line("x", "comission")


def test_a_name_stands_for_its_group():
    assert as_group("x", Group.FEE) is as_group("x", "fee") is Group.FEE
    with pytest.raises(InputTypeError, match=r"^x: must be a Group or its name, got int 3"):
        as_group("x", 3)
    with pytest.raises(UnknownNameError, match=r"^x: .*'fees'.*'fee'"):
        as_group("x", "fees")


def test_lines_are_found_by_their_labels_too():
    by_line = LineMap({Line.PRICE: 1.0})
    assert by_line["price"] == by_line[Line.PRICE] == by_line.get("price") == 1.0
    assert "price" in by_line
    assert "commission" not in by_line
    assert by_line.get("commission") is None
    assert by_line.get(Line.COMMISSION, 0.0) == 0.0
    by_coin = LineMap({(Line.PRICE, "ETH"): 2.0})
    assert by_coin["price", "ETH"] == by_coin[Line.PRICE, "ETH"] == 2.0
    assert ("price", "BTC") not in by_coin
    assert () not in by_coin
    assert LineMap({(Line.PRICE, 7): 3.0})["price", 7] == 3.0
    with pytest.raises(UnknownNameError, match="nonsense"):
        by_coin["nonsense", "ETH"]
    with pytest.raises(UnknownNameError, match=r"Line\.COMMISSION"):
        by_line["commission"]


def test_a_fee_is_a_part_of_its_reward():
    assert net_of_fee(Line.CONSENSUS, Line.COMMISSION, 0.1) == ((Line.CONSENSUS, 1.0), (Line.COMMISSION, -0.1))
    assert net_of_fee(Line.CONSENSUS, Line.COMMISSION, 0.0) is Line.CONSENSUS
