"""Results are the same to the bit after a file; a file that was changed, cut or made up is refused in one sentence."""

import hashlib
import json
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import attrs
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from stakingmodels import (
    Constants,
    Falls,
    History,
    Holding,
    InputError,
    InputTypeError,
    LeaveWhen,
    Price,
    Results,
    StakingModelsError,
    StakingPool,
    TimeGrid,
    Units,
    compare,
    products,
    scenarios,
    simulate,
)
from stakingmodels.engine import ControlVariates, Moments, Reducer, TailRiskReducer
from stakingmodels.equality import same
from stakingmodels.products import Quote
from stakingmodels.scenarios import QuasiRandom, Streams, daily_series
from stakingmodels.serialize import dumps, load, loads, repeat, save
from tests.serialize.test_things import LEAVES, places, planted

pytestmark = pytest.mark.filterwarnings("ignore::stakingmodels.errors.ScenarioWarning")
ETH = Price("ETH")
GRID = TimeGrid.daily("2026-01-01", days=20, settlement_days=10)
ROWS = {name: row for name, row in products.reference().items() if name in ("hold ETH", "staking pool", "cloud mining")}
ROWS["left early"] = LeaveWhen(StakingPool("ETH"), Falls(ETH, 0.05))
DAYS = np.arange(np.datetime64("2025-01-01"), np.datetime64("2025-03-01"))
RECORD = History({ETH: daily_series(DAYS, np.linspace(3000.0, 3600.0, DAYS.size), name="made up")})


def run(rows: Any = None, world: Any = None, grid: TimeGrid = GRID, **how: Any) -> Results:
    given = {"capital": 100_000.0, "n_paths": 12, "rng": 7, **how}
    return simulate(rows or ROWS, world or scenarios.reference(), grid, **given)


def small() -> Results:
    return run({"hold": Holding("ETH")}, Constants({ETH: 3000.0}), n_paths=2, keep="summary")


def differing(one: Any, other: Any) -> list[str]:
    """Fields in which two objects differ; figures of reducers, which may be NaN, differ where their texts do."""
    both = {f.name: (getattr(one, f.name), getattr(other, f.name)) for f in attrs.fields(type(one))}
    return [x for x, (a, b) in both.items() if not (repr(dict(a)) == repr(dict(b)) if x == "reduced" else same(a, b))]


RUNS = {
    "summary": lambda: run(keep="summary"),
    "totals": run,
    "flows": lambda: run(keep="flows"),
    "values": lambda: run(keep="values"),
    "ledger": lambda: run(keep="ledger"),
    "one path": lambda: run(n_paths=1),
    "record": lambda: run({"hold": Holding("ETH")}, RECORD, RECORD.grid(days=20), n_paths=None, keep="ledger"),
    "own dates": lambda: run(
        {"hold": Holding("ETH")},
        attrs.evolve(RECORD, window_levels="as_recorded"),
        attrs.evolve(RECORD, window_levels="as_recorded").grid(days=20),
        n_paths=None,
        keep="ledger",
    ),
    "coins": lambda: run(capital=Units(3.2, "ETH")),
    "money by path": lambda: run(capital=np.linspace(1e4, 2e4, 12)),
    "quasi": lambda: run(n_paths=64, sampling=QuasiRandom(n_replicates=4)),
    "stratified": lambda: run(event_sampling="stratified", precision="float32"),
    "skipped": lambda: run({**ROWS, "other": StakingPool("SOL", failures=())}, on_missing="skip"),
    "large seed": lambda: run(rng=2**128 - 1),
    "reduced": lambda: run(
        keep="none", reducers={"m": Moments(), "t": TailRiskReducer(n_paths=12), "c": ControlVariates()}
    ),
    "reduced to one path": lambda: run(n_paths=1, keep="none", reducers={"m": Moments()}),
}


@pytest.mark.parametrize("name", RUNS)
def test_results_are_the_same_after_a_file(name, tmp_path):
    results, file = RUNS[name](), tmp_path / "r.npz"
    save(results, file)
    again = load(file)
    assert differing(again, results) == []
    assert type(again.capital) is type(results.capital)
    assert repr(again) == repr(results)
    for row in results:
        assert differing(again[row], results[row]) == []
    save(again, tmp_path / "s.npz")
    assert (tmp_path / "s.npz").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", ["totals", "ledger", "own dates", "coins", "quasi", "stratified", "skipped"])
def test_results_run_again_from_their_file_are_the_same(name, tmp_path):
    save(RUNS[name](), tmp_path / "r.npz")
    found = repeat(tmp_path / "r.npz")
    assert found.equal
    assert found.largest_difference == 0.0
    assert found.n_arrays > 20
    assert found.summary().startswith("Run again from r.npz: all ")
    assert found.summary().say("zh-TW").startswith("由 r.npz 重新執行：")


