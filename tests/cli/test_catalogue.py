"""``stakingmodels catalogue``, and ``compare`` with names and coins of the catalogue."""

import json

import pytest

from stakingmodels import TimeGrid, catalogue, compare, scenarios, simulate
from stakingmodels.cli import main
from stakingmodels.wrapping import width
from tests.own_sheet import HEAD

pytestmark = pytest.mark.once

FAST = ("compare", "--paths", "20", "--days", "30")


@pytest.fixture
def run(capsys):
    def call(*words):
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_the_list_and_one_sheet(run):
    code, out, err = run("catalogue")
    assert (code, err) == (0, "")
    assert out.startswith(f"Catalogue: {len(catalogue.sheets())} real products")
    code, out, _ = run("catalogue", "lido")
    assert code == 0
    assert "10 % of rewards" in out
    assert "attributes not known: self_custody" in out


def test_the_list_by_coin_and_attribute(run):
    _, out, _ = run(
        "catalogue", "--coin", "eth", "--with", "trustless", "--with", "liquidity_token", "--format", "json"
    )
    assert [row["sheet"] for row in json.loads(out)] == ["rocket-pool-reth"]
    _, out, _ = run("catalogue", "jito", "--format", "json")
    assert json.loads(out)["terms"]["protocol_fee"]["said"] == "4 % of all rewards"


def test_old_documents_are_told_on_a_day_that_is_given(run):
    assert "!" not in run("catalogue")[1]
    assert "2023-05 !" in run("catalogue", "--as-of", "2026-12-02")[1]
    assert "more than a year old: commission" in run("catalogue", "kiln", "--as-of", "2026-12-02")[1]


def test_products_by_name(run):
    code, out, err = run(*FAST, "--products", "lido,rocket-pool,coinbase,binance-earn,solo")
    assert (code, err) == (0, "")
    assert "binance-earn  ETH   not run, since not known: rate, fee" in out
    for name in ("lido ", "rocket-pool ", "coinbase ", "solo "):
        n_tables = 4 if name == "lido " else 3  # the comparison, what is published, what a record says, attributes
        assert out.count(f"\n{name}") == n_tables
    _, out, _ = run(*FAST, "--products", "lido,binance-earn", "--format", "json")
    rows = json.loads(out)["rows"]
    assert [row["product"] for row in rows] == ["hold ETH", "lido", "cash", "binance-earn"]


def test_all_products_by_name(run):
    """More names than a file's name may be long: those that lack something are told, the others run."""
    sheets = catalogue.sheets()
    code, out, err = run("compare", "--paths", "8", "--products", ",".join(sheets))
    assert (code, err) == (0, "")
    assert out.count("not run, since not known") >= 2 * sum(bool(sheet.missing) for sheet in sheets.values())
    assert all(f"\n{key} " in out for key in sheets)


OWN = (
    HEAD
    + """
[terms.unbonding_days]
value = 3
said = "3 days"
document = "terms"
"""
)


