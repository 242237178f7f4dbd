"""The vectors are up to date, hold to their schema, agree with formulas of their own, and find rounding faults."""

import copy
import json
import math
import re
import shutil
import subprocess
import types

import jsonschema
import pytest

from tests.vectors import __main__ as command
from tests.vectors import files, formulas
from tests.vectors.formulas import FORMULAS
from tests.vectors.products import RELATIVE
from tests.vectors.schema import schema

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not files.FOLDER.is_dir(), reason="the examples are not part of a source distribution")
TOPICS = [topic for topic in files.TOPICS if topic != "products"]
VECTORS = {vector.name: vector for topic in files.TOPICS.values() for vector in topic}
KEPT = {
    vector["name"]: vector for topic in files.TOPICS for vector in (files.kept(topic) or {"vectors": []})["vectors"]
}
SAMPLE = 10
"""One case of products in so many is asked again by the fast tests."""


@pytest.mark.parametrize("topic", TOPICS)
def test_a_file_is_up_to_date(topic):
    assert [*files.differences(files.document(topic), files.kept(topic))] == []


@pytest.mark.parametrize("vector", files.TOPICS["products"], ids=lambda vector: vector.name)
def test_some_cases_of_products_are_up_to_date(vector):
    cases = KEPT[vector.name]["cases"]
    assert len(cases) == vector.n_cases
    assert [n for n in range(0, vector.n_cases, SAMPLE) if files.far(vector.case(n), cases[n])] == []


@pytest.mark.slow
def test_everything_is_up_to_date(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["vectors", "--check"])
    assert command.main() == 0, capsys.readouterr().out


def test_the_schema_is_up_to_date():
    assert (files.FOLDER / files.SCHEMA_FILE).read_text(encoding="utf-8") == files.schema_text()


@pytest.mark.parametrize("topic", files.TOPICS)
def test_a_file_holds_to_the_schema(topic):
    document = files.kept(topic)
    jsonschema.Draft202012Validator(schema()).validate(document)
    for vector in document["vectors"]:
        for case in vector["cases"]:
            assert list(case["arguments"]) == list(vector["arguments"])
            if isinstance(vector["answers"], dict):
                assert list(case["expected"]) == list(vector["answers"])
            for kind, value in kinds(vector, case):
                assert FITS[kind](value), (vector["name"], value)


FITS = {
    "integer": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, float),
    "flag": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
}


def kinds(vector, case):
    """Each kind with its value."""
    for name, kind in vector["arguments"].items():
        yield kind, case["arguments"][name]
    answers = vector["answers"]
    if isinstance(answers, str):
        answers, case = {"": answers}, case | {"expected": {"": case["expected"]}}
    for name, kind in answers.items():
        yield kind, case["expected"][name]


def change(document, *path, to):
    """A copy with one value changed."""
    copied = copy.deepcopy(document)
    at = copied
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = to
    return copied


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("schema",), 2),
        (("note",), "new"),
        (("vectors", 0, "cases"), []),
        (("vectors", 0, "name"), "Has Spaces"),
        (("vectors", 0, "answers"), "float"),
        (("vectors", 0, "cases", 0, "expected"), "1.5"),
        (("vectors", 0, "cases", 0, "expected"), "007"),
        (("vectors", 0, "cases", 0, "tolerance"), 0.0),
        (("vectors", 0, "cases", 0, "arguments", "height"), None),
    ],
)
def test_the_schema_refuses(path, to):
    broken = change(files.kept("bitcoin"), *path, to=to)
    assert not jsonschema.Draft202012Validator(schema()).is_valid(broken)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("vectors", 0, "cases", 3, "expected"), "1"),
        (("vectors", 0, "cases", 3, "arguments", "height"), "1"),
        (("vectors", 0, "about"), "otherwise"),
        (("vectors", 1, "name"), "bitcoin_minted"),
        (("topic",), "coins"),
    ],
)
def test_what_is_not_up_to_date_is_told(path, to):
    kept = files.kept("bitcoin")
    assert [*files.differences(kept, change(kept, *path, to=to))] != []
    assert [*files.differences(kept, change(kept, "stakingmodels", to="9.9.9"))] == []


