"""Files that are no good: each is told in one sentence with file, place, rule, value and how to write it; code 2."""

import re

import pytest

from stakingmodels import InputError, catalogue
from stakingmodels.cli import main
from tests.own_sheet import HEAD

SHEET = (
    HEAD
    + """
[rate]
value = {APY = 0.06}
basis = "net"
said = "6 % APY"
document = "terms"
"""
)
RATES = """
[lido-steth]
value = {APR = 0.025}
basis = "net"
said = "2.5 %"
title = "Lido"
url = "https://example.org"
read = "2026-11-30"
"""
MINE = '[mine]\nkind = "StakingPool"\ncommission = 0.1\n'
EARN = '[mine]\nkind = "ExchangeStaking"\n'
PRICES = "date,close\n" + "".join(f"2025-01-{day:02},3000\n" for day in range(1, 32))
SHORT = ("--days", "5", "--settlement-days", "5")

SHEETS = {
    "a key twice": (
        'coin = "SOL"',
        'coin = "SOL"\ncoin = "ETH"',
        """(at line 6, column 13), got 'coin = "ETH"' (each name may be given once)""",
    ),
    "no quotes": ('coin = "SOL"', "coin = SOL", "got 'coin = SOL' (texts stand in quotes: coin = \"SOL\")"),
    "a rate that is not the one said": ("{APY = 0.06}", "{APY = -2.0}", '"6 % APY", got -2.0 (write 0.06'),
    "a rate of -200 %": (
        'value = {APY = 0.06}\nbasis = "net"\nsaid = "6 % APY"',
        'value = {APY = -2.0}\nbasis = "net"\nsaid = "-200 % APY (computed)"',
        "[rate]: value: APY: apy must be in (-1, 1e+09]",
    ),
    "a rate without kind": (
        "{APY = 0.06}",
        "0.06",
        "[rate]: value: must be a rate with its kind, got 0.06 (write",
    ),
    "per cent": ("value = 0.05", "value = 5", 'got 5 (the document says "5 %"; write 0.05)'),
    "a text": ("value = 0.05", 'value = "0.05"', "StakingPool.commission: must be a number, got str '0.05'"),
    "nan": ("value = 0.05", "value = nan", "StakingPool.commission: must be finite, got nan"),
    "infinite": ("value = 0.05", "value = inf", "StakingPool.commission: must be finite, got inf"),
    "400 digits": ("value = 0.05", f"value = {'9' * 400}", "StakingPool.commission: must be finite; too large"),
    "no date": ('read = "2026-11-30"\n', "", "read must be given, as every number has a source and a date"),
    "a date to come": (
        'read = "2026-11-30"',
        'read = "2027-11-30"',
        "must not be after the sheet's as_of of 2026-11-30",
    ),
    "no source": ('document = "terms"\n\n[rate]', "\n[rate]", "document must be given, as every number has its source"),
    "an unknown key": ("provider =", "providr =", "'providr' is no key of it (did you mean provider?)"),
    "another chain's coin": ('coin = "SOL"', 'coin = "ETH"', "coin: must be SOL on Solana, got 'ETH'"),
}


@pytest.mark.parametrize(("old", "new", "words"), SHEETS.values(), ids=SHEETS)
def test_a_sheet(tmp_path, old, new, words):
    file = tmp_path / "my-pool.toml"
    assert old in SHEET
    file.write_text(SHEET.replace(old, new), encoding="utf-8")
    with pytest.raises((InputError, TypeError)) as told:
        catalogue.check_sheet(file)
    sentence = str(told.value)
    assert sentence.startswith("'my-pool.toml': ")
    assert words in sentence
    assert "\n" not in sentence


