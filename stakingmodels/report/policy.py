"""`Policy`: limits that a product must keep, from a TOML file or a mapping, and what broke them."""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from stakingmodels import checks
from stakingmodels.analysis import ComparisonRow
from stakingmodels.analysis.comparison_format import share, signed
from stakingmodels.analysis.ranking import HIGH_IS_BEST, LOW_IS_BEST
from stakingmodels.series import FrozenMap
from stakingmodels.tomlfiles import parsed, read_text
from stakingmodels.words import Note

Unit = Literal["share", "days", "signed", "flag"]
LIMITS: Mapping[str, tuple[str, Unit]] = FrozenMap(
    {
        "max_days_to_cash": ("days_to_cash", "days"),
        "max_es": ("expected_shortfall", "share"),
        "max_es_vs_holding": ("expected_shortfall_vs_holding", "share"),
        "max_value_at_risk": ("value_at_risk", "share"),
        "max_probability_of_loss": ("probability_of_loss", "share"),
        "max_probability_below_holding": ("probability_below_holding", "share"),
        "max_cost": ("cost", "share"),
        "max_unsettled": ("unsettled", "share"),
        "max_infeasible": ("infeasible", "share"),
        "min_return": ("return_mean", "signed"),
        "min_excess_return": ("excess_return", "signed"),
        "min_excess_over_cash": ("excess_over_cash", "signed"),
        "must_leave_early": ("can_leave_early", "flag"),
    }
)
"""Column of a comparison's row that a limit is of, and its unit, by its name in a file."""
RULE = "excess_return"
"""Column by which the best is chosen, where a policy does not say."""
_OWN = {"max_infeasible": 0.05}
"""Limits that hold without a policy, as in `Comparison.rank`."""
_WORDS = ("name", "best_by")
_HOW = "write max_days_to_cash = 30"
_MOST_DAYS = 100_000.0


@attrs.frozen(kw_only=True)
class Policy:
    """Limits that a product must keep, and the rule for the best of those that do.

    Attributes
    ----------
    name
        Name of the policy; empty for none.
    best_by
        A numeric column of the comparison.
    limits
        Bound by the name of the limit.
    """

    name: str = ""
    best_by: str = RULE
    limits: Mapping[str, float] = FrozenMap(_OWN)

    def broken(self, row: ComparisonRow) -> tuple[str, ...]:
        """Limits that a row breaks."""
        return tuple(key for key in self.limits if not keeps(row, key, self.limits[key]))

    def order(self, row: ComparisonRow) -> float:
        """Key by which rows are sorted, best first."""
        value = float(getattr(row, self.best_by))
        return -value if self.best_by in HIGH_IS_BEST else value


def keeps(row: ComparisonRow, key: str, bound: float) -> bool:
    """Whether a row keeps a limit; a number that does not exist breaks it."""
    value = float(getattr(row, LIMITS[key][0]))
    if key.startswith("must_"):
        return bool(value)
    return value >= bound if key.startswith("min_") else value <= bound


def limit_note(key: str, bound: float) -> str:
    """A limit with its bound in words."""
    if key.startswith("must_"):
        return Note(f"report.limit.{key}")
    side = Note("report.at_least" if key.startswith("min_") else "report.at_most", bound=figure(key, bound))
    return Note("report.limit", what=Note(f"report.limit.{key}"), side=side)


def value_note(row: ComparisonRow, key: str, tail: float) -> str:
    """Value of a row for a limit."""
    value = getattr(row, LIMITS[key][0])
    if isinstance(value, bool):
        return Note("products.yes" if value else "products.no")
    if LIMITS[key][1] == "days" and math.isinf(value):
        return f"> {tail:g}"
    return figure(key, float(value))


def figure(key: str, value: float) -> str:
    """A number in the unit of its limit; a dash where there is none."""
    unit = LIMITS[key][1]
    if math.isnan(value):
        return "-"
    if unit == "days":
        return f"{value:,.4g}"
    return signed(value) if unit == "signed" else share(value)


def policy_of(where: str, given: object) -> Policy:
    """Policy of a path, a mapping, or None for the limits that hold without one.

    Raises
    ------
    InputError, InputTypeError
        For a file that cannot be read or is no TOML, an unknown limit with the nearest name, and a bound out of range.
    """
    if given is None or isinstance(given, Policy):
        return given or Policy()
    if isinstance(given, Mapping):
        return _checked(where, given)
    if not isinstance(given, (str, os.PathLike)):
        checks.refuse_type(where, 'must be the path of a TOML file, a mapping or None; write "policy.toml"', given)
    file = Path(os.fspath(given))
    name = f"{where}: {checks.show(str(file.name or file))}"
    return _checked(name, parsed(name, read_text(name, file)))


def _checked(where: str, table: Mapping[Any, Any]) -> Policy:
    limits: dict[str, float] = {}
    for key, value in table.items():
        if key in _WORDS:
            continue
        if not isinstance(key, str) or key not in LIMITS:
            checks.refuse_name(where, key, (*_WORDS, *LIMITS))
        bound = _bound(f"{where}: {key}", value, LIMITS[key][1])
        if bound or LIMITS[key][1] != "flag":  # a flag that is false asks for nothing
            limits[key] = bound
    if not limits:
        checks.refuse(where, "must hold a limit", dict(table), _HOW)
    name, best_by = table.get("name"), table.get("best_by", RULE)
    if not isinstance(best_by, str) or best_by not in HIGH_IS_BEST | LOW_IS_BEST:
        near = checks.nearest(best_by, HIGH_IS_BEST | LOW_IS_BEST) if isinstance(best_by, str) else ""
        hint = f"did you mean {near!r}?" if near else f"such as {RULE!r}"
        checks.refuse(f"{where}: best_by", "must be a numeric column of the comparison", best_by, hint)
    return Policy(
        name="" if name is None else checks.text(f"{where}: name", name),
        best_by=best_by,
        limits=FrozenMap({**_OWN, **limits}),
    )


def _bound(where: str, value: object, unit: Unit) -> float:
    if unit == "flag":
        return float(checks.flag(where, value))
    if unit == "days":
        return checks.non_negative(where, value, _MOST_DAYS)
    if unit == "share":
        return checks.fraction(where, value)
    number = checks.real(where, value)
    if not -1.0 <= number <= 1.0:
        checks.refuse(where, "must be a fraction in [-1, 1]", value, checks.fraction_hint(number))
    return number
