"""What all tests share: the folder of real data, how hypothesis runs, and the command-line options."""

import os
from collections.abc import Iterable
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


class Few:
    """Of the cases of a test that is marked `few`, those that are slow."""

    @staticmethod
    @pytest.hookimpl(tryfirst=True)  # before the slow ones are left out
    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        for family in families(item for item in items if item.get_closest_marker("few")):
            marker = family[0].get_closest_marker("few")
            assert marker is not None
            kept = spread(family, *marker.args)
            for item in family:
                if item not in kept:
                    item.add_marker("slow")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Few())


@pytest.hookimpl(trylast=True)  # after the slow ones were left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    most = config.getoption("--cases")
    if most is None:
        return
    kept = {item for family in families(items) for item in spread(family, most)}
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


def families(items: Iterable[pytest.Item]) -> list[list[pytest.Item]]:
    """Cases of each test."""
    found: dict[str, list[pytest.Item]] = {}
    for item in items:
        found.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [*found.values()]


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
