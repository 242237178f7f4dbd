"""The lines and branches that no test of a room takes, and the list of those that none can take."""

import ast
import json
import tomllib
from collections import Counter
from pathlib import Path

import attrs

from tests.mutation.rooms import PACKAGE, ROOMS, ROOT

FILE = Path(__file__).with_name("branches.toml")


@attrs.frozen(order=True)
class Missed:
    """A branch from one line to another, or a line; named by their texts, since other lines may move."""

    path: str
    function: str  # with its classes; empty for a line of the module
    line: str
    to: str = ""  # empty for a line that is not run, "exit" for the end of its function

    @classmethod
    def of(cls, each: dict[str, str]) -> "Missed":
        """What an entry of the list names."""
        return cls(each["path"], each["function"], each["line"], each.get("to", ""))

    def told(self) -> str:
        """What is missed, in one line."""
        return f"{self.path}::{self.function}: {self.line}" + (f"  ->  {self.to}" if self.to else "")


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
        code = path.read_text(encoding="utf-8")
        text = ["", *(each.strip() for each in code.splitlines())]
        short, owners = str(path.relative_to(PACKAGE)), owners_of_lines(ast.parse(code))
        found += [Missed(short, owners.get(line, ""), text[line]) for line in file["missing_lines"]]
        found += [
            Missed(short, owners.get(a, ""), text[a], text[b] if b > 0 else "exit") for a, b in file["missing_branches"]
        ]
    sums = report["totals"]
    told = (
        f"{len(report['files'])} files, {sums['covered_lines']} of {sums['num_statements']} statements, "
        f"{sums['covered_branches']} of {sums['num_branches']} branches"
    )
    return found, told


def owners_of_lines(node: ast.AST, names: tuple[str, ...] = ()) -> dict[int, str]:
    """The innermost function or class of each line that is in one, with those around it."""
    found: dict[int, str] = {}
    for child in ast.iter_child_nodes(node):
        inner = names
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = (*names, child.name)
            found |= dict.fromkeys(range(child.lineno, (child.end_lineno or 0) + 1), ".".join(inner))
        found |= owners_of_lines(child, inner)
    return found


def unlike(room: str, found: list[Missed]) -> list[str]:
    """What is missed and not listed, and what is listed and was taken or is gone; an entry stands for one."""
    place = ROOMS[room][0]
    own = Counter(each for each in map(Missed.of, entries()) if f"{each.path}/".startswith(f"{place}/"))
    missing = Counter(found)
    new = [f"not in branches.toml: {each.told()}" for each in sorted((missing - own).elements())]
    return new + [f"in branches.toml, but taken: {each.told()}" for each in sorted((own - missing).elements())]


def entries() -> list[dict[str, str]]:
    """What is listed, each with its reason."""
    return tomllib.loads(FILE.read_text(encoding="utf-8")).get("missed", [])
