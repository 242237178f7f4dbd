"""The fixed workload: both versions of the library are given the same terms, and do the same work with them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import machine, version, workload
from benchmarks.timing import Ratio
from stakingmodels.market import EntryWait, ExitWait
from stakingmodels.scenarios import Joint

RENAMED = {
    "random_duties": "luck",
    "exit_route": "exit",
    "posted_rate": "apr",
}
"""New names of terms, with those of 0ebcfe6."""
REWORDED = {"free": "none"}
"""New words of a term, with those of 0ebcfe6."""
TELL = """
import importlib.util, json, sys
root, version, where = sys.argv[1:]
sys.path[0] = root
import attrs, numpy as np
spec = importlib.util.spec_from_file_location("workload", where)
workload = importlib.util.module_from_spec(spec)
spec.loader.exec_module(workload)
from stakingmodels.market import Event, Market, MarketRatio
work, given = workload.build(version), workload.read()

def plain(value):
    if isinstance(value, Event):
        return {"name": value.name, "hazard": value.hazard}
    if attrs.has(type(value)):
        return {f.name: plain(getattr(value, f.name)) for f in attrs.fields(type(value))}
    return [plain(x) for x in value] if isinstance(value, tuple) else value if value is None else \\
        value if isinstance(value, (int, float, str)) else str(value)

rng, shape = np.random.default_rng(3), (len(work.grid.times), 20)
levels, series = workload.factors(given)
for name, level in given["levels"].items():
    moves = rng.standard_normal(shape) * level["volatility"] / 19.1
    series[levels[name]] = level["initial_level"] * np.exp(np.cumsum(moves, axis=0))
series[MarketRatio("stETH")] = 0.9986 + 0.0014 * rng.standard_normal(shape)
events = {f for product in work.products.values() for f in product.factors if isinstance(f, Event)}
for event in sorted(events, key=lambda event: event.name):
    series[event] = rng.random(shape) < 0.001
