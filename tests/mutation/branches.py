"""The lines and branches that no test of a room takes, and the list of those that none can take."""

import json
import tomllib
from pathlib import Path

import attrs

from tests.mutation.rooms import PACKAGE, ROOMS, ROOT

FILE = Path(__file__).with_name("branches.toml")


@attrs.frozen(order=True)
class Missed:
    """A branch from one line to another, or a line; named by their texts, since other lines may move."""

    path: str
    line: str
    to: str = ""  # empty for a line that is not run, "exit" for the end of its function

    def told(self) -> str:
        """What is missed, in one line."""
        return f"{self.path}: {self.line}" + (f"  ->  {self.to}" if self.to else "")


def missed(kept: Path, files: list[Path]) -> tuple[list[Missed], str]:
    """What no test of a run has taken in files, and the sums."""
    import coverage

    data, rules = str(kept / "coverage.sqlite"), str(ROOT / "pyproject.toml")
    measured = coverage.Coverage(data_file=data, branch=True, config_file=rules)
    measured.load()
    report_file = kept / "branches.json"
    measured.json_report(outfile=str(report_file), include=[str(each) for each in files])
    report = json.loads(report_file.read_text())
    found = []
    for name, file in report["files"].items():
        path = ROOT / name
        text = ["", *(each.strip() for each in path.read_text(encoding="utf-8").splitlines())]
        short = str(path.relative_to(PACKAGE))
        found += [Missed(short, text[line]) for line in file["missing_lines"]]
        found += [Missed(short, text[a], text[b] if b > 0 else "exit") for a, b in file["missing_branches"]]
    sums = report["totals"]
    told = (
        f"{len(report['files'])} files, {sums['covered_lines']} of {sums['num_statements']} statements, "
        f"{sums['covered_branches']} of {sums['num_branches']} branches"
    )
    return found, told


def unlike(room: str, found: list[Missed]) -> list[str]:
    """What is missed and not on the list, and what the list has that was taken or is gone."""
    place = ROOMS[room][0]
    listed = [Missed(each["path"], each["line"], each.get("to", "")) for each in entries()]
    own = {each for each in listed if each.path == place or each.path.startswith(f"{place}/")}
    new = [f"not in branches.toml: {each.told()}" for each in sorted({*found} - own)]
    return new + [f"in branches.toml, but taken: {each.told()}" for each in sorted(own - {*found})]


def entries() -> list[dict[str, str]]:
    """What is listed, each with its reason."""
    return tomllib.loads(FILE.read_text(encoding="utf-8")).get("missed", [])
