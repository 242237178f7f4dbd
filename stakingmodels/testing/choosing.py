"""`chosen`: the checks to run, of those that there are."""

from collections.abc import Iterable, Mapping

from stakingmodels import checks


def chosen(
    where: str,
    table: str,
    known: Iterable[str],
    expected_failures: Mapping[str, str],
    only: Iterable[str] | None,
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
    expected_failures
        Reason of each failure that is expected, by name of the check.
    only
        Names of the checks wanted; None for all.

    Raises
    ------
    InputError, InputTypeError
        For unknown names, no name at all, and an expected failure without a reason.
    """
    names = [*known]
    if isinstance(only, str):
        checks.refuse_type(f"{where}: only", "must be a list of names of checks", only, f"[{only!r}]")
    wanted = names if only is None else [*only]
    rule = f"must be one of `stakingmodels.testing.{table}`"
    if not wanted:
        checks.refuse(f"{where}: only", "must name a check, since none would be run", only, f"[{names[0]!r}]")
    for name in wanted:
        known_name(f"{where}: only", name, names, rule)
    check_reasons(where, expected_failures, names, rule)
    return [name for name in names if name in wanted]


def check_reasons(where: str, expected_failures: Mapping[str, str], names: Iterable[str], rule: str) -> None:
    """Refuse expected failures of unknown names (the rule says of which), and those without a reason."""
    known = [*names]
    what = f"{where}: expected_failures"
    checks.instance(what, expected_failures, Mapping, f'{{"{known[0]}": "why it fails"}}')
    for name, reason in expected_failures.items():
        known_name(what, name, known, rule)
        if not isinstance(reason, str) or not reason.strip():
            checks.refuse(
                f"{what}[{name!r}]", "must say why it is expected to fail", reason, '"a bonus at the opening"'
            )


def known_name(what: str, name: object, names: list[str], rule: str) -> None:
    """Refuse a name that is none of these."""
    if not isinstance(name, str) or name not in names:
        hint = checks.nearest_hint(name, names) if isinstance(name, str) else ""
        checks.refuse(what, rule, name, hint or f"such as {names[0]!r}")
