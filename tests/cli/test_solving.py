"""``stakingmodels solve`` and ``breakeven``: what Python gives, and what is refused."""

import json

import pytest

from stakingmodels import APR, APY, CloudMiningContract, Price, StakingPool, TimeGrid, cli, scenarios
from stakingmodels.analysis import Target, breakeven, payback_days, solve
from stakingmodels.scenarios import REFERENCE_START, Streams

SHORT = ("--days", "30", "--settlement-days", "10")
GRID = TimeGrid.daily(REFERENCE_START, days=30, settlement_days=10)


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def still(product):
    return scenarios.reference().market(GRID, product.factors, streams=Streams(0), n_paths=1).frozen_at_open()


def test_it_is_what_python_gives_in_a_market_that_stands_still(run):
    mine = CloudMiningContract(term_days=30.0)
    by_python = solve("price_usd_per_th_s", mine, still(mine), target=Target.annual_return(APR(0.05)), capital=1e4,
                      between=(0.1, 2.0))  # fmt: skip
    words = (
        "solve",
        "CloudMiningContract",
        "--set",
        "term_days=30",
        "--of",
        "price_usd_per_th_s",
        "--capital",
        "10000",
    )
    code, out, err = run(*words, *SHORT, "--target", "5%APR", "--between", "0.1:2")
    assert (code, out, err) == (0, f"{by_python}\n", "")
    _, text, _ = run(*words, *SHORT, "--target", "5%APR", "--between", "0.1:2", "--format", "json")
    assert json.loads(text)["value"] == by_python.value
    assert "每年報酬 5%（APR）" in run(*words, *SHORT, "--target", "5%APR", "--between", "0.1:2", "--lang", "zh-TW")[1]


def test_a_break_even_is_what_python_gives(run):
    pool = StakingPool()
    by_python = breakeven(pool, still(pool), capital=1e5)
    assert run("breakeven", "StakingPool", *SHORT)[1] == f"{by_python}\n"
    drawn = breakeven(
        pool, scenarios.reference(), GRID, of="commission", against="cash", capital=1e5, n_paths=20, rng=4
    )
    options = ("--of", "commission", "--against", "cash", "--paths", "20", "--seed", "4")
    assert run("breakeven", "StakingPool", *SHORT, *options)[1] == f"{drawn.to_text()}\n"
    days = payback_days(pool, still(pool), capital=1e5)
    assert run("breakeven", "StakingPool", *SHORT, "--of", "day")[1] == f"{days}\n"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("total=10%", Target.total_return(0.1)),
        ("coins=5%", Target.coin_rate(APY(0.05))),
        ("money-back", Target.money_back()),
        ("holding", Target.holding()),
        ("cash", Target.cash()),
        ("-3%", Target.annual_return(APY(-0.03))),
        ("0%", Target.annual_return(APY(0.0))),
    ],
)
def test_targets(run, target, expected):
    of = "commission" if "coins" in target else "Price:ETH"  # coins are the same at any price
    _, text, _ = run("solve", "StakingPool", *SHORT, "--of", of, "--target", target, "--format", "json")
    found = json.loads(text)
    assert (found["target"], found["of"]) == (str(expected), of.replace("Price:ETH", str(Price("ETH"))))


def test_another_row_is_a_target(run):
    _, text, _ = run("solve", "StakingPool", *SHORT, "--of", "commission", "--target", "exchange earn")
    assert text.startswith("StakingPool ")
    assert "equals ExchangeStaking" in text


BAD = {
    "no target": (("solve", "StakingPool", "--of", "commission"), "the following arguments are required: --target"),
    "a word": (
        ("solve", "StakingPool", "--of", "commission", "--target", "hodling"),
        "--target: must be a goal or a row of compare, got 'hodling' (did you mean holding?)",
    ),
    "a bracket": (
        ("solve", "StakingPool", "--of", "commission", "--target", "cash", "--between", "5"),
        "--between: must be written LOW:HIGH, got '5' (such as 1:100 or -50%:50%)",
    ),
    "a bracket reversed": (
        ("solve", "StakingPool", "--of", "commission", "--target", "cash", "--between", "50%:10%"),
        "--between: must begin with the lower value, got (0.5, 0.1) (write (0.1, 0.5))",
    ),
    "an unknown term": (
        ("solve", "StakingPool", "--of", "comission", "--target", "cash"),
        "(did you mean 'commission'?)",
    ),
    "an unknown factor": (
        ("solve", "StakingPool", "--of", "Prise:ETH", "--target", "cash"),
        "--of: must begin with one of ",
    ),
    "a factor that is not read": (
        ("solve", "StakingPool", "--of", "Difficulty:BTC", "--target", "cash"),
        '--of: Difficulty("BTC"): must be in the market, which has, got',
    ),
    "no effect": (
        ("solve", "CloudMiningContract", *SHORT, "--of", "joules_per_th", "--target", "cash"),
        (
            "--of: must have an effect on the result of CloudMiningContract in this world, got 'joules_per_th' "
            "(it counts with power_usd_per_kwh)"
        ),
    ),
    "a day against cash": (
        ("breakeven", "StakingPool", "--of", "day", "--against", "cash"),
        "--against: must be capital with --of day, got 'cash' (leave it out)",
    ),
    "a day between": (
        ("breakeven", "StakingPool", "--of", "day", "--between", "1:5"),
        "--between: must be left out with --of day, got '1:5'",
    ),
    "no goal": (("breakeven", "StakingPool", "--against", "coin"), "--against: must be a goal or a row of compare"),
    "less than all": (
        ("solve", "StakingPool", "--of", "commission", "--target", "total=-200%"),
        "--target: must be in [-1, ",
    ),
}


@pytest.mark.parametrize(("arguments", "sentence"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence(run, arguments, sentence):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