def test_numbers_may_differ_by_the_tolerance():
    kept = files.kept("solana")
    path = ("vectors", 0, "cases", 2, "expected")
    case = kept["vectors"][0]["cases"][2]
    for share, told in ((0.9, 0), (1.1, 1)):
        moved = change(kept, *path, to=case["expected"] + share * case["tolerance"])
        assert len([*files.differences(kept, moved)]) == told


# Formulas of their own


def test_every_rule_of_a_protocol_has_a_formula():
    assert set(FORMULAS) == {vector.name for topic in TOPICS for vector in files.TOPICS[topic]}


def given(case):
    """The arguments of a case, whole numbers as such."""
    return {key: int(value) if isinstance(value, str) else value for key, value in case["arguments"].items()}


def is_met(name, case):
    """Whether a formula gives the whole numbers that are expected."""
    mine, expected = FORMULAS[name](given(case)), case["expected"]
    several = [*expected.values()] if isinstance(expected, dict) else [expected]
    return [str(each) for each in (mine if isinstance(mine, tuple) else (mine,))] == several


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_gives_the_same(name):
    for case in KEPT[name]["cases"]:
        if KEPT[name]["answers"] == "number":
            assert FORMULAS[name](given(case)) == pytest.approx(case["expected"], abs=case["tolerance"], rel=0.0)
        else:
            assert is_met(name, case), case


ROUNDED = ("lido_", "erc4626_", "uniswap_", "ethereum_flag", "aave_", "cosmos_next")


@pytest.mark.parametrize("name", [name for name in FORMULAS if name.startswith(ROUNDED)])
def test_cases_tell_roundings_apart(name, monkeypatch):
    others = {"floor": round, "ceil": round}  # to the nearest in place of down and up, and down in place of the nearest
    monkeypatch.setattr(formulas, "math", types.SimpleNamespace(**vars(math) | others))
    monkeypatch.setattr(formulas, "nearest_even", math.floor)
    cases = KEPT[name]["cases"]
    found = sum(not is_met(name, case) for case in cases)
    assert found >= 5, f"{found} of {len(cases)}"


def test_a_compounding_pool_without_waits_is_a_power():
    checked = 0
    for case in KEPT["quote_staking_pool"]["cases"]:
        terms, capital = case["arguments"]["product"], case["arguments"]["capital"]
        if not terms["compounding"] or any(terms[key] for key in ("buffer", "entry_days", "unbonding_days")):
            continue
        rate = case["arguments"]["market"]["values"]["StakingReward(ETH)"]["value"] / 365
        days = case["arguments"]["grid"]["exit"]
        bought = capital / (1.0 + terms["buy_fee"])
        net = bought * (1.0 + rate * (1.0 - terms["commission"])) ** days * (1.0 - terms["sell_fee"]) - capital
        assert case["expected"]["net"] == pytest.approx(net, abs=capital * RELATIVE, rel=0.0)
        checked += 1
    assert checked >= 8


@pytest.mark.parametrize("name", [name for name in VECTORS if name.startswith("quote_")])
def test_products_differ_from_case_to_case(name):
    cases = KEPT[name]["cases"]
    assert len({case["expected"]["net"] for case in cases}) == len(cases)
    earning = sum(case["expected"]["gross"] > 0.0 for case in cases)  # a few leave before they have begun to earn
    rare = {"quote_holding": 0.0, "quote_mining_machines": 0.6}  # machines are off where it does not pay
    assert earning >= rare.get(name, 0.9) * len(cases)


def test_there_are_a_few_hundred_cases_of_products_and_they_stay_small():
    assert sum(vector.n_cases for vector in files.TOPICS["products"]) >= 300
    assert sum(path.stat().st_size for path in files.FOLDER.iterdir()) < 450_000


# The runner


