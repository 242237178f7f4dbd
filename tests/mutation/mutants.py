"""The small faults that are planted in a function, one at a time, by its syntax tree."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip
_NAMES = {
    "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!=", "Is": "is", "IsNot": "is not",
    "In": "in", "NotIn": "not in", "And": "and", "Or": "or", "Not": "not", "Invert": "~", "USub": "-", "Add": "+",
    "Sub": "-", "Mult": "*", "Div": "/", "Mod": "%", "FloorDiv": "//", "Pow": "**", "LShift": "<<", "RShift": ">>",
    "BitAnd": "&", "BitOr": "|", "BitXor": "^", "MatMult": "@",
}  # fmt: skip
_TWINS = {"min": "max", "any": "all", "minimum": "maximum", "floor": "ceil", "fmin": "fmax", "zeros": "ones",
          "argmin": "argmax", "cumsum": "cumprod", "log1p": "expm1", "zeros_like": "ones_like"}  # fmt: skip
_TWINS |= {twin: name for name, twin in _TWINS.items()}
_SHOWN = {"__repr__", "__str__", "__dir__", "_repr_html_", "_shown", "__rich_repr__"}
"""Functions of words, whose tests are others."""
_WORDED = {"checks", "Note", "Summary", "cast", "TypeVar", "Line"}
"""Owners or names of calls whose texts are words for people, or types."""
_WORDS = re.compile(r" |^[A-Z]\w*\.\w+$")
"""A sentence, "function: argument", or "Class.method", which stand in messages."""
_PROMISES = {"strict"}
"""Options that change nothing as long as the code is right: ``zip(..., strict=True)``."""


@attrs.frozen
class Mutant:
    """A fault: where it is, what it changes, and the lines of which a test must run one."""

    path: str
    function: str
    line: str
    change: str
    nth: int
    lines: tuple[int, ...]
    around: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What stays the same when other lines move."""
        return self.path, self.function, self.line, self.change, self.nth


@attrs.frozen
class _Edit:
    anchor: ast.AST
    change: str
    owner: Any
    name: str
    place: int | None
    new: Any

    @contextmanager
    def made(self) -> Iterator[None]:
        held = getattr(self.owner, self.name)
        old = held if self.place is None else held[self.place]
        self._put(held, self.new)
        try:
            yield
        finally:
            self._put(held, old)

    def _put(self, held: Any, value: Any) -> None:
        if self.place is None:
            setattr(self.owner, self.name, value)
        else:
            held[self.place] = value


def functions(tree: ast.Module) -> Iterator[tuple[tuple[str, ...], Function]]:
    """The functions of a module and of its classes, with the names of those classes; not the ones inside functions."""
    pending: list[tuple[tuple[str, ...], ast.stmt]] = [((), each) for each in tree.body]
    while pending:
        classes, node = pending.pop(0)
        if isinstance(node, ast.ClassDef):
            pending[:0] = [((*classes, node.name), each) for each in node.body]
        elif isinstance(node, Function) and node.name not in _SHOWN and not _is_typed_only(node):
            yield classes, node


def faults(path: Path, name: str, classes: tuple[str, ...], function: Function) -> Iterator[Mutant]:
    """Each fault of a function, whose tree holds it until the next one is asked for."""
    text = path.read_text().splitlines()
    seen: Counter[tuple[str, str]] = Counter()
    for statement, edit in _edits(function):
        at: Any = edit.anchor if hasattr(edit.anchor, "lineno") else statement
        if edit.change.startswith(f"{function.name!r} to "):  # the first word of its messages
            continue
        line = text[at.lineno - 1].strip()
        seen[line, edit.change] += 1
        first = (at.lineno, at.end_lineno) if at is not statement else (at.lineno, at.lineno)
        body = getattr(statement, "body", None)
        header = body[0].lineno - 1 if body else statement.end_lineno or 0
        with edit.made():
            yield Mutant(
                path=name,
                function=".".join((*classes, function.name)),
                line=line,
                change=edit.change,
                nth=seen[line, edit.change],
                lines=tuple(range(first[0], first[1] + 1)),
                around=tuple(range(statement.lineno, max(statement.lineno, header) + 1)),
            )


