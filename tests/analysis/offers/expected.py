"""Offers with the grade that a check of them has to give, and why, written down before the check."""

import tomllib
from pathlib import Path
from typing import Any

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))[
    "case"
]
GRADES = ("impossible", "only if", "possible", "untestable")