def run(module, *folder):
    """Exit code and output of the runner."""
    assert NODE is not None
    command = [NODE, files.FOLDER / "run.mjs", module, *folder]
    done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8", timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def scored(tmp_path):
    """Scores JavaScript; skips where there is no node."""
    if NODE is None:
        pytest.skip("node is not installed")

    def score(source):
        (tmp_path / "wallet.mjs").write_text(source, encoding="utf-8")
        return run(tmp_path / "wallet.mjs")

    return score


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_reference_passes():
    code, told = run(files.FOLDER / "reference.mjs")
    assert (code, told.splitlines()) == (
        0,
        [
            "bitcoin_block_subsidy: 24 of 24 passed",
            "erc4626_convert_to_assets: 24 of 24 passed",
            "quote_holding: 30 of 30 passed",
            f"78 passed, 0 failed; 3 of {len(VECTORS)} functions",
        ],
    )


PAGES = [files.FOLDER.parents[1] / page for page in ("docs/how-to/vectors.md", "docs/zh-TW/how-to/vectors.md")]


@pytest.mark.parametrize("page", PAGES, ids=["English", "Chinese"])
def test_the_pages_show_the_reference_a_fault_and_their_scores(page, tmp_path):
    if NODE is None:
        pytest.skip("node is not installed")
    text = page.read_text(encoding="utf-8")
    (right, wrong), shown = (
        re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for kind in ("js", "console")
    )
    assert right == (files.FOLDER / "reference.mjs").read_text(encoding="utf-8")
    (tmp_path / "number.mjs").write_text(wrong, encoding="utf-8")
    told = [run(module) for module in (files.FOLDER / "reference.mjs", tmp_path / "number.mjs")]
    assert [code for code, _ in told] == [0, 1]
    assert [each.partition("\n")[2] for each in shown] == [printed for _, printed in told]


