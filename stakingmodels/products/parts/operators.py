"""`among_operators`: a failure of one operator, spread over several with parts of the stake, and a common fault."""

from collections.abc import Sequence

import numpy as np

from stakingmodels import checks
from stakingmodels.market import Event
from stakingmodels.products.parts.failures import Failure

MOST_OPERATORS = 1_000


def among_operators(failure: Failure, operators: int | Sequence[float], *, common: float = 0.0) -> tuple[Failure, ...]:
    """Failures of operators among whom a stake is spread: about the same mean loss as one, and a smaller tail.

    Each operator fails on its own, by an event of its own (``name:1`` and on) with the hazard of the one, and takes its
    part of the stake with it. With a fault that is common to all, such as a bug of a client that all of them run, a
    share of each operator's hazard is one event for all, ``name:all``. Parts may be those of clients too.

    Parameters
    ----------
    failure
        Failure of an operator that has the whole stake; its event has a hazard.
    operators
        Number of operators with equal parts, in [1, 1,000], or their parts, which sum to 1.
    common
        Share of the hazard that strikes all operators together, in [0, 1]; default 0. With 1, they are as one.

    Returns
    -------
    tuple of Failure
        For the `failures` of any product. One operator is the failure itself.

    Raises
    ------
    InputError
        For parts that do not sum to 1, and an event without a hazard.

    Notes
    -----
    Each failure strikes what the ones before it have left, as if the rest were spread anew: of the mean loss ``hazard
    x severity`` a year the second order differs. For many operators the loss of a year tends to ``1 - exp(-hazard x
    severity)`` on every path.

    Examples
    --------
    >>> from stakingmodels import Event
    >>> from stakingmodels.products import Failure, among_operators
    >>> one = Failure(Event("slashing:pool", hazard=0.01), 0.05, line="slashing")
    >>> [(each.event.name, each.event.hazard, each.severity) for each in among_operators(one, 2, common=0.2)]
    [('slashing:pool:all', 0.002, 0.05), ('slashing:pool:1', 0.008, 0.025), ('slashing:pool:2', 0.008, 0.025)]
    """
    where = "among_operators"
    checks.instance(f"{where}: failure", failure, Failure, 'Failure(Event("slashing:pool", hazard=0.01), 0.05)')
    common = checks.fraction(f"{where}: common", common)
    parts = _parts(f"{where}: operators", operators)
    if len(parts) == 1 or common == 1.0:
        return (failure,)
    name, hazard = failure.event.name, failure.event.hazard
    if hazard is None:
        rule = "must have an event with a hazard, which each operator has"
        checks.refuse(f"{where}: failure", rule, failure, f"Event({name!r}, hazard=0.01)")
    found = [failure.replace(event=Event(f"{name}:all", hazard=hazard * common))] if common else []
    for number, part in enumerate(parts, 1):
        event = Event(f"{name}:{number}", hazard=hazard * (1.0 - common))
        found.append(failure.replace(event=event, severity=failure.severity * part))
    return tuple(found)


def _parts(where: str, operators: int | Sequence[float]) -> list[float]:
    if isinstance(operators, Sequence) and not isinstance(operators, str):
        parts = [checks.positive(where, part) for part in operators]
        if not np.isclose(sum(parts), 1.0, rtol=0.0, atol=1e-9):
            checks.refuse(where, "must be parts that sum to 1", tuple(operators), "operators=(0.5, 0.3, 0.2)")
        return parts
    number = checks.integer(where, operators, 1, MOST_OPERATORS)
    return [1.0 / number] * number
