"""`assumption_set`: the shipped sets are those of the code and stay; files of users are read strictly."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import stakingmodels
from stakingmodels.assumptions import NAMES, NEWEST, assumption_set
from stakingmodels.assumptions.known import KINDS
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.products import Product, reference, terms_of
from stakingmodels.products.parts import assumed_keys
from stakingmodels.scenarios import reference as world
from stakingmodels.tomlfiles import BYTES_LIMIT

FOLDER = Path(stakingmodels.__path__[0]) / "assumptions" / "sets"
OURS = assumption_set()


def test_the_newest_set_is_that_of_the_code():
    found = {key: number for key, number in OURS.numbers.items() if not key.startswith("world.")}
    assert found == assumed_keys.NUMBERS
    assert list(found) == list(assumed_keys.NUMBERS)
    assert (OURS.name, NEWEST) == (NAMES[-1], NAMES[-1])


def test_the_files_are_the_names():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(NAMES)
    assert all(assumption_set(name).name == name for name in NAMES)
    assert all((FOLDER / f"{name}.toml").read_text("utf-8") == assumption_set(name).to_toml() for name in NAMES)


def test_every_number_of_the_newest_set_is_known_and_the_other_way_round():
    assert set(OURS.numbers) == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_set_makes_the_compared_products(name):
    assert len(reference(assumptions=name)) == 8


def test_a_set_is_found_by_name_by_path_and_by_itself(tmp_path):
    assert assumption_set(OURS) is OURS
    assert assumption_set("2026.11") is assumption_set()
    path = tmp_path / "mine.toml"
    path.write_text(OURS.changed("mine", {"exploit.hazard": 0.02}).to_toml(), encoding="utf-8")
    mine = assumption_set(path)
    assert (mine.name, mine["exploit.hazard"].base) == ("mine", 0.02)
    assert assumption_set(str(path)) == mine == OURS.changed("mine", {"exploit.hazard": 0.02})


ONE = """
[exploit.hazard]
low = 0.002
base = 0.02
high = 0.05
worse = "high"
basis = "assumed"
evidence = "our reading"
source = "us"
date = "2026-12"
"""


def written(
    tmp_path: Path, text: str, head: str = 'name = "mine"\ndate = "2026-12-01"\nbased_on = "2026.11"\n'
) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(head + text, encoding="utf-8")
    return path


def test_a_file_may_hold_only_what_differs(tmp_path):
    mine = assumption_set(written(tmp_path, ONE))
    assert {key for key in mine.numbers if mine[key] != OURS[key]} == {"exploit.hazard"}
    assert (mine["exploit.hazard"].base, mine["exploit.hazard"].evidence) == (0.02, "our reading")
    assert list(mine.numbers) == list(OURS.numbers)


BAD = {
    "a range upside down": (
        ONE.replace("0.002", "0.5"),
        r"mine\.toml': \[exploit\.hazard\]: low: must not be above high",
    ),
    "a base outside": (
        ONE.replace("base = 0.02", "base = 0.2"),
        r"\[exploit\.hazard\]: base: must be in \[0\.002, 0\.05\]",
    ),
    "NaN": (ONE.replace("0.002", "nan"), r"\[exploit\.hazard\]: low: must be finite, got nan"),
    "infinite": (ONE.replace("0.05", "inf"), r"\[exploit\.hazard\]: high: must be finite, got inf"),
    "text for a number": (
        ONE.replace("0.002", '"0.002"'),
        r"\[exploit\.hazard\]: low: must be a number, got str '0\.002'",
    ),
    "a truth value": (ONE.replace("0.002", "true"), r"\[exploit\.hazard\]: low: must be a number, not a bool"),
    "a number for a text": (
        ONE.replace('"us"', "7"),
        r"\[exploit\.hazard\]: source: must be a text \(str\), got int 7",
    ),
    "a list": (ONE.replace('"us"', '["us"]'), r"\[exploit\.hazard\]: source: must be a text \(str\), got list"),
    "an unknown field": (
        ONE.replace("base =", "bass ="),
        r"\[exploit\.hazard\]: 'bass' is no field of an assumption \(did you",
    ),
    "a missing field": (ONE.replace('worse = "high"\n', ""), r"\[exploit\.hazard\]: worse must be given$"),
    "an unknown number": (
        ONE.replace("exploit.hazard", "exploit.hasard"),
        r"\[exploit\.hasard\] is no number of an assumption set \(did you mean exploit\.hazard",
    ),
    "an unknown end": (
        ONE.replace('"high"', '"up"'),
        r"\[exploit\.hazard\]: worse: must be one of 'low', 'high', got 'up'",
    ),
    "a value out of bounds": (
        ONE.replace("0.05", "2000.0"),
        r"numbers: exploit\.hazard: high: too large: must be in \[0, ",
    ),
    "a value at the top": ("uptime = 0.9\n", r"'uptime' is no table of a number; write \[exploit\.hazard\]"),
    "no TOML": ("[exploit", r"mine\.toml': must be TOML: "),
    "a key twice": (ONE + ONE, r"mine\.toml': must be TOML: "),
    "deep": ("[" + ".".join("abcdefgh") + "]\nlow = 1\n", r"must not be nested so deeply"),
    "a long line": ("# " + "x" * 1_000, r"line 4 must be at most 1000 characters long"),
    "too large": ("#\n" * (BYTES_LIMIT // 2), r"must be at most 1000000 bytes \(1 MB\)"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_is_told_in_a_sentence(tmp_path, text, message):
    with pytest.raises((InputError, InputTypeError), match=message) as caught:
        assumption_set(written(tmp_path, text))
    assert str(caught.value).startswith("'mine.toml': ")
    assert "\n" not in str(caught.value)


HEADS = {
    "no name": ('date = "2026-12-01"\n', r'name must be given as a text; write name = "\.\.\."'),
    "a date of TOML": ('name = "mine"\ndate = 2026-12-01\n', r'date must be given as a text; write date = "\.\.\."'),
    "no day": ('name = "mine"\ndate = "soon"\n', r"date: must be a day such as 2026-11-30, got 'soon'"),
    "all numbers": ('name = "mine"\ndate = "2026-12-01"\n', r'\[entry_days\] must be given, or based_on = "2026\.11"'),
    "an unknown set": (
        'name = "mine"\ndate = "2026-12-01"\nbased_on = "2020.01"\n',
        r"based_on: must be one of 2026\.11, got '2020\.01'",
    ),
}


@pytest.mark.parametrize(("head", "message"), HEADS.values(), ids=HEADS)
def test_a_bad_head_is_told_in_a_sentence(tmp_path, head, message):
    with pytest.raises(InputError, match=rf"^'mine\.toml': {message}"):
        assumption_set(written(tmp_path, ONE, head))


def test_an_empty_file_says_what_to_write(tmp_path):
    with pytest.raises(
        InputError, match=r"^'mine\.toml': must hold a table for each number; write \[exploit\.hazard\]"
    ):
        assumption_set(written(tmp_path, "", 'name = "mine"\ndate = "2026-12-01"\n'))


def test_what_is_no_file_is_not_opened(tmp_path):
    with pytest.raises(InputError, match=r"^'none\.toml': cannot be read: no such file or directory$"):
        assumption_set(tmp_path / "none.toml")
    with pytest.raises(InputError, match=r"must be a regular file"):
        assumption_set(tmp_path)
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match=r"^'pipe\.toml': must be a regular file, not a directory, pipe or device$"):
        assumption_set(pipe)


def test_an_unknown_name_is_told_the_known_and_the_nearest():
    message = (
        r"^assumption_set: which: must be one of 2026\.11, or a file, got '2026\.12' "
        r"\(did you mean '2026\.11'\? a file's path ends in \.toml\)$"
    )
    with pytest.raises(UnknownNameError, match=message):
        assumption_set("2026.12")
    with pytest.raises(
        InputTypeError, match=r"^assumption_set: which: must be a name such as '2026\.11', a path or a s"
    ):
        assumption_set(2026.11)  # type: ignore[arg-type]


def written_out(products: Mapping[str, Product]) -> dict[str, Any]:
    """All terms, hazards too, which make no events different."""
    return {name: terms_of(product) for name, product in products.items()}


def test_every_number_of_a_set_reaches_the_products():
    """A changed number changes a product, but for waits that the market draws."""
    base = written_out(reference())
    for key, number in OURS.numbers.items():
        if key.startswith("world.") or key in ("entry_days", "exit_days"):
            continue
        moved = attrs.evolve(
            number, low=number.base / 2.0, base=number.base / 2.0, high=number.high,
            n_events=None, exposure_years=None, trials=None,
        )  # fmt: skip
        changed = written_out(reference(assumptions=OURS.changed("half", {key: moved})))
        assert changed != base, key


def test_a_file_of_december_2026_is_read_as_it_was_then():
    """Kept as it was written: a later version must read it to the same content, and run it."""
    kept = assumption_set(Path(__file__).with_name("kept.toml"))
    assert kept.digest == "f7f0eef654bcc6ace54b4f459fe0c6ddd35283760070b3c6b709d37eb9e29851"
    assert len(reference(assumptions=kept)) == 8
    assert world(assumptions=kept).assumption_set == kept.label


def test_a_file_may_not_have_the_name_of_a_shipped_set_with_other_content(tmp_path):
    head = 'name = "2026.11"\ndate = "2026-12-01"\nbased_on = "2026.11"\n'
    with pytest.raises(InputError, match=r"name: must not be that of a shipped set with other content.*rename it"):
        assumption_set(written(tmp_path, ONE, head))
    same = tmp_path / "same.toml"
    same.write_text(OURS.to_toml(), encoding="utf-8")
    assert assumption_set(same) == OURS