def _is_typed_only(node: Function) -> bool:
    names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    return bool(names & {"overload", "abstractmethod"})


def _edits(function: Function) -> Iterator[tuple[ast.stmt, _Edit]]:
    for place, default in enumerate(function.args.defaults):
        yield from ((function, each) for each in _changed(default, function.args, "defaults", place))
    for place, given in enumerate(function.args.kw_defaults):
        if given is not None:
            yield from ((function, each) for each in _changed(given, function.args, "kw_defaults", place))
    yield from _of_body(function, "body")


def _of_body(owner: ast.AST, name: str) -> Iterator[tuple[ast.stmt, _Edit]]:
    for place, statement in enumerate(getattr(owner, name)):
        for edit in _of_statement(statement, owner, name, place):
            yield statement, edit
        for inner in ("body", "orelse", "finalbody"):
            if isinstance(statement, (ast.ClassDef, ast.Match)):
                continue
            if getattr(statement, inner, None):
                yield from _of_body(statement, inner)
        for handler in getattr(statement, "handlers", []):
            yield from _of_body(handler, "body")
        for case in getattr(statement, "cases", []):
            yield from _of_body(case, "body")


def _of_statement(statement: ast.stmt, owner: ast.AST, name: str, place: int) -> Iterator[_Edit]:  # noqa: C901, PLR0912 - a case a kind
    gone = _at(ast.Pass(), statement)
    match statement:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() | ast.Await()):
            pass
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield _Edit(statement, "left out", owner, name, place, gone)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield _Edit(statement, "left out", owner, name, place, gone)
        case ast.Continue():
            yield _Edit(statement, "continue to break", owner, name, place, _at(ast.Break(), statement))
        case ast.Break():
            yield _Edit(statement, "break to continue", owner, name, place, _at(ast.Continue(), statement))
        case ast.Return(value=ast.expr()) if not _is_none(statement.value):
            yield _Edit(statement, "return None", statement, "value", None, _at(ast.Constant(None), statement))
        case ast.If() | ast.While():
            yield _Edit(statement.test, "condition to False", statement, "test", None, _false(statement))
            if isinstance(statement, ast.If):
                yield _Edit(statement.test, "condition to True", statement, "test", None, _true(statement))
        case ast.Assign(targets=[ast.Name(id="where" | "rule" | "hint" | "name")], value=ast.Constant()):
            return
        case _:
            pass
    if isinstance(statement, ast.AugAssign):
        yield from _operated(statement, statement)
    if isinstance(statement, ast.Raise | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal):
        return
    skipped = {"annotation", "returns", "body", "orelse", "finalbody", "handlers", "cases", "type_comment"}
    if isinstance(statement, ast.FunctionDef):
        skipped |= {"decorator_list", "args"}
    yield from _of_fields(statement, skipped, words=False)


def _of_fields(node: ast.AST, skipped: set[str], *, words: bool) -> Iterator[_Edit]:
    for name, value in ast.iter_fields(node):
        if name in skipped:
            continue
        if isinstance(value, list):
            for place, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield from _of_expression(each, node, name, place, words=words)
        elif isinstance(value, ast.AST):
            yield from _of_expression(value, node, name, None, words=words)


