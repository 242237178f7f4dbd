"""``--currency``: the same numbers as in Python, in titles, columns and units; and what is refused."""

import json

import numpy as np
import pytest

from stakingmodels import APY, InCurrency, TimeGrid, Units, cli, compare, products, scenarios, simulate
from stakingmodels.scenarios import EXCHANGE_RATES, USD_CASH_RATE

FAST = ("compare", "--days", "5", "--settlement-days", "12", "--paths", "50")
GRID = TimeGrid.daily("2026-01-01", days=5, settlement_days=12)
TWD = EXCHANGE_RATES["TWD"].per_usd
DAYS = np.datetime64("2025-01-01") + np.arange(90)
RANDOM = np.random.default_rng(1)
ETH, USD = (x * np.exp(np.cumsum(RANDOM.normal(0.0, s, DAYS.size))) for x, s in ((3_000.0, 0.03), (31.0, 0.003)))


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def rows(run):
    def call(*arguments):
        code, out, err = run(*arguments, "--format", "json")
        assert (code, err) == (0, "")
        return {row["product"]: row for row in json.loads(out)["rows"]}

    return call


@pytest.fixture
def files(tmp_path):
    def write(name, values):
        lines = "".join(f"{day},{value!r}\n" for day, value in zip(DAYS, map(float, values), strict=True))
        (tmp_path / name).write_text(f"date,close\n{lines}", encoding="utf-8")
        return tmp_path / name

    return {"ETH": write("eth.csv", ETH), "USD": write("usd.csv", USD), "TWD": write("twd.csv", 1.0 / USD)}


def by_python(world, capital, currency):
    rows = products.reference(currency=currency)
    told = simulate(rows, world, GRID, capital=capital, n_paths=50, rng=1, event_sampling="stratified")
    return compare(told).to_text()


@pytest.mark.once
def test_it_is_what_python_gives(run):
    world = InCurrency(scenarios.reference(), "TWD")
    assert run(*FAST, "--currency", "TWD", "--capital", "3000000")[1] == by_python(world, 3e6, "TWD") + "\n"
    in_eth = InCurrency(scenarios.reference(), "ETH")
    assert run(*FAST, "--currency", "eth", "--capital", "40")[1] == by_python(in_eth, 40.0, "ETH") + "\n"
    given = InCurrency(scenarios.reference(), "KRW", exchange_rate=1450.0, cash_rate=APY(0.025))
    words = ("--currency", "KRW", "--exchange-rate", "1450", "--cash-rate", "2.5%", "--capital", "1e8")
    assert run(*FAST, *words)[1] == by_python(given, 1e8, "KRW") + "\n"


def test_without_a_capital_it_is_that_of_the_dollar(run):
    world = InCurrency(scenarios.reference(), "TWD")
    code, out, err = run(*FAST, "--currency", "TWD")
    assert (code, err) == (0, "")
    assert out == by_python(world, Units(100_000.0, "USD"), "TWD") + "\n"
    assert out.startswith("100,000 USD = 3,143,800 TWD ")


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_titles_name_the_currency(run, lang):
    _, out, _ = run(*FAST, "--currency", "TWD", "--capital", "3000000", "--lang", lang)
    assert "3,000,000 TWD" in out
    assert "1 USD = 31.438 TWD" in out
    assert "USD cash" in " ".join(out.split()) or "趨勢同 USD 現金" in "".join(out.split("\n"))
    _, out, _ = run(*FAST, "--currency", "TWD", "--capital", "3000000", "--lang", lang, "--verbose")
    assert "1 USD = 31.438 TWD" in out or "31.438 TWD for one USD" in out
    assert ("Return in TWD" if lang == "en" else "以 TWD 計的報酬") in out
    _, out, _ = run("quote", "staking pool", "--currency", "ETH", "--capital", "10", "--lang", lang)
    assert "10.00 ETH" in out


@pytest.mark.once
def test_a_currency_changes_no_return_but_by_its_cash_rate(rows):
    plain, same = rows(*FAST), ("--cash-rate", repr(USD_CASH_RATE.value))
    for currency in ("TWD", "GBP"):  # one above the dollar, one below
        other = rows(*FAST, "--currency", currency, *same)
        assert other["cash"]["coin"] == currency
        for name in plain:
            for column in ("net_coin_return", "return_median", "return_q05"):
                assert other[name][column] == pytest.approx(plain[name][column], rel=1e-9, abs=1e-12)
    assert rows(*FAST, "--currency", "TWD", "--cash-rate", "0")["cash"]["return_mean"] == 0.0
    assert "cash" not in rows(*FAST, "--currency", "BTC")


