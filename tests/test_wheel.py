"""A wheel and a source distribution, built and used outside the checkout, hold what users need and nothing else."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import stakingmodels
from stakingmodels._version import VERSION
from stakingmodels.wrapping import width

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(stakingmodels.__file__).parent
pytestmark = pytest.mark.slow
NEEDED = (
    "stakingmodels/py.typed",
    "stakingmodels/assumptions/sets/2026.11.toml",
    "stakingmodels/catalogue/sheets/lido-steth.toml",
    "stakingmodels/report/templates/page.html",
    "stakingmodels/report/templates/page.css",
    "stakingmodels/words/command.py",
    "stakingmodels/ratecard/schema.py",
    "stakingmodels/serialize/schemas.py",
    f"stakingmodels-{VERSION}.dist-info/licenses/LICENSE",
    f"stakingmodels-{VERSION}.dist-info/entry_points.txt",
)
USE = """
import sys
from pathlib import Path
import stakingmodels
from stakingmodels import TimeGrid, catalogue, compare, products, scenarios, serialize, simulate
assert Path(stakingmodels.__file__).is_relative_to(sys.prefix), stakingmodels.__file__
run = simulate(products.reference(), scenarios.reference(), TimeGrid.daily("2026-01-01", days=5, settlement_days=40),
               capital=1000.0, n_paths=20, rng=1)
serialize.save(run, "r.npz")
assert serialize.repeat("r.npz").equal
assert serialize.schema()["$schema"]
assert len(catalogue.reference().complete) >= 20
print(compare(serialize.load("r.npz")).to_text(language="zh-TW").splitlines()[0])
"""
REAL = {
    ("--products", "lido,rocket-pool,coinbase,binance-earn,solo"): (
        "lido", "rocket-pool", "coinbase", "binance-earn", "solo",
    ),
    ("--coins", "ETH,SOL,ATOM,ADA,DOT,AVAX"): (
        "solo-validator", "sol-delegation", "atom-delegation", "ada-delegation", "dot-nomination", "avax-delegation",
    ),
}  # fmt: skip
"""Comparisons of real products, with the rows of each."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A wheel and a source distribution of the tracked files."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True)
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def test_a_wheel_has_the_package_and_its_licence_and_nothing_else(built):
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
    assert set(NEEDED) <= names
    assert {name.partition("/")[0] for name in names} == {"stakingmodels", f"stakingmodels-{VERSION}.dist-info"}
    ours = {
        str(path.relative_to(PACKAGE.parent).as_posix())
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= names
    assert [name for name in names if name.endswith((".csv", ".npz", ".parquet", ".pyc"))] == []


def test_a_source_distribution_has_the_tests_and_papers_and_no_shared_data(built):
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md", "CITATION.cff", "pyproject.toml"} <= names
    assert {"tests/test_wheel.py", "docs/index.md", "mkdocs.zh-TW.yml", "stakingmodels/py.typed"} <= names
    assert [name for name in names if name.startswith(("shared", "mutants", "site", ".venv"))] == []


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_is_used_from_a_file_in_a_new_environment(kind, built, tmp_path):
    """With the packages that this environment has, so that nothing is fetched."""
    venv.create(tmp_path / "env", with_pip=True, system_site_packages=False, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    if not python.exists():
        pytest.skip("scripts are elsewhere on this system")
    site = next((tmp_path / "env" / "lib").glob("python*")) / "site-packages"
    for each in sys.path:
        if each.endswith("site-packages"):
            with (site / "others.pth").open("a", encoding="utf-8") as file:
                file.write(f"{each}\n")
    file = built[0] if kind == "wheel" else built[1]
    how = ["--no-deps", "--no-build-isolation", "--ignore-installed", "--no-index", "-q"]
    subprocess.run([python, "-m", "pip", "install", *how, file], check=True, cwd=tmp_path)
    said = subprocess.run([python, "-c", USE], check=True, cwd=tmp_path, capture_output=True, text=True).stdout
    assert "投入 1,000 USD" in said
    few = ["--days", "5", "--settlement-days", "40", "--paths", "20"]
    command = [str(tmp_path / "env" / "bin" / "stakingmodels")]
    subprocess.run([*command, "compare", *few, "--plot", "p.svg"], check=True, cwd=tmp_path, capture_output=True)
    subprocess.run([*command, "report", *few, "--out", "r.html"], check=True, cwd=tmp_path, capture_output=True)
    for asked, rows in REAL.items():
        for language in ("en", "zh-TW"):
            words = [*command, "compare", *asked, "--paths", "20", "--lang", language]
            told = subprocess.run(words, check=True, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
            assert told.stderr == ""
            assert all(f"\n{row} " in told.stdout for row in rows)
            assert max(map(width, told.stdout.splitlines())) <= 100
    assert "<svg" in (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert "<html" in (tmp_path / "r.html").read_text(encoding="utf-8")