def _of_expression(  # noqa: C901, PLR0912 - a case a kind
    node: ast.AST, owner: Any, name: str, place: int | None, *, words: bool
) -> Iterator[_Edit]:
    match node:
        case ast.JoinedStr() | ast.expr_context() | ast.operator() | ast.cmpop() | ast.boolop() | ast.unaryop():
            return
        case ast.Constant():
            yield from _changed(node, owner, name, place, words=words)
            return
        case ast.Compare():
            for each, operator in enumerate(node.ops):
                new = _COMPARED[type(operator)]
                yield _Edit(node, f"{_named(type(operator))} to {_named(new)}", node, "ops", each, new())
        case ast.BoolOp():
            other = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield _Edit(node, f"{_named(type(node.op))} to {_named(other)}", node, "op", None, other())
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield _Edit(node, f"without {_named(type(node.op))}", owner, name, place, node.operand)
        case ast.BinOp():
            yield from _operated(node, owner, name, place)
        case ast.IfExp():
            yield _Edit(node, "condition to True", node, "test", None, _true(node))
            yield _Edit(node, "condition to False", node, "test", None, _false(node))
        case ast.comprehension():
            for each, test in enumerate(node.ifs):
                yield _Edit(test, "condition to True", node, "ifs", each, _true(test))
                yield _Edit(test, "condition to False", node, "ifs", each, _false(test))
        case ast.Lambda():
            if not _is_none(node.body):
                yield _Edit(node, "lambda gives None", node, "body", None, _at(ast.Constant(None), node))
            yield from _of_expression(node.body, node, "body", None, words=words)
            return
        case ast.Call():
            words = words or _is_worded(node.func)
            yield from _of_call(node)
            named = {ast.unparse(each).rpartition(".")[2] for each in node.args[1:]}
            words = words or any(_is_text(each, named) for each in node.args[:1])
        case _:
            pass
    if isinstance(node, ast.keyword) and node.arg in _PROMISES:
        return
    yield from _of_fields(node, {"annotation", "slice"} if _is_type(node) else {"annotation"}, words=words)


def _of_call(node: ast.Call) -> Iterator[_Edit]:
    match node.func:
        case ast.Name(id=called) if called in _TWINS:
            yield _Edit(node, f"{called} to {_TWINS[called]}", node.func, "id", None, _TWINS[called])
        case ast.Attribute(attr=called) if called in _TWINS:
            yield _Edit(node, f"{called} to {_TWINS[called]}", node.func, "attr", None, _TWINS[called])
        case _:
            pass
    for given in list(node.keywords):
        if given.arg and given.arg not in _PROMISES:
            rest = [each for each in node.keywords if each is not given]
            yield _Edit(given.value, f"{given.arg}= left out", node, "keywords", None, rest)


def _operated(node: ast.BinOp | ast.AugAssign, owner: Any, name: str = "", place: int | None = None) -> Iterator[_Edit]:
    kind = type(node.op)
    if kind is not ast.FloorDiv:
        yield _Edit(node, f"{_named(kind)} to {_named(_COMPUTED[kind])}", node, "op", None, _COMPUTED[kind]())
    elif isinstance(node, ast.BinOp):  # rounded up instead of down
        down = ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
        up = ast.UnaryOp(ast.USub(), down)
        for each in (down, down.left, up):
            _at(each, node)
        yield _Edit(node, "// rounded up", owner, name, place, up)
    else:
        yield _Edit(node, "//= to *=", node, "op", None, ast.Mult())


def _changed(node: ast.AST, owner: Any, name: str, place: int | None, *, words: bool = False) -> Iterator[_Edit]:
    if not isinstance(node, ast.Constant):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield _Edit(node, "without -", owner, name, place, node.operand)
        return
    value = node.value
    if isinstance(value, bool):
        new: Any = not value
    elif isinstance(value, (int, float)):
        new = value + 1
    elif isinstance(value, str) and not words and not _WORDS.search(value):
        new = value + "XX"
    else:
        return
    yield _Edit(node, f"{value!r} to {new!r}", owner, name, place, _at(ast.Constant(new), node))


def _is_worded(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id=owner), attr=called):
            return owner in _WORDED or "refuse" in called or called in _WORDED
        case ast.Attribute(attr=called) | ast.Name(id=called):
            return called in _WORDED or "refuse" in called
        case _:
            return False


def _is_text(node: ast.expr, named: set[str]) -> bool:
    """Whether a first argument is the name of the second, for messages."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in named


def _is_type(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id="tuple" | "list" | "dict" | "type")):
            return True
        case _:
            return False


def _named(kind: type) -> str:
    return _NAMES[kind.__name__]


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _at(new: Any, old: ast.AST) -> Any:
    return ast.copy_location(new, old)


def _true(old: ast.AST) -> ast.Constant:
    return _at(ast.Constant(True), old)


def _false(old: ast.AST) -> ast.Constant:
    return _at(ast.Constant(False), old)
