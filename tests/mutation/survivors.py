"""Which faults are said to be ones that nobody can notice, and whether they are still there."""

import tomllib
from pathlib import Path
from typing import Any

from tests.mutation.forked import faults_of
from tests.mutation.rooms import PACKAGE

FILE = Path(__file__).with_name("survivors.toml")


def excused() -> dict[Any, str]:
    """Reasons of the faults that nobody can notice."""
    return {_key(each): each["reason"] for each in _entries()}


def unknown() -> list[Any]:
    """Entries whose fault no longer exists or is there twice: its line, its function or its file has changed."""
    entries = [_key(each) for each in _entries()]
    known = {key for path in {each[0] for each in entries} for key in faults_of(PACKAGE / path)}
    return [key for key in {*entries} if key not in known or entries.count(key) > 1]


def _entries() -> list[dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["equivalent"]


def _key(each: dict[str, Any]) -> tuple[str, str, str, str, int]:
    return each["path"], each["function"], each["line"], each["change"], each.get("nth", 1)
