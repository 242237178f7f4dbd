"""Pages and their Chinese twins: which there are, and their code without the texts in it."""

import ast
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def english(page: str) -> str:
    """The page that a page is the twin of; itself if it is English."""
    return page.replace("docs/zh-TW/", "docs/")


def code(page: str) -> list[str]:
    """The code of a page, without its outputs, texts and choices of a language."""
    return [bare(kind, source) for kind, source in BLOCK.findall(page) if kind != "text"]


def bare(kind: str, source: str, *, printed: bool = False) -> str:
    """A block without its texts (`printed`: those in a ``print``), its comments, and its choices of a language."""
    if kind in {"python", "py"}:
        return ast.unparse(_Bare(printed=printed).visit(ast.parse(source)))
    if kind in {"bash", "sh"}:
        return re.sub(r" --lang \S+", "", source)
    if kind == "console":
        return re.sub(r" --zh", "", "\n".join(re.findall(r"^\$ .*", source, re.MULTILINE)))
    return re.sub(r'"[^"\n]*"|[ ]*#.*', "", source)


class _Bare(ast.NodeTransformer):
    """Takes texts out of a program, and what chooses the language of what it shows."""

    def __init__(self, *, printed: bool) -> None:
        self._keeps = printed  # texts are kept here

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) and not self._keeps else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        if self._keeps:
            return node
        shown = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
        return ast.Tuple([self.visit(each) for each in shown], ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.AST:
        kept = self._keeps
        self._keeps = kept and not (isinstance(node.func, ast.Name) and node.func.id == "print")
        self.generic_visit(node)
        self._keeps = kept
        node.keywords = [keyword for keyword in node.keywords if keyword.arg != "language"]
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"to_text", "say"}:
            return node.func.value
        return node
