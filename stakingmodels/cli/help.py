"""Layout of the command line's help, in any language."""

import argparse
from typing import Any

from stakingmodels.words import Language, say
from stakingmodels.wrapping import wrapped


def in_words(language: Language) -> type[argparse.HelpFormatter]:
    """Formatter that keeps line breaks, and wraps lines of Chinese, which have no blanks."""
    word = say("help.usage", language)

    class Formatter(argparse.RawDescriptionHelpFormatter):
        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, word if prefix is None else prefix)

        def _split_lines(self, text: str, width: int) -> list[str]:
            return wrapped(" ".join(text.split()), "", width).splitlines()

        def _fill_text(self, text: str, width: int, indent: str) -> str:
            lines = (line if line.startswith(" ") else wrapped(line, "", width) for line in text.splitlines())
            return "\n".join(indent + line.replace("\n", f"\n{indent}") for line in lines)

    return Formatter