@pytest.mark.parametrize("currency", ["TWD", "JPY"])
def test_a_quote_in_another_currency_has_the_same_fractions(run, currency):
    def table(*words):
        lines = run("quote", "solo validator", *words, "--format", "csv")[1].splitlines()
        return [float(line.split(",")[2]) for line in lines[1:]]

    assert table("--currency", currency) == pytest.approx(table(), rel=1e-9)
    assert "TWD" in run("quote", "cash", "--currency", "TWD", "--capital", "5")[1]


def test_recorded_exchange_rates_either_way_round(rows, files):
    words = ("compare", "--days", "20", "--settlement-days", "10", "--currency", "TWD", "--levels", "as_recorded")
    base = (*words, "--history", f"Price:ETH={files['ETH']}", "--capital", "1e6")
    one = rows(*base, "--history", f"Price:USD={files['USD']}")
    other = rows(*base, "--history", f"Price:TWD={files['TWD']}")
    worth = ETH * USD
    wanted = np.median(worth[20:-10] / worth[:-30] - 1.0)
    assert one["hold ETH"]["return_median"] == pytest.approx(wanted)
    assert other["hold ETH"]["return_median"] == pytest.approx(wanted)
    assert one["cash"]["return_mean"] == 0.0  # on recorded paths cash earns what is said
    assert rows(*base, "--cash-rate", "3.65%APR")["cash"]["return_mean"] == pytest.approx(1.0001**30 - 1.0)


REFUSED = {
    "unknown": (
        ("--currency", "XXX"),
        "--currency: must have a known exchange rate (TWD, EUR, JPY, GBP) or a price in",
    ),
    "its own": (
        ("--currency", "USD"),
        "--currency: must differ from the scenario's own, got 'USD' (leave --currency ou",
    ),
    "alone": (("--exchange-rate", "31"), "--exchange-rate: only goes with --currency (write --currency TWD)"),
    "nothing": (
        ("--currency", "TWD", "--exchange-rate", "0"),
        "--exchange-rate: must be above 0, in TWD for one USD, go",
    ),
    "negative": (
        ("--currency", "TWD", "--exchange-rate", "-3"),
        "--exchange-rate: must be above 0, in TWD for one USD",
    ),
    "text": (("--currency", "TWD", "--exchange-rate", "x"), "--exchange-rate: must be a number, got 'x' (write 31.4,"),
    "NaN": (("--currency", "TWD", "--exchange-rate", "nan"), "--exchange-rate: must be a number, got 'nan'"),
    "of a coin": (
        ("--currency", "ETH", "--exchange-rate", "2"),
        "--exchange-rate: must be left out, since the scenario",
    ),
    "empty": (("--currency", ""), "--currency: must be the code of a currency, got '' (such as TWD)"),
    "no price": (("--currency", "DOGE"), "(--exchange-rate ... of its units for one USD)"),
    "cash rate": (("--currency", "TWD", "--cash-rate", "lots"), "--cash-rate: must be a rate, got 'lots'"),
}


@pytest.mark.parametrize("command", [FAST, ("quote", "staking pool")])
@pytest.mark.parametrize(("words", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_use_is_one_sentence(run, command, words, sentence):
    code, out, err = run(*command, *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_cash_rate_twice_is_refused(run, files):
    words = ("compare", "--history", f"Price:ETH={files['ETH']}", "--history", f"CashRate:TWD={files['TWD']}")
    _, _, err = run(*words, "--days", "5", "--settlement-days", "0", "--currency", "TWD", "--cash-rate", "1%")
    assert "--cash-rate: is also a file of --history; leave one of them out" in err


def test_an_inverted_rate_is_pointed_out_in_words_of_options(run):
    code, _, err = run(*FAST, "--currency", "TWD", "--exchange-rate", "0.0318")
    assert code == 0
    assert (
        "--exchange-rate: 0.0318 TWD for one USD looks inverted; on 2025-12-31 it was 31.44 (write --exchange-rate 31.4"
        in err
    )