def test_what_differs_is_told(tmp_path):
    results = run()
    pool = results["staking pool"]
    other = attrs.evolve(pool, closing=pool.closing * np.where(np.arange(12) == 3, 1 + 1e-9, 1.0))
    save(attrs.evolve(results, outcomes={**results, "staking pool": other}), tmp_path / "r.npz")
    found = repeat(tmp_path / "r.npz")
    assert (found.n_arrays - found.n_equal, found.where) == (1, "staking pool: closing")
    assert 1e-10 < found.largest_difference <= 1e-9
    assert "1 of " in found.summary()


def test_another_process_reads_equal_bits(tmp_path):
    results = run(n_paths=300)
    save(results, tmp_path / "r.npz")
    code = (
        "import sys, hashlib\nfrom stakingmodels import serialize\nr = serialize.load(sys.argv[1])\n"
        "print(hashlib.sha256(b''.join(o.closing.tobytes() for o in r.values())).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "r.npz"], capture_output=True, text=True, check=True)
    own = hashlib.sha256(b"".join(o.closing.tobytes() for o in results.values())).hexdigest()
    assert done.stdout.strip() == own


def test_numpy_alone_reads_the_arrays(tmp_path):
    results = run()
    save(results, tmp_path / "r.npz")
    with np.load(tmp_path / "r.npz", allow_pickle=False) as members:
        (name,) = (each for each in members.files if each.endswith("hold-ETH.closing"))
        assert np.array_equal(members[name], results["hold ETH"].closing)
        header = json.loads(members["header.json"])
    assert header["numpy"] == np.__version__
    assert header["entropy"] == "7"
    assert zipfile.ZipFile(tmp_path / "r.npz").testzip() is None


def test_arrays_are_read_only(tmp_path):
    save(run(keep="ledger"), tmp_path / "r.npz")
    outcome = load(tmp_path / "r.npz")["staking pool"]
    for array in (outcome.closing, outcome.settled, outcome.entries[0].units, outcome.lines["price"]):
        with pytest.raises(ValueError, match=r"cannot set WRITEABLE flag"):
            array.flags.writeable = True


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"confidence_level": 0.9, "benchmark": "hold ETH"},
        {"price_views": (-0.5, {"ETH": 1.0})},
        {"ranges": {"staking pool": {"commission": (0.05, 0.3)}}},
    ],
)
def test_a_comparison_is_the_same_after_a_file(asked, tmp_path):
    found = compare(run(), **asked)
    save(found, tmp_path / "c.npz")
    assert load(tmp_path / "c.npz") == found
    ranked = found.rank("return_median", max_es=0.9)
    save(ranked, tmp_path / "d.npz")
    assert load(tmp_path / "d.npz") == ranked
    assert load(tmp_path / "d.npz").to_dict() == ranked.to_dict()


def test_few_paths_fit_into_a_text():
    results = run(n_paths=2)
    again = loads(dumps(results))
    assert differing(again, results) == []
    assert loads(dumps(compare(results))) == compare(results)


@pytest.mark.parametrize("kind", [StakingPool, Holding])
def test_a_quote_is_the_same_after_a_text(kind):
    product = kind("ETH")
    market = scenarios.reference().market(GRID, product.factors, streams=Streams(1), n_paths=1)
    quote = product.quote(market, capital=1_000.0)
    again = loads(dumps(quote))
    assert isinstance(again, Quote)
    assert again == quote
    assert again.to_text() == quote.to_text()


def test_many_paths_are_too_much_for_a_text():
    with pytest.raises(InputError, match=r"^dumps: must fit into 10,000,000 characters .*write save\(results"):
        dumps(run({"hold": Holding("ETH")}, n_paths=200_000, keep="summary"))


@attrs.frozen
class Odd(Reducer[object]):
    def summarize(self, outcomes: Any) -> object:
        return object()

    def merge(self, first: object, second: object) -> object:
        return first


def test_what_no_file_can_hold(tmp_path):
    odd = run(reducers={"odd": Odd()})
    with pytest.raises(InputTypeError, match=r"^r\.npz: reduced.odd: must be of a kind that files know, got object"):
        save(odd, tmp_path / "r.npz")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_repeated(tmp_path):
    save(run(keep="none", reducers={"m": Moments()}), tmp_path / "r.npz")
    with pytest.raises(InputError, match=r"^repeat: path: must be of results that kept outcomes, got 'none'"):
        repeat(tmp_path / "r.npz")
    save(Holding("ETH"), tmp_path / "h.json")
    with pytest.raises(InputTypeError, match=r"^repeat: path: must be Results; write a file of results"):
        repeat(tmp_path / "h.json")


def refused(file: Path) -> str:
    with pytest.raises((InputError, InputTypeError)) as caught:
        load(file)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) <= 400
    assert message.startswith(file.name), message
    return message


