"""Committee form: the decision, why each alternative was rejected, limits, and historic stresses, on two pages."""

import math
from collections.abc import Iterator

import attrs

from stakingmodels.analysis import Comparison, ComparisonRow
from stakingmodels.analysis.answer.held import is_held
from stakingmodels.analysis.comparison_format import signed
from stakingmodels.analysis.comparison_report import tail_days
from stakingmodels.report.blocks import Block, Section, table, text
from stakingmodels.report.policy import RULE, Policy, limit_note, value_note
from stakingmodels.report.stresses import stresses_of
from stakingmodels.tables import Table
from stakingmodels.words import Note

KEPT, BROKEN = "✓", "✗"
"""Marks of a limit that is kept, and of one that is not."""


@attrs.frozen(kw_only=True)
class Decision:
    """Rows that keep a policy, best first, and the limits that each of the others breaks.

    Attributes
    ----------
    passing
        Rows that keep all limits and have a number to go by, best first.
    broken
        Limits by the name of a row that breaks any.
    policy
        The policy.
    """

    passing: tuple[ComparisonRow, ...]
    broken: dict[str, tuple[str, ...]]
    policy: Policy

    @property
    def best(self) -> ComparisonRow | None:
        """The best row of those that pass; None if none does."""
        return self.passing[0] if self.passing else None


def decide(comparison: Comparison, policy: Policy) -> Decision:
    """The best row by the policy's rule of those that keep its limits."""
    broken = {row.product: policy.broken(row) for row in comparison.rows}
    passing = [row for row in comparison.rows if not broken[row.product] and not math.isnan(policy.order(row))]
    return Decision(passing=tuple(sorted(passing, key=policy.order)), broken=broken, policy=policy)


def committee_sections(comparison: Comparison, policy: Policy) -> list[Section]:
    """Sections of the committee form."""
    decision = decide(comparison, policy)
    return [
        Section("decision", Note("report.section.decision"), tuple(_decision(comparison, decision))),
        Section("alternatives", Note("report.section.alternatives"), (table(_alternatives(comparison, decision)),)),
        limits_section(comparison, decision),
        Section(
            "stresses",
            Note("report.section.stresses"),
            tuple(_stresses(comparison)),
        ),
    ]


def limits_section(comparison: Comparison, decision: Decision) -> Section:
    """Limits of the policy, kept or broken by each row."""
    policy, tail = decision.policy, tail_days(comparison.results.grid)
    columns = [Note("column.product"), *(limit_note(key, bound) for key, bound in policy.limits.items())]
    rows = [
        [
            row.product,
            *(
                f"{BROKEN if key in decision.broken[row.product] else KEPT} {value}"
                if not isinstance(value := value_note(row, key, tail), Note)
                else Note("report.marked", mark=BROKEN if key in decision.broken[row.product] else KEPT, value=value)
                for key in policy.limits
            ),
        ]
        for row in comparison.rows
    ]
    name = Note("report.limits.named", name=policy.name) if policy.name else Note("report.limits.own")
    level = f"{100 * comparison.confidence_level:.4g}%"
    legend = Note("report.limits.note", kept=KEPT, broken=BROKEN, level=level)
    return Section("limits", Note("report.section.limits"), (table(Table(name, columns, rows, [legend])),))


def _decision(comparison: Comparison, decision: Decision) -> Iterator[Block]:
    best = decision.best
    if best is None:
        yield Block("verdict", Note("report.decision.none", n=len(comparison.rows)))
        return
    yield Block("verdict", Note("report.decision", product=best.product))
    value = _value(best, decision.policy.best_by)
    rule = _rule(comparison, decision.policy.best_by)
    yield text(Note("report.decision.why", n=len(decision.passing), of=len(comparison.rows), rule=rule, value=value))
    if is_held(comparison.results, best.product):
        yield text(Note("report.decision.held"))
    elif not comparison.results.partial:
        row = comparison.ranges[best.product]
        ends = {end: signed(getattr(row, end)) for end in ("low", "base", "high")}
        yield text(Note("report.decision.range", **ends))
        above = [
            o for o in comparison.compared if o != best.product and _verdict(comparison, best.product, o) == "above"
        ]
        unsure = [o for o in comparison.compared if o != best.product and _verdict(comparison, best.product, o) == ""]
        below = [
            o for o in comparison.compared if o != best.product and _verdict(comparison, best.product, o) == "below"
        ]
        told = {"above": above, "unsure": unsure, "below": below}
        clauses = tuple(Note(f"report.decision.{key}", names=tuple(names)) for key, names in told.items() if names)
        if clauses:
            yield text(Note("report.decision.sure", clauses=clauses))


def _verdict(comparison: Comparison, one: str, other: str) -> str:
    """``"above"``, ``"below"``, or empty where it is not sure under all assumptions."""
    above = comparison.verdicts.of(one, other).above
    return "" if above is None else "above" if above == one else "below"


def _rule(comparison: Comparison, column: str) -> str:
    if column != RULE:
        return Note("report.rule.column", column=column)
    if comparison.benchmark is not None:
        return Note("report.rule.benchmark", benchmark=comparison.benchmark)
    return Note("report.rule.holding")


def _value(row: ComparisonRow, column: str) -> str:
    value = float(getattr(row, column))
    if column.startswith("days") or column in {"n_paths", "effective_paths"}:
        return f"{value:,.4g}"
    return signed(value)


def _alternatives(comparison: Comparison, decision: Decision) -> Table:
    """Every other row and why it was not chosen: in the order of the rule, then those that break limits."""
    best = decision.best
    columns = [Note("column.product"), Note("report.column.by_rule"), Note("report.column.rejected")]
    by = decision.policy.best_by
    cells = [[row.product, _value(row, by), _behind(comparison, row, decision)] for row in decision.passing[1:]]
    tail = tail_days(comparison.results.grid)
    passing = {row.product for row in decision.passing}
    for row in comparison.rows:
        if row.product in passing:
            continue
        told = tuple(
            Note("report.broken", limit=limit_note(key, decision.policy.limits[key]), value=value_note(row, key, tail))
            for key in decision.broken[row.product]
        )
        why = Note("report.breaks", limits=told) if told else Note("report.no_number")
        cells.append([row.product, _value(row, by), why])
    cells += [[name, "-", Note("cell.skipped", why=why)] for name, why in comparison.skipped.items()]
    title = Note("report.alternatives.none") if best is None else Note("report.alternatives", product=best.product)
    return Table(title, columns, cells, left=1, left_last=1)


def _behind(comparison: Comparison, row: ComparisonRow, decision: Decision) -> str:
    """How far a row that passes is behind the best, and whether that is sure."""
    best = decision.passing[0]
    column = decision.policy.best_by
    gap = abs(float(getattr(best, column)) - float(getattr(row, column)))
    told = f"{gap:,.4g}" if column.startswith("days") else f"{100 * gap:,.2f}%"
    sure: str = ""
    names = comparison.compared
    if not comparison.results.partial and row.product in names and best.product in names:
        found = _verdict(comparison, best.product, row.product)
        sure = Note(f"report.behind.{found or 'unsure'}")
    elif is_held(comparison.results, row.product):
        sure = Note("report.behind.held")
    return Note("report.behind", gap=told, sure=sure)


def _stresses(comparison: Comparison) -> Iterator[Block]:
    stresses = stresses_of(comparison)
    if not stresses.returns:
        yield text(Note("report.stress.nothing"))
        return
    yield table(stresses.table(comparison.results.scenario.numeraire))
