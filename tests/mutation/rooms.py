"""The rooms that are tried, and the tests that are meant to hold each."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "stakingmodels"
ROOMS = {
    "rates": ("rates.py", ["tests/test_rates.py"]),
    "ledger": (
        "ledger",
        [
            "tests/ledger",
            "tests/test_frames.py",
            "tests/test_labels.py",
            "tests/test_display.py",  # words and tables too
            "tests/oracles",  # simulators by hand
        ],
    ),
    "measures": ("measures", ["tests/measures"]),
    "protocols": ("protocols", ["tests/protocols", "tests/golden"]),
    "products": ("products", ["tests/products", "tests/oracles"]),
    "market": ("market", ["tests/market"]),
    "engine": ("engine", ["tests/engine"]),
}
"""Files under the package, and tests; the examples in the docstrings of the room are tests of it, too."""


def sources(room: str) -> list[Path]:
    """Every file of a room."""
    where = PACKAGE / ROOMS[room][0]
    return [where] if where.is_file() else sorted(where.rglob("*.py"))


def tests(room: str) -> list[str]:
    """What pytest is given."""
    inside, own = ROOMS[room]
    return [f"stakingmodels/{inside}", *own]