@pytest.mark.parametrize("step", [41, pytest.param(1, marks=pytest.mark.slow)])
def test_every_flipped_byte_and_every_cut_is_refused(step, tmp_path):
    file = tmp_path / "r.npz"
    save(small(), file)
    whole = file.read_bytes()
    assert 5_000 < len(whole) < 20_000
    for place in {*range(0, len(whole), step), *range(len(whole) - 200, len(whole), 5 if step > 1 else 1)}:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << place % 8)]) + whole[place + 1 :])
        refused(file)
        file.write_bytes(whole[:place])
        refused(file)
    file.write_bytes(whole + b"\0")
    refused(file)
    file.write_bytes(whole)
    assert differing(load(file), small()) == []


def sealed(parts: list[tuple[str, bytes]], **zipped: Any) -> bytes:
    """An archive with a good seal over whatever is in it."""
    import io

    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names twice
        with zipfile.ZipFile(stream, "w", **zipped) as archive:
            for name, data in parts:
                archive.writestr(name, data)
            archive.comment = b"sha256:" + b"0" * 64
    whole = stream.getvalue()[:-64]
    return whole + hashlib.sha256(whole).hexdigest().encode()


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_made_up_archive_with_a_good_seal_is_refused(tmp_path):
    file = tmp_path / "r.npz"
    save(small(), file)
    good = parts_of(file)
    header, (first, *_) = good["header.json"], [name for name in good if name != "header.json"]
    others = [(name, data) for name, data in good.items() if name != "header.json"]
    file.write_bytes(sealed(list(good.items())))
    assert differing(load(file), small()) == []
    wide = header.replace(b'"shape": [2]', b'"shape": [%d]' % 2**39)
    pickled = (
        b"\x93NUMPY\x01\x00v\0{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(127) + b"\n\x80\x04N."
    )
    cases = {
        "must have plain members": sealed(list(good.items()), compression=zipfile.ZIP_DEFLATED),
        "must have header.json": sealed(others),
        "must be a member of the archive": sealed([("header.json", header)]),
        "no members that its header does not name": sealed([*good.items(), ("more.npy", b"x")]),
        "with different members": sealed([*good.items(), (first, good[first])]),
        "of so small a file, got (549755813888,)": sealed([("header.json", wide), *others]),
        "shape": sealed([("header.json", header), (first, pickled), *others[1:]]),
        "must be JSON": sealed([("header.json", header[:-9]), *others]),
        "must be UTF-8": sealed([("header.json", b"\xff"), *others]),
        "schema: must be at most 1": sealed([("header.json", header.replace(b'"schema": 1', b'"schema": 2')), *others]),
    }
    for words, data in cases.items():
        file.write_bytes(data)
        assert words in refused(file)
    file.write_bytes(b"PK" + b"\0" * 1000)
    assert "another file, or cut off" in refused(file)
    file.write_bytes(b"no zip")
    assert "another file, or cut off" in refused(file)
    file.write_bytes(b"")
    assert "another file, or cut off" in refused(file)


def test_sizes_that_a_member_claims_are_checked_before_memory_is_taken(tmp_path):
    file = tmp_path / "r.npz"
    for size in (2**31, 2**32 - 1):
        local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, size, size, 11, 20) + b"header.json"
        local += struct.pack("<2H2Q", 1, 16, 2**62, 2**62)
        whole = local + b"PK\5\6" + b"\0" * 16 + struct.pack("<H", 71) + b"sha256:"
        file.write_bytes(whole + hashlib.sha256(whole).hexdigest().encode())
        assert "must be a whole archive with different members" in refused(file)


@pytest.fixture(scope="module")
def ledger_parts(tmp_path_factory):
    """Members of a file of a run with its ledger."""
    file = tmp_path_factory.mktemp("ledger") / "r.npz"
    save(run({"hold": Holding("ETH"), "pool": StakingPool("ETH")}, n_paths=3, keep="ledger"), file)
    return parts_of(file)


