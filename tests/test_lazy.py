"""Importing the library costs next to nothing; its rooms and names come when they are used, and complete by tab."""

import importlib
import re
import subprocess
import sys

import pytest

import stakingmodels as sm

ROOMS = (
    *(
        "analysis",
        "assumptions",
        "checks",
        "engine",
        "errors",
        "extend",
        "ledger",
        "market",
        "measures",
        "plotting",
        "products",
        "protocols",
        "ratecard",
        "rates",
        "report",
    ),
    *("scenarios", "terms", "testing"),
)
MODULES = 4
"""As many modules as an import may load that Python has not loaded by itself."""


def fresh(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_importing_the_library_loads_next_to_nothing():
    code = "import sys; before = {*sys.modules}; import stakingmodels; print(*sorted({*sys.modules} - before))"
    loaded = fresh(code).split()
    assert {"stakingmodels", "stakingmodels._lazy"} <= {*loaded}
    assert not {"numpy", "attr", "attrs", "typing", "re"}.intersection(loaded)
    assert len([name for name in loaded if not name.startswith(("importlib", "warnings"))]) <= MODULES


def test_listing_the_names_loads_none_of_them():
    assert fresh("import sys, stakingmodels; dir(stakingmodels); print('numpy' in sys.modules)") == "False\n"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_an_attribute_after_the_import(room):
    assert fresh(f"import stakingmodels as sm; print(sm.{room}.__name__)") == f"stakingmodels.{room}\n"


@pytest.mark.parametrize(
    "path", ["protocols.chains.ethereum", "protocols.contracts.lido", "testing.strategies", "__version__"]
)
def test_what_lies_deeper_is_there_as_well(path):
    assert fresh(f"import stakingmodels as sm; print(sm.{path})")


@pytest.mark.parametrize(
    "package",
    [
        "",
        *(f".{name}" for name in ROOMS if name not in {"checks", "errors", "rates", "terms"}),
        ".scenarios.history.files",
    ]
    + [f".protocols.{name}" for name in ("chains", "contracts", "chains.ethereum", "contracts.lido")],
)
def test_the_tab_key_completes_every_name(package):
    module = importlib.import_module(f"stakingmodels{package}")
    listed = [name for name in dir(module) if not name.startswith("_")]
    assert listed == sorted(module.__all__)
    assert all(hasattr(module, name) for name in listed)


def test_the_tab_key_completes_the_rooms():
    assert {*ROOMS} <= {*dir(sm)}
    assert {*ROOMS} <= {*sm.__all__}


@pytest.mark.parametrize(
    ("path", "words"),
    {
        "StakingPol": "module 'stakingmodels' has no attribute 'StakingPol' (did you mean StakingPool?)",
        "stakingpool": "module 'stakingmodels' has no attribute 'stakingpool' (did you mean StakingPool?)",
        "product": "module 'stakingmodels' has no attribute 'product' (did you mean Product or products?)",
        "qqq": "module 'stakingmodels' has no attribute 'qqq'",
        "protocols.chains.etherum": "module 'stakingmodels.protocols.chains' has no attribute 'etherum' "
        "(did you mean ethereum?)",
        "scenarios.MertonJumpDifusion": "module 'stakingmodels.scenarios' has no attribute 'MertonJumpDifusion' "
        "(did you mean MertonJumpDiffusion?)",
    }.items(),
)
def test_a_misspelt_name_is_told_the_nearest(path, words):
    value = sm
    *way, last = path.split(".")
    for name in way:
        value = getattr(value, name)
    with pytest.raises(AttributeError, match=f"^{re.escape(words)}$"):
        getattr(value, last)


def test_the_version_is_written_in_one_place():
    assert re.fullmatch(r"\d+\.\d+\.\d+", sm.__version__)
    loads = fresh("import stakingmodels, sys; stakingmodels.__version__; print('importlib.metadata' in sys.modules)")
    assert loads == "False\n"
