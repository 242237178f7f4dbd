"""`chosen`: the checks to run, of those that there are."""

from collections.abc import Iterable, Mapping

from stakingmodels import checks


def chosen(
    where: str, table: str, known: Iterable[str], skip: Mapping[str, str], only: Iterable[str] | None
) -> list[str]:
    """Names of the checks to run, in their order.

    Parameters
    ----------
    where
        Name of the function that was called, for messages.
    table
        Name of the mapping of all checks, for messages.
    known
        Names of all checks, in the order in which they run.
    skip
        Reason of each exception, by name of the check.
    only
        Names of the checks wanted; None for all.

    Raises
    ------
    InputError, InputTypeError
        For unknown names, and an exception without a reason.
    """
    names = [*known]
    checks.instance(f"{where}: skip", skip, Mapping, f'{{"{names[0]}": "why this is an exception"}}')
    if isinstance(only, str):
        checks.refuse_type(f"{where}: only", "must be a list of names of checks", only, f"[{only!r}]")
    wanted = names if only is None else [*only]
    for argument, given in (("skip", skip), ("only", wanted)):
        for name in given:
            if not isinstance(name, str) or name not in names:
                hint = checks.nearest_hint(name, names) if isinstance(name, str) else ""
                checks.refuse(f"{where}: {argument}", f"must be one of `stakingmodels.testing.{table}`", name, hint)
    for name, reason in skip.items():
        if not isinstance(reason, str) or not reason.strip():
            checks.refuse(f"{where}: skip[{name!r}]", "must say why this is an exception", reason)
    return [name for name in names if name in wanted and name not in skip]
