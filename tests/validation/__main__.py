"""Measure every figure of the page on validation: ``python -m tests.validation``; ``--write`` puts them into it."""

import sys

from tests.validation.page import PAGES, everything, figures, written


def main(arguments: list[str]) -> int:
    """Print each figure with its claim; 1 where a page says something else."""
    measured, same = figures(), True
    for key, each in everything().items():
        sys.stdout.write(f"{measured[key]:32}  {each.claim[0]}\n")
    for language, path in PAGES.items():
        before = path.read_text(encoding="utf-8")
        after = written(before, language, measured)
        if "--write" in arguments:
            path.write_text(after, encoding="utf-8")
        elif before != after:
            same = False
            sys.stdout.write(f"{path.name} ({language}) says something else\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