@settings(max_examples=80)
@given(data=st.data())
def test_a_header_with_a_wrong_value_anywhere_is_refused_or_read(data, ledger_parts, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "fuzzed.npz"
    plain = json.loads(ledger_parts["header.json"])
    way = data.draw(st.sampled_from([way for way in places(plain) if "scenario" not in way]))
    header = json.dumps(planted(plain, way, data.draw(st.sampled_from(LEAVES)))).encode()
    file.write_bytes(sealed([*{**ledger_parts, "header.json": header}.items()]))
    try:
        found = load(file)
    except StakingModelsError as error:
        assert str(error).isprintable()  # noqa: PT017  # either is right
        return
    repr(found)
    save(found, file, force=True)
    assert differing(load(file), found) == []


def test_claims_of_a_run_are_held_to_its_paths_and_times():
    """One cell may stand for any number of them, so that a size is no proof of memory."""
    plain = json.loads(dumps(run({"hold": Holding("ETH")}, Constants({ETH: 3000.0}), n_paths=2, keep="ledger")))
    outcome = ("outcomes", "hold")
    many = {"kind": "array", "shape": [10**6], "values": [0]}
    flows = {name: {**many, "dtype": "int32"} for name in ("path", "time")}
    flows["money"] = {**many, "dtype": "float64", "values": [1.0]}
    wide = {"kind": "array", "dtype": "float64", "shape": [1, 1], "values": [1.0]}
    for way, leaf, told in (
        ((*outcome, "flows"), flows, "flows: must be at most one a path and time, 62, got"),
        ((*outcome, "prices", 0, 1), wide, r"prices: must be an array of shape \(31, 2\)"),
        (("capital",), {**wide, "shape": [7]}, "capital: must have one amount for each of the 2 paths, got 7"),
        (("capital",), -5.0, "capital: must be in"),
    ):
        with pytest.raises(InputError, match=rf"^loads.*{told}"):
            loads(json.dumps(planted(plain, way, leaf)))


def made_up(n_paths: int, rows: int = 1) -> dict[str, Any]:
    """Header of a run in which all paths are the same, though another number of them is claimed."""
    results = run(
        {f"hold {k}": Holding("ETH") for k in range(rows)}, Constants({ETH: 3000.0}), n_paths=2, keep="summary"
    )
    text = dumps(attrs.evolve(results, n_paths=n_paths, n_paths_requested=n_paths))
    return json.loads(text.replace('"shape": [2]', f'"shape": [{n_paths}]'))


def test_a_small_file_makes_no_large_arrays(tmp_path):
    """Ten million equal paths are 500 bytes of JSON; a thousand rows of ten thousand are as many."""
    assert loads(json.dumps(made_up(10_000, rows=3))).n_paths == 10_000
    for n_paths, rows in ((10**7, 1), (10**5, 30)):
        with pytest.raises(
            InputError, match=r"^loads\..*shape: must take at most .* of so small a file, got \(10+,\)$"
        ):
            loads(json.dumps(made_up(n_paths, rows)))
    file = tmp_path / "r.npz"
    save(
        run({f"hold {k}": Holding("ETH") for k in range(30)}, Constants({ETH: 3000.0}), n_paths=2, keep="summary"), file
    )
    good = parts_of(file)
    header = good["header.json"].replace(b'"shape": [2]', b'"shape": [100000]')
    header = header.replace(b'"n_paths": 2', b'"n_paths": 100000').replace(b'requested": 2', b'requested": 100000')
    file.write_bytes(sealed([*{**good, "header.json": header}.items()]))
    assert len(good["header.json"]) < 300_000
    assert "of so small a file, got (100000,)" in refused(file)


@pytest.mark.parametrize("n_paths", [100_000, 400_000])
def test_equal_paths_of_a_run_are_read_however_many(n_paths, tmp_path):
    """What a small file could not claim is written in full."""
    file, rows = tmp_path / "r.npz", {f"hold {k}": Holding("ETH") for k in range(12)}
    results = run(rows, Constants({ETH: 3000.0}), n_paths=n_paths, keep="summary")
    save(results, file)
    assert file.stat().st_size < 50_000_000
    assert differing(load(file), results) == []
    again = tmp_path / "again.npz"
    save(load(file), again)
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.once
def test_a_text_says_of_few_equal_numbers_only_how_many():
    few = run({"hold": Holding("ETH")}, Constants({ETH: 3000.0}), n_paths=100_000, keep="summary")
    assert differing(loads(dumps(few)), few) == []
    with pytest.raises(InputError, match=r"^dumps: must fit into"):
        dumps(run({f"hold {k}": Holding("ETH") for k in range(60)}, Constants({ETH: 3000.0}), n_paths=100_000))


def test_replicates_are_no_more_than_a_run_can_have():
    plain = made_up(2)
    plain["outcomes"]["hold 0"]["n_replicates"] = 2**32
    with pytest.raises(InputError, match=r"n_replicates: must be an integer in \[0, 256\]; .*got 4294967296"):
        loads(json.dumps(plain))


def test_many_long_grids_of_a_small_text_are_refused():
    grids = {str(k): TimeGrid.daily("2026-01-01", days=3) for k in range(200)}
    text = dumps(grids).replace('"n_steps": 3', '"n_steps": 99000')
    assert len(loads(text)) == 200  # the same grid each time
    plain = json.loads(text)
    for k, each in enumerate(plain["items"].values()):
        each["step_seconds"] = 60 + k
    with pytest.raises(InputError, match=r"n_steps: must be at most 10,000,000 cells with all other arrays"):
        loads(json.dumps(plain))
