"""A good call of a callable, found by trying examples of its parameters' types."""

import functools
import itertools
import random
import signal
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import attrs

from tests.generated import examples
from tests.generated.names import Callee
from tests.generated.written import WRITTEN

MOST_TRIES = 400
WHY: dict[str, str] = {}
"""First error of those for which no good call was found."""


class LateError(BaseException):
    """A call took longer than it may; no `except Exception` of the library stops it."""


def late(_: int, __: FrameType | None) -> None:
    raise LateError


class within:  # noqa: N801  # read as a word of the statement that it begins
    """Context that raises `LateError` after some seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, late)
        signal.setitimer(signal.ITIMER_REAL, self.seconds, 1.0)  # again, should it be swallowed

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@attrs.frozen(eq=False)
class GoodCall:
    """A call that the library accepts."""

    callee: Callee
    arguments: Callable[[], dict[str, Any]]
    """Its arguments, of which those that a call changes are made anew."""
    owner: Callable[[], Any] | None
    result: Any
    seconds: float = 0.0

    def with_bad(self, name: str, value: Any) -> Any:
        """The result of the call with one argument replaced."""
        arguments = self.arguments()
        arguments[name] = value
        return called(self.callee, None if self.owner is None else self.owner(), arguments)


def called(callee: Callee, owner: Any, arguments: dict[str, Any]) -> Any:
    """The result; of a generator, its first items."""
    placed, named = [], dict(arguments)
    for each in callee.parameters:
        if each.kind is each.POSITIONAL_ONLY and each.name in named:
            placed.append(named.pop(each.name))  # noqa: PERF401  # it empties another
    result = callee.function(owner, *placed, **named) if callee.owners else callee.function(*placed, **named)
    if hasattr(result, "__next__"):
        return list(itertools.islice(result, 3))
    return result


def good_call(callee: Callee) -> GoodCall | None:
    """A call that raises nothing, with the required arguments and no others; None if none was found."""
    owners = [None] if not callee.owners else list(itertools.islice(holders(callee), 3))
    for owner in owners:
        for arguments in candidates(callee):
            try:
                with within(20.0), warnings.catch_warnings(action="ignore"):
                    result = called(callee, owner and owner(), arguments())
            except LateError:
                WHY[callee.path] = "late"
                break
            except (Exception, SystemExit) as error:  # noqa: BLE001  # no good call
                WHY.setdefault(callee.path, f"{type(error).__name__}: {error}")
                continue
            return GoodCall(callee, arguments, owner, result)
    return None


def holders(callee: Callee) -> Iterator[Callable[[], Any]]:
    """Objects that have the method."""
    for cls in callee.owners:
        if cls.__name__ in examples.CHANGING and cls.__name__ in examples.OBJECTS:
            yield functools.partial(examples.make, cls.__name__)
            continue
        for each in itertools.islice(examples.of_class(cls), 1):
            yield functools.partial(lambda value: value, each)


def candidates(callee: Callee) -> Iterator[Callable[[], dict[str, Any]]]:
    """Ways to call it: as written down, then the same place in each list of examples, then at random."""
    for text in WRITTEN.get(callee.path, ()):
        yield functools.partial(evaluated, text)
    required = [each for each in callee.parameters if each.default is each.empty]
    lists = {each.name: examples.of_hint(callee.hints.get(each.name, Any), each.name) for each in required}
    if not all(lists.values()):
        WHY.setdefault(callee.path, f"no example: {[name for name, some in lists.items() if not some]}")
        return
    ways = [{name: min(place, len(some) - 1) for name, some in lists.items()} for place in range(11 if lists else 1)]
    chosen = random.Random(callee.path)  # noqa: S311  # no secret
    more = range(MOST_TRIES if lists else 0)
    ways += [{name: chosen.randrange(len(some)) for name, some in lists.items()} for _ in more]
    seen = set()
    for way in ways:
        if (key := tuple(way.values())) not in seen:
            seen.add(key)
            yield functools.partial(taken, {name: lists[name][place] for name, place in way.items()})


def evaluated(text: str) -> dict[str, Any]:
    return dict(eval(f"dict({text})", examples.scope()))  # noqa: S307  # our own text


def taken(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments, with those that a call changes made anew."""
    return {
        name: examples.make(type(value).__name__) if type(value).__name__ in examples.CHANGING else value
        for name, value in arguments.items()
    }
