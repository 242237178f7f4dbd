"""`run_checks`: checks run by name, those that are expected to fail too, and their failures told."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal, get_args

from stakingmodels import checks
from stakingmodels.errors import ConformanceError
from stakingmodels.series import FrozenMap

OnFail = Literal["raise", "collect"]
"""Whether the first failure is raised at once, or all of them together after the last check."""


def run_checks(
    where: str,
    thing: object,
    names: Collection[str],
    run: Callable[[str], object],
    *,
    expected_failures: Mapping[str, str],
    on_fail: OnFail,
    not_run: Mapping[str, str] = FrozenMap({}),
) -> None:
    """Run checks by name; one that is expected to fail must fail.

    Parameters
    ----------
    where
        Name of the function that was called, for messages.
    thing
        Object that is checked, for messages.
    names
        Names of the checks, in their order.
    run
        Function that runs the check of a name, and raises `ConformanceError` where it fails.
    expected_failures
        Reason of each failure that is expected, by name of the check.
    on_fail
        Whether the first failure is raised at once, or all of them together.
    not_run
        Reason why a check was not run, by its name, as far as `run` found one.

    Raises
    ------
    ConformanceError
        For a check that fails, and one that passes though it is expected to fail.
    """
    checks.choice(f"{where}: on_fail", on_fail, get_args(OnFail))
    failures: list[str] = []
    for name in names:
        error = _fault(run, name)
        if name in expected_failures:
            error = passes_again(name, thing, expected_failures[name]) if error is None else None
        if error is None:
            continue
        if on_fail == "raise":
            raise error
        failures.append(str(error))
    if failures:
        raise ConformanceError(_summary(thing, failures, [*names], not_run), tuple(failures))


def passes_again(name: str, thing: object, reason: str) -> ConformanceError:
    """Fault of a check that passes, though it is expected to fail."""
    text = "passes again; remove it from expected_failures, where it says"
    return ConformanceError(f"{name}: {checks.show(thing)}: {text} {reason!r}")


def _fault(run: Callable[[str], object], name: str) -> ConformanceError | None:
    try:
        run(name)
    except ConformanceError as error:
        return error
    return None


def _summary(thing: object, failures: list[str], names: Collection[str], not_run: Mapping[str, str]) -> str:
    """First lines of all failures, as a list; one that several checks give alike, such as a crash, is told once."""
    by_text: dict[str, list[str]] = {}
    for failure in failures:
        name, _, text = failure.partition("\n")[0].partition(": ")
        by_text.setdefault(text, []).append(name)
    verb = "fails" if len(failures) == 1 else "fail"
    what = "checks run" if not_run else "checks"
    count = f"{len(failures)} of {len(names) - len(not_run)} {what} {verb}"
    others = f"; {len(not_run)} not run" if not_run else ""
    lines = [f"- {', '.join(told)}: {text}" for text, told in by_text.items()]
    lines += [f"- not run: {name}: {reason}" for name, reason in not_run.items()]
    return "\n".join([f"{count}{others}: {checks.show(thing)}", *lines])