def test_a_sheet_of_ones_own_is_shown_and_compared(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-pool.toml").write_text(OWN)
    assert run("catalogue", "my-pool.toml")[1].startswith("my-pool: My pool, SOL")
    for given in ("my-pool.toml", "my-pool.toml,sol", f"sol,{tmp_path / 'my-pool.toml'}"):
        code, out, err = run(*FAST, "--products", given)
        assert (code, err) == (0, "")
        assert out.count("\nmy-pool ") == 3
        assert ("\nsol " in out) is ("sol" in given.split(","))
    code, _, err = run(*FAST, "--products", f"my-pool.toml,{tmp_path / 'my-pool.toml'}")
    assert (code, "must name each row once, got two of the name my-pool" in err) == (2, True)
    (tmp_path / "my-pool.toml").write_text(OWN.replace('document = "terms"', "", 1))
    code, _, err = run(*FAST, "--products", "my-pool.toml,sol")
    assert (code, "[terms.commission]: document must be given" in err) == (2, True)
    (tmp_path / "mine.toml").write_text('[mine]\nkind = "StakingPool"\nasset = "ETH"\n')
    code, out, _ = run(*FAST, "--products", "mine.toml", "--format", "json")  # a file of products stays one
    names = {row["product"] for row in json.loads(out)["rows"]}
    assert (code, {"mine", "staking pool"} <= names) == (0, True)


def test_a_folder_of_the_same_name_is_no_file_of_products(run, tmp_path, monkeypatch):
    (tmp_path / "lido").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("compare", "--products", "lido", "--paths", "20", "--days", "30")
    assert (code, "lido" in out) == (0, True)


def test_coins_by_their_own_way_to_stake(run):
    code, out, err = run(*FAST, "--coins", "ETH,SOL,atom,ADA,DOT,AVAX")
    assert (code, err) == (0, "")
    for name in ("solo-validator", "sol-delegation", "atom-delegation", "ada-delegation", "dot-nomination"):
        assert f"\n{name}" in out
    assert "no price scenario" not in out
    assert "19.35% APR by the chain's rule" in out
    out = run(*FAST, "--coins", "ADA")[1]
    assert "\nADA               0.3565 " in out  # its opening price
    assert "reward of SOL" not in out


def test_a_loss_of_days_told_as_that_of_a_year_may_be_above_all(run):
    code, out, err = run("compare", "--paths", "20", "--days", "1", "--settlement-days", "0", "--products", "solo,jito")
    assert (code, err) == (0, "")
    assert "real" in out


def test_both_together_in_chinese(run):
    code, out, _ = run(*FAST, "--products", "jito,binance-earn", "--coins", "SOL", "--lang", "zh-TW")
    assert code == 0
    assert "未執行，因為未知：利率、費用" in out
    assert "每年增加的幣" in out


def test_rates_of_the_day(run, tmp_path):
    file = tmp_path / "rates.toml"
    file.write_text(
        '[binance-earn]\nvalue = {APR = 0.01}\nbasis = "net"\nsaid = "1 %"\ntitle = "b"\n'
        'url = "https://example.org"\nread = "2026-12-01"\n'
    )
    code, out, _ = run(*FAST, "--products", "binance-earn", "--rates", str(file))
    assert code == 0
    assert "+1.00%" in out
    assert "2026-12-01" in out


def test_a_rate_of_the_day_takes_the_place_of_the_rules(run, tmp_path):
    file = tmp_path / "rates.toml"
    file.write_text(
        '[ADA]\nvalue = {APR = 0.05}\nbasis = "gross"\nsaid = "5 %"\ntitle = "pool"\n'
        'url = "https://example.org"\nread = "2026-12-01"\n'
    )
    code, out, _ = run(*FAST, "--coins", "ADA,DOT", "--rates", str(file))
    assert code == 0
    assert "reward of ADA: 5.00% APR by pool, 2026-12-01" in out
    assert "reward of ADA: 2.28%" not in out
    assert "reward of DOT: 3.15% APR by the chain's rule" in out


def test_recorded_prices_take_the_place_of_prices_that_stand_still(run, tmp_path):
    file = tmp_path / "atom.csv"
    days = (f"2025-01-{day:02}" for day in range(1, 32))
    file.write_text("date,close\n" + "".join(f"{day},{10 + number % 3}\n" for number, day in enumerate(days)))
    line = ("--history", f"Price:ATOM={file}", "--days", "20", "--settlement-days", "5", "--format", "json")
    code, out, _ = run("compare", "--coins", "ATOM,SOL", *line)
    assert code == 0
    rows = {row["product"]: row for row in json.loads(out)["rows"]}
    assert rows["atom-delegation"]["return_mean"] != rows["atom-delegation"]["net_coin_return"]
    assert rows["sol-delegation"]["skipped"] == "needs --history Price:SOL=FILE"


REFUSED = {
    "unknown name": (("--products", "lidoo"), "catalogue: there is no sheet 'lidoo' (near it: lido"),
    "unknown coin": (("--coins", "DOGE"), "--coins: must be one of"),
    "nothing runs": (
        ("--products", "binance-earn"),
        "none of the products can be run, since not all is known of them: binance-earn (rate and fee)",
    ),
    "twice": (("--products", "lido,lido"), "--products: must name each once, got 'lido'"),
    "an empty name": (("--products", "lido,"), "--products: must be 1 to 60 names"),
    "rates alone": (("--rates", "rates.toml"), "--rates: only goes with"),
    "a file and coins": (("--products", "my.toml", "--coins", "SOL"), "--coins: does not go with a file"),
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_bad_choice_is_told_in_one_sentence(run, words, sentence):
    code, out, err = run("compare", *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing-like-it",), "there is no sheet 'nothing-like-it'"),
        (("--coin", "DOGE"), "--coin: must be one of ADA"),
        (("--with", "green"), "--with: must be one of open_source"),
        (("--as-of", "tomorrow"), "--as-of: must be a date in ISO 8601"),
        (("lido", "--coin", "ETH"), "a name does not go with --coin"),
    ],
)
def test_a_bad_line_of_the_catalogue_is_told_in_one_sentence(run, words, sentence):
    code, _, err = run("catalogue", *words)
    assert code == 2
    assert sentence in err


NINE = "lido,rocket-pool,coinbase,solo,okx-beth,p2p-eth,kiln-eth,sensei-eth,stakefish-eth,etherfi-weeth,renzo-ezeth"


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_rows_asked_for_by_name_are_all_shown(run, language):
    code, out, _ = run("compare", "--products", NINE, "--paths", "50", "--lang", language)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line.startswith(tuple(NINE.split(",")))][:11] == NINE.split(
        ","
    )
    assert "more\n" not in out.partition("\n\n")[0]


