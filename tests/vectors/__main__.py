"""The command line: see `tests.vectors`."""

import argparse
import sys

from tests.vectors import files


def main() -> int:
    """Write, or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.vectors", description=sys.modules["tests.vectors"].__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the files that are not up to date")
    what.add_argument("--check", action="store_true", help="tell which files are not")
    asked = parser.parse_args()
    wrong = 0
    for topic in files.TOPICS:
        made = files.document(topic)
        found = [*files.differences(made, files.kept(topic))]
        wrong += len(found)
        for each in found[:3]:
            sys.stdout.write(f"{topic}.json: {each}\n")
        if found and asked.write:
            (files.FOLDER / f"{topic}.json").write_text(files.text(made), encoding="utf-8", newline="\n")
    path = files.FOLDER / files.SCHEMA_FILE
    if not path.exists() or path.read_text(encoding="utf-8") != files.schema_text():
        wrong += 1
        sys.stdout.write(f"{files.SCHEMA_FILE}: differs\n")
        if asked.write:
            path.write_text(files.schema_text(), encoding="utf-8", newline="\n")
    cases = sum(vector.n_cases for topic in files.TOPICS.values() for vector in topic)
    sys.stdout.write(f"{cases} cases, {wrong} differences{' written' if asked.write else ''}\n")
    return 1 if wrong and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