FILES: dict[str, tuple[str, str | bytes | None, str]] = {
    "rates: none": ("rates", "", "'rates.toml': must hold a table for each product or coin; write [lido]"),
    "rates: one product by two names": (
        "rates",
        RATES + RATES.replace("lido-steth", "lido"),
        "[lido]: must name each product once; lido-steth has a rate already, by another of its names",
    ),
    "rates: no kind": ("rates", RATES.replace("{APR = 0.025}", "0.025"), "must be a rate with its kind, got 0.025"),
    "rates: per cent": ("rates", RATES.replace("0.025", "2.5"), 'got 2.5 (the document says "2.5 %"; write 0.025)'),
    "rates: unknown": ("rates", RATES.replace("lido-steth", "lidoo"), "no sheet 'lidoo' (near it: lido)"),
    "rates: a folder": ("rates", None, "'rates.toml': must be a regular file, not a directory, pipe or device"),
    "products: none": ("products", "", "'my.toml': must hold a table for each product; write [my-pool]"),
    "products: a term twice": (
        "products",
        MINE + "commission = 0.2\n",
        "(at line 4, column 17), got 'commission = 0.2' (each name may be given once)",
    ),
    "products: a term twice, at the end": (
        "products",
        MINE + "commission = 0.2",
        "Cannot overwrite a value (at end of document), got 'commission = 0.2' (each name may be given once)",
    ),
    "products: per cent": ("products", MINE.replace("0.1", "10"), "[0, 1], got 10 (percent? write 0.10)"),
    "products: locked without days": (
        "products",
        EARN + 'early_redemption = "refused"\n',
        "must be 'free' without term_days",
    ),
    "products: tiers out of order": (
        "products",
        EARN + "posted_rate = {rates = [{APR = 0.05}, {APR = 0.02}, {APR = 0.01}], up_to = [100, 10]}\n",
        "Tiers.up_to[1]: must be above the end of the tier before it, 100, got 10 (from low to high)",
    ),
    "products: no kind of rate": ("products", EARN + "posted_rate = 0.03\n", "must be a rate; write {APR = 0.03}"),
    "products: a negative wait": ("products", MINE + "unbonding_days = -1\n", "unbonding_days: must be in [0, 1e+15]"),
    "products: another encoding": (
        "products",
        f"# \xe9\n{MINE}".encode("latin-1"),
        "must be UTF-8, got 0xe9 at byte 2",
    ),
    "prices: none": ("prices", "", "eth.csv: must hold a header and rows, got an empty file"),
    "prices: a word": (
        "prices",
        PRICES.replace("05,3000", "05,high"),
        "line 6, column 'close': must be a finite number",
    ),
    "prices: separators": ("prices", PRICES.replace("3000", '"3,000"'), "(write 1234.56, without separators or units)"),
    "prices: UTF-16": ("prices", PRICES.encode("utf-16"), "got a UTF-16 byte-order mark at byte 0 (save as CSV UTF-8)"),
    "prices: a folder": ("prices", None, "eth.csv: must be a CSV file, got a directory"),
}
OPTIONS = {
    "rates": ("rates.toml", ("--products", "lido", "--rates")),
    "products": ("my.toml", ("--products",)),
    "prices": ("eth.csv", ("--history",)),
}


@pytest.mark.parametrize(("kind", "text", "words"), FILES.values(), ids=FILES)
def test_a_file_of_the_command_line(tmp_path, capsys, kind, text, words):
    name, options = OPTIONS[kind]
    file = tmp_path / name
    if text is None:
        file.mkdir()
    else:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    given = f"Price:ETH={file}" if kind == "prices" else str(file)
    assert main(["compare", *SHORT, *options, given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"stakingmodels: error: .*\n", err)
    assert words in err
    assert name in err


@pytest.mark.parametrize("text", [SHEET, f"\ufeff{SHEET}"], ids=["plain", "with a byte-order mark"])
def test_a_good_sheet_is_no_bad_file(tmp_path, text):
    file = tmp_path / "my-pool.toml"
    file.write_text(text, encoding="utf-8")
    catalogue.check_sheet(file)


LINES = {
    "compare --coin ETH": "'--coin': unknown option (did you mean --coins?)",
    "compare --product lido": "'--product': unknown option (did you mean --products?)",
    "comparee": "invalid choice: 'comparee'",
    "compare --format cvs": "(did you mean csv?)",
    "compare --coins=": "--coins: must be 1 to 60 names with commas between them, got '' (write ETH,SOL)",
    "compare --coins eth,ETH": "--coins: must name each once, got 'eth'",
    "compare --products lido,Lido": "--products: must name each once, got 'lido'",
    "compare --products lidoo": "catalogue: there is no sheet 'lidoo' (near it: lido)",
    "compare --coins XYZ": "--coins: must be one of ADA, ATOM",
    "compare --coins ETH --products p.toml": "--coins: does not go with a file of products",
    "compare --rates x.toml": "--rates: only goes with --coins, or with names of the catalogue in --products",
    "compare --days -5": "--days: must be an integer in [1, 100000]; the limit is 1, got -5",
    "compare --days five": "--days: must be a whole number, got 'five'",
    "compare --capital 100,000": "got '100,000' (write 100000, or coins such as 0.5ETH, without separators)",
    "compare --capital nan": "--capital: must be a number, got 'nan'",
    "compare --lang de": "--lang: invalid choice: 'de' (choose from 'en', 'zh-TW')",
    "compare --width 20": "--width: must be at least 80 columns, got 20",
    "catalogue lido --coin ETH": "a name does not go with --coin or --with",
    "catalogue --with opensource": "(did you mean 'open_source'?)",
    "catalogue --as-of 01/02/2026": "--as-of: must be a date in ISO 8601, got '01/02/2026' (write 2026-01-31)",
}


@pytest.mark.parametrize("line", LINES)
def test_a_bad_line(capsys, monkeypatch, line):
    """And before anything is run."""
    monkeypatch.setattr("stakingmodels.cli.compare.simulate", None)
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(r"stakingmodels: error: .*\n", err)
    assert LINES[line] in err