@pytest.mark.parametrize(("language", "reason"), [("en", "more ETH is staked since"), ("zh-TW", "質押的 ETH 增加")])
def test_a_gap_has_its_reason(run, language, reason):
    _, out, _ = run("compare", "--products", "rocket-pool,lido", "--paths", "50", "--lang", language)
    assert reason in out
    assert out.count("rocket-pool", out.index(reason) - 60) >= 1


def test_a_rate_of_the_day_has_no_reason_of_another_rate(run, tmp_path):
    file = tmp_path / "rates.toml"
    file.write_text(
        '[rocket-pool]\nvalue = {APR = 0.02}\nbasis = "net"\nsaid = "2 %"\ntitle = "t"\n'
        'url = "https://example.org"\nread = "2026-12-01"\n',
        encoding="utf-8",
    )
    _, out, _ = run("compare", "--products", "rocket-pool", "--paths", "50", "--rates", str(file))
    assert "2026-12-01" in out
    assert "gap of" not in out


def test_every_row_with_a_gap_has_a_reason():
    sheets = {key: sheet for key, sheet in catalogue.sheets().items() if not sheet.missing and sheet.published}
    world = catalogue.world(sheets.values(), scenarios.reference(coins=scenarios.REFERENCE_COINS))
    grid = TimeGrid.daily("2026-01-01", days=30, settlement_days=60)
    run = simulate({k: s.product() for k, s in sheets.items()}, world, grid, capital=1e5, n_paths=10, rng=1)
    found = catalogue.beside(compare(run), sheets)
    with_gap = {each["row"] for each in found.records() if each["gap"] is not None and abs(each["gap"]) >= 0.5e-4}
    assert {str(note.values["row"]) for note in found.reasons()} == with_gap
    assert len(with_gap) > 5


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "halts: effect wind-up, date 2026-03-01, share of the coins returned 0.9"),
        ("zh-TW", "停止事件：效果 wind-up、日期 2026-03-01、退還代幣的比例 0.9"),
    ],
)
def test_terms_within_terms_are_readable(run, tmp_path, language, said):
    file = tmp_path / "own.toml"
    file.write_text(
        """["ended pool"]
kind = "StakingPool"
halts = [{effect = "wind-up", on = "2026-03-01", returned = 0.9}]
payout = {every_days = 7.0, to = "holder"}
entry = {minimum_deposit = 0.1}
""",
        encoding="utf-8",
    )
    code, out, err = run("products", "ended pool", "--products", str(file), "--lang", language)
    assert (code, err) == (0, "")
    assert said in out
    assert not any(word in out for word in ("Halt(", "Payout(", "Entry(", "Failure(", "EntryWait("))


ASKED = (
    ("compare", "--products", "lido,rocket-pool,coinbase,binance-earn,solo", "--paths", "20"),
    ("compare", "--coins", "ETH,SOL,ATOM,ADA,DOT,AVAX", "--paths", "20"),
    ("catalogue",),
    ("catalogue", "lido"),
)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("words", ASKED, ids=lambda words: words[-1] if words[0] == "catalogue" else words[1])
def test_lines_fit_a_hundred_columns_or_the_terminal(run, monkeypatch, words, language):
    """A Chinese letter takes two columns."""
    lines = []
    for columns in (None, 80, 120, 200):
        monkeypatch.setattr("stakingmodels.cli.width.terminal_columns", lambda columns=columns: columns)
        code, out, err = run(*words, "--lang", language)
        assert (code, err) == (0, "")
        assert max(map(width, out.splitlines())) <= (columns or 100)
        lines.append(len(out.splitlines()))
    assert lines[1] >= lines[0] >= lines[2] >= lines[3]


def test_tables_below_a_comparison_have_its_width_too(run):
    narrow, wide = (run(*ASKED[0], "--width", columns)[1].splitlines() for columns in ("80", "140"))
    assert max(map(width, narrow)) <= 80 < max(map(width, wide)) <= 140


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_sheet_fits_a_hundred_columns(language):
    for key, sheet in catalogue.sheets().items():
        assert max(map(width, sheet.to_text(language=language).splitlines())) <= 100, key


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_price_views_below_a_comparison_have_its_width(run, language):
    words = ("compare", "--days", "30", "--paths", "20", "--if=-50%", "--width", "80", "--lang", language)
    assert max(map(width, run(*words)[1].splitlines())) <= 80