market = Market(work.grid, series)
outcomes = {name: product.run(market, capital=work.capital) for name, product in work.products.items()}
said = {
    name: {
        "terms": plain(work.products[name]),
        "lines": {line.name: float(amount.mean()) for line, amount in outcome.lines.items() if amount.any()},
        "profit": outcome.profit.tolist(),
    }
    for name, outcome in outcomes.items()
}
print(json.dumps(said))
"""
CHANGED = {"solo validator", "cloud mining"}
"""Products that book a little otherwise since: the cash of what was not staked; what is left of a stopped contract."""


def told(root: Path, which: str) -> dict[str, dict]:
    command = [sys.executable, "-W", "ignore", "-c", TELL, str(root), which, str(workload.FILE.with_suffix(".py"))]
    return json.loads(subprocess.run(command, check=True, capture_output=True, cwd=root).stdout)


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, dict], dict[str, dict]]:
    """What the new version and the old one say."""
    known = ["git", "-C", str(version.ROOT), "cat-file", "-e", f"{version.OLD}^{{commit}}"]
    if subprocess.run(known, check=False, capture_output=True).returncode:
        pytest.skip(f"commit {version.OLD} is not in this checkout")
    with version.checkout() as root:
        found = told(version.ROOT, "new"), told(root, "old")
    assert not root.exists()
    return found


def test_every_product_is_run_with_the_terms_of_the_file():
    work, given = workload.build("new"), workload.read()
    assert set(work.products) == {"hold ETH", "hold BTC", *given["products"], "cash"}
    token = work.products["liquid token"]
    assert (token.protocol_fee, token.queue_days, token.waiting_cost_per_year) == (0.10, 34.7, 0.0)
    assert [(each.event.hazard, each.severity) for each in token.failures] == [(0.01, 0.05), (0.01, 0.5)]


def test_drawn_queues_have_the_means_of_the_fixed_waits():
    work, products = workload.with_queues(), workload.read()["products"]
    assert isinstance(work.scenario, Joint)
    waits: Any = work.scenario.parts[-1]
    solo = products["solo validator"]
    assert waits.means == pytest.approx((solo["entry_days"], solo["exit_days"]))
    read = {factor for product in work.products.values() for factor in product.factors}
    assert {EntryWait("ETH"), ExitWait("ETH")} <= read


@pytest.mark.slow
def test_both_versions_have_the_same_terms(both):
    for name, (new, old) in zip(both[0], zip(both[0].values(), both[1].values(), strict=True), strict=True):
        ours, theirs = new["terms"], old["terms"]
        common = {key: RENAMED.get(key, key) for key in ours if RENAMED.get(key, key) in theirs}
        assert {key: REWORDED.get(str(ours[key]), ours[key]) for key in common} == {
            key: theirs[then] for key, then in common.items()
        }, name
        failures = [each["event"] for each in ours.get("failures", [])]
        events = [each for key, each in theirs.items() if isinstance(each, dict) and key != "slashing"]
        assert all(event in failures for event in events), name


def test_both_versions_do_the_same_work_on_given_paths(both):
    for name, new in both[0].items():
        old, tolerance = both[1][name], 20.0 if name in CHANGED else 1e-6  # USD of 100,000
        assert new["profit"] == pytest.approx(old["profit"], abs=tolerance), name
        lines = {line: amount for line, amount in new["lines"].items() if line != "CONTRIBUTION"}  # no line then
        assert lines == pytest.approx(old["lines"], abs=tolerance), name


def test_a_version_answers_with_its_processor_time():
    with version.Version(version.ROOT, "new") as here:
        assert 0.0 < here.ask("run", n_paths=1, names=["cash"], times=1) < 60.0
        assert here.ask("draw", n_paths=1, names=["hold ETH"], times=1) > 0.0
        assert here.ask("peak") > 2**20
        assert machine.wide_of(here.ask("vectors")) == machine.wide_vectors()
    assert here.exit_code == 0


def test_a_process_of_the_wrong_kind_is_noticed():
    against = pytest.importorskip("benchmarks.against")

    class Fake:
        def ask(self, what: str) -> list[str]:
            assert what == "vectors"
            return ["X86_V3", "X86_V4"]

    against.check_kind(Fake(), machine.WITH)
    with pytest.raises(SystemExit, match="were to run without AVX-512, but numpy there found X86_V3 X86_V4"):
        against.check_kind(Fake(), machine.WITHOUT)


def test_a_process_runs_with_the_features_that_it_is_left():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    if not found:
        pytest.skip("numpy found nothing on this machine that could be switched off")
    with version.Version(version.ROOT, "new", {machine.SWITCH: " ".join(found)}) as here:
        assert here.ask("vectors") == []


def test_a_commit_that_is_not_there_is_refused():
    with pytest.raises(SystemExit, match="commit nothing must be in the history"), version.checkout("nothing"):
        pass


def test_limits_of_the_largest_runs_are_of_a_kind_of_machine():
    against = pytest.importorskip("benchmarks.against")
    assert [against.limit(100_000, kind) for kind in (machine.WITHOUT, machine.WITH)] == [0.80, 1.10]
    assert [against.limit(n, machine.WITH) for n in (1, 1_000, 10_000, 5)] == [0.30, 0.50, 0.70, None]


def test_sides_take_turns():
    against = pytest.importorskip("benchmarks.against")
    asked = []

    def side(name, seconds):
        def call():
            asked.append(name)
            return seconds

        return call

    found = against.in_turns(side("a", 1.0), side("b", 4.0), 3)
    assert asked == ["a", "b", "b", "a", "a", "b"]
    assert found == against.Measured(1000.0, 4000.0, Ratio(0.25, 0.25, 0.25))


def test_the_kind_of_a_machine_is_what_numpy_says(monkeypatch):
    found = {"baseline": ["X86_V2"], "found": ["X86_V3", "X86_V4", "AVX512_ICL"]}
    monkeypatch.setattr("numpy.show_config", lambda **_: {"SIMD Extensions": found})
    assert machine.wide_vectors() == ["X86_V4", "AVX512_ICL"]
    assert machine.kind() == machine.WITH
    found["found"] = ["X86_V3"]
    assert machine.kind() == machine.WITHOUT


def test_a_machine_plays_both_kinds_only_if_it_has_the_vectors(monkeypatch):
    monkeypatch.setattr(machine, "wide_vectors_unswitched", list)
    assert list(machine.kinds()) == [(machine.WITHOUT, {})]
    monkeypatch.setattr(machine, "wide_vectors_unswitched", lambda: ["X86_V4", "AVX512_SPR"])
    monkeypatch.setattr(machine, "wide_vectors", lambda: ["X86_V4", "AVX512_SPR"])
    off = {machine.SWITCH: "X86_V4 AVX512_SPR"}
    assert list(machine.kinds()) == [(machine.WITHOUT, off), (machine.WITH, {})]
    monkeypatch.setattr(machine, "wide_vectors", list)
    assert list(machine.kinds()) == [(machine.WITHOUT, off)]
    assert "switched X86_V4 AVX512_SPR off" in machine.describe()


def test_a_row_of_each_size_is_held_to_its_limit():
    against = pytest.importorskip("benchmarks.against")

    class Fake:
        def __init__(self, seconds: float) -> None:
            self._seconds = seconds

        def seconds(self, what: str, **job: object) -> float:
            return self._seconds * (1 + len(what) * len(job))

    rows = [*against.rows(Fake(1.0), Fake(2.0), 1_000, 2, machine.WITHOUT, ("whole", "drawing"))]
    assert [(row[1], *row[4:]) for row in rows] == [
        ("eight products", "0.50 (0.50 to 0.50)", "0.50", "within", "0.35"),
        ("drawing only", "0.50 (0.50 to 0.50)"),
    ]
    (missed,) = against.rows(Fake(1.0), Fake(2.0), 1, 2, machine.WITHOUT, ("whole",))
    assert missed[-3:] == ("0.30", "missed", "0.15")


def test_one_path_is_given_without_events():
    small = pytest.importorskip("benchmarks.small")
    work = workload.build("new")
    market = small.given_market(work)
    assert market.n_paths == 1
    for name, product in work.products.items():
        outcome = product.run(market, capital=work.capital)
        assert not {"slashing", "exploit", "credit"} & {line.label for line in outcome.lines}, name
        again = product.run(small.drawn_market(work, name), capital=work.capital)
        assert (
            again.closing.tolist() == product.run(small.drawn_market(work, name), capital=work.capital).closing.tolist()
        )


@pytest.mark.slow
def test_small_runs_are_told_in_full():
    small = pytest.importorskip("benchmarks.small")
    work = workload.build("new")
    told_of_one, told_of_few, memory = small.one_path(work, 1), small.few(work, 1), small.memory()
    assert all(name in told_of_one for name in work.products)
    assert told_of_one.count("at most") == len(small.LIMITS)
    assert "1,000" in told_of_few
    assert "at most 60" in memory