@pytest.mark.parametrize("page", PAGES, ids=["English", "Chinese"])
def test_the_pages_list_every_function_with_its_file_and_the_number_of_cases(page):
    rows = re.findall(r"^\| `(\w+)\.json` \| (.*?) \| (\d+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {topic: ([*re.findall(r"`(\w+)`", names)], int(n)) for topic, names, n in rows}
    assert len(listed) == len(rows)
    assert listed == {
        topic: ([vector.name for vector in vectors], sum(vector.n_cases for vector in vectors))
        for topic, vectors in files.TOPICS.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=["English", "Chinese"])
def test_the_rival_of_the_pages_passes(page, monkeypatch, capsys):
    monkeypatch.chdir(files.FOLDER.parents[1])
    (source,) = re.findall(r"^```py\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(source, str(page), "exec"), {})  # noqa: S102  # of our own page
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) >= 8
    assert all(line.endswith(" passed") for line in printed)


NUMBERS = "Number(shares) * (Number(total_assets) + 1) / (Number(total_supply) + 10 ** Number(decimals_offset))"
FAULTS = {
    "numbers in place of BigInt": (f"BigInt(Math.floor({NUMBERS}))", "got"),
    "a number as the answer": (f"Math.floor({NUMBERS})", "which is no BigInt"),
    "to the nearest": ("(2n * shares * (total_assets + 1n) + supply) / (2n * supply)", "got"),
    "rounded up": ("(shares * (total_assets + 1n) + supply - 1n) / supply", "got"),
    "no virtual asset": ("shares * total_assets / supply", "got"),
    "an error": ("missing", "threw ReferenceError: missing is not defined"),
    "nothing": ("undefined", "got undefined, which is no BigInt"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_first_case(scored, fault):
    answer, words = FAULTS[fault]
    code, told = scored(
        "export function erc4626_convert_to_assets({ shares, total_assets, total_supply, decimals_offset }) {\n"
        f"  const supply = total_supply + 10n ** decimals_offset;\n  return {answer};\n}}\n"
    )
    assert code == 1
    first, case, why, last = told.splitlines()
    assert first.startswith("erc4626_convert_to_assets: ")
    assert not first.startswith("erc4626_convert_to_assets: 24 of")
    assert case.startswith("  first failure: case ")
    assert words in why
    assert last.endswith(f"failed; 1 of {len(VECTORS)} functions")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("{ voter: 0n, staker: 0n }", "expected "),
        ("{ voter: 0n }", "staker: expected 0n, got undefined, which is no BigInt"),
    ],
)
def test_each_of_several_answers_counts(scored, answer, words):
    code, told = scored(f"export const solana_commission_split = () => ({answer});\n")
    assert (code, words in told) == (1, True)


@pytest.mark.parametrize("answer", ["NaN", "'0'", "net + 0.001"])
def test_a_number_out_of_the_tolerance_fails(scored, answer):
    code, told = scored(
        "export const quote_holding = ({ product, capital }) => {\n"
        "  const net = capital / (1 + product.buy_fee) * (1 - product.sell_fee) - capital;\n"
        f"  return {{ gross: 0, net: {answer}, coins: 0 }};\n}};\n"
    )
    assert (code, "net: expected " in told) == (1, True)


def test_a_module_without_a_known_name_fails(scored):
    code, told = scored("export const bitcoin_subsidy = () => 0n;\n")
    assert (code, told.splitlines()[0]) == (1, "no vectors for: bitcoin_subsidy")


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_an_unknown_schema_and_a_missing_module_are_refused(tmp_path):
    (tmp_path / "new.json").write_text(json.dumps({"schema": 2, "vectors": []}), encoding="utf-8")
    told = run(files.FOLDER / "reference.mjs", tmp_path)
    assert told == (1, "new.json: schema 2 is unknown: update this runner\n")
    code, words = run(tmp_path / "nowhere.mjs")
    assert (code, "nowhere.mjs" in words) == (1, True)


HALF_DONE = {
    "a promise that nobody settles": "export const bitcoin_block_subsidy = () => new Promise(() => {});\n",
    "a module that ends the program": "export const bitcoin_block_subsidy = () => process.exit(0);\n",
}


@pytest.mark.parametrize("source", HALF_DONE.values(), ids=HALF_DONE)
def test_a_module_that_ends_before_all_is_scored_fails(scored, source):
    code, told = scored(source)
    assert (code, told.startswith("bitcoin_block_subsidy: node ended before all was scored: ")) == (1, True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("(() => { const ring = {}; ring.ring = ring; return ring; })()", "got a value of type object, which is no"),
        ("(() => { throw null; })()", "threw null"),
    ],
)
def test_an_answer_that_cannot_be_shown_fails_and_the_next_function_is_scored(scored, answer, words):
    code, told = scored(
        f"export const bitcoin_block_subsidy = () => {answer};\nexport const bitcoin_issued = () => 0n;\n"
    )
    assert (code, words in told, "bitcoin_issued: 0 of 24" in told) == (1, True, True)


def test_an_answer_that_throws_when_it_is_read_fails(scored):
    code, told = scored("export const quote_holding = () => ({ get gross() { throw new Error('late'); } });\n")
    assert (code, "threw Error: late" in told) == (1, True)


def test_the_name_of_a_vector_that_is_no_function_is_refused(scored):
    told = scored("export const bitcoin_block_subsidy = 5n;\n")
    assert told == (1, 'bitcoin_block_subsidy: must be a function, got "5n"\n')


NO_VECTORS: dict[str, tuple[str, str]] = {
    "no JSON": ("{", "is no JSON: "),
    "no object": ("null", "schema undefined is unknown"),
    "no vectors": ('{"schema": 1}', "vectors: has no cases, so nothing would be scored"),
    "no cases": (
        '{"schema": 1, "vectors": [{"name": "bitcoin_issued", "arguments": {}, "answers": "integer", "cases": []}]}',
        "bitcoin_issued: has no cases, so nothing would be scored",
    ),
}


@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("fault", NO_VECTORS)
def test_a_file_without_cases_is_refused_by_name(tmp_path, fault):
    text, words = NO_VECTORS[fault]
    (tmp_path / "own.json").write_text(text, encoding="utf-8")
    code, told = run(files.FOLDER / "reference.mjs", tmp_path)
    assert (code, told.startswith(f"own.json: {words}")) == (1, True)
