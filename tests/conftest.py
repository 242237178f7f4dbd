"""What all tests share: the folder of real data, how hypothesis runs, and the command-line options."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import network

# The same examples each time that the same modules are imported, so that a failure is of the code and not of the day;
# `random` looks further, and twice as long. `brief` tries half of them, where the others were tried beside it: under
# one more Python.
SLOW = (HealthCheck.too_slow,)  # no test depends on how busy the machine is
settings.register_profile(
    "same", deadline=None, derandomize=True, print_blob=True, suppress_health_check=SLOW, max_examples=50
)
settings.register_profile("brief", settings.get_profile("same"), max_examples=25)
settings.register_profile("random", deadline=None, print_blob=True, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

network.guard()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-public-api",
        action="store_true",
        help="write the public names and signatures to tests/public_api.txt instead of comparing them",
    )
    parser.addoption(
        "--cases",
        type=int,
        metavar="N",
        help="of the cases of each parametrised test run N, evenly spaced (all if there are no more): every test runs",
    )


@pytest.hookimpl(trylast=True)  # after the slow ones were left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    most = config.getoption("--cases")
    if most is None:
        return
    families: dict[str, list[pytest.Item]] = {}
    for item in items:
        families.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {item for family in families.values() for item in spread(family, most)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def spread(family: list[pytest.Item], most: int) -> list[pytest.Item]:
    """So many of a family, evenly spaced, first and last among them."""
    if len(family) <= most:
        return family
    return [family[round(place * (len(family) - 1) / max(most - 1, 1))] for place in range(most)]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder that holds data/ and vectors/: $STAKINGMODELS_SHARED, or shared/ beside the checkout."""
    chosen = os.environ.get("STAKINGMODELS_SHARED")
    if chosen and not Path(chosen).is_dir():
        pytest.fail(f"STAKINGMODELS_SHARED: must be a folder, got {chosen!r}")
    path = Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "shared"
    if not path.is_dir():
        pytest.skip(f"no shared data: {path} does not exist and STAKINGMODELS_SHARED is not set")
    return path


@pytest.fixture
def ten_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of ten rows, so that a short grid has several."""
    monkeypatch.setattr("stakingmodels.market.chunking.drawn_rows", lambda _: 10)
