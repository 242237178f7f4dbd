"""The inflation schedule: the rate a year by the years since inflation began, and governance's changes to it."""

from itertools import pairwise

import attrs

from stakingmodels import checks

_YEARS = 1_000.0
"""No schedule is asked about a later year; every one has reached its floor long before."""
_ACTIVATION_YEARS = 100.0
DOUBLE_DISINFLATION_TAPER = 0.30
"""Taper after SIMD-0550, Double Disinflation Rate (accepted by the vote SGP-0002 of August 2026, not active then)."""


@attrs.frozen(kw_only=True)
class Inflation:
    """One schedule: ``total(year) = max(terminal, initial * (1 - taper)**year)``, fractions a year of all SOL.

    Source: anza-xyz/solana-sdk inflation/src/lib.rs at 7b8d898, struct Inflation.

    Parameters
    ----------
    initial
        Rate at year 0. A re-anchored schedule may begin at more than it ever pays.
    terminal
        Rate that the schedule does not fall below.
    taper
        Fraction by which the rate falls in a year, in [0, 1].
    foundation
        Fraction of the total that goes to the foundation, in [0, 1].
    foundation_term
        Years for which it does.
    """

    initial: float = attrs.field(validator=checks.NON_NEGATIVE)
    terminal: float = attrs.field(validator=checks.FRACTION)
    taper: float = attrs.field(validator=checks.FRACTION)
    foundation: float = attrs.field(default=0.0, validator=checks.FRACTION)
    foundation_term: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)

    def total(self, year: float) -> float:
        """New SOL a year over all SOL, `year` years after inflation began."""
        years = checks.non_negative("Inflation.total: year", year, _YEARS)
        return max(self.terminal, float(self.initial * (1.0 - self.taper) ** years))

    def foundation_rate(self, year: float) -> float:
        """The foundation's part of the total (the source's `foundation(year)`)."""
        total = self.total(year)
        return total * self.foundation if year < self.foundation_term else 0.0

    def validator(self, year: float) -> float:
        """The part of the total that stakes are paid."""
        return self.total(year) - self.foundation_rate(year)


FULL = Inflation(initial=0.08, terminal=0.015, taper=0.15)
"""The main network since epoch 150 (10 February 2021), still in September 2026. Source: the same file,
Inflation::full."""
DEFAULT = attrs.evolve(FULL, foundation=0.05, foundation_term=7.0)
"""Schedule of a new genesis, used by no major network. Source: the same file, Inflation::default."""


def new_fixed(validator: float) -> Inflation:
    """A constant rate, all of it to stakes. Source: the same file, Inflation::new_fixed."""
    rate = checks.fraction("new_fixed: validator", validator)
    return Inflation(initial=rate, terminal=rate, taper=1.0)


def re_anchored(before: Inflation, activation_year: float, taper: float = DOUBLE_DISINFLATION_TAPER) -> Inflation:
    """The schedule with another taper that passes through the old rate in the year of its activation.

    ``initial = before.total(year) / (1 - taper)**year``. Source: solana-foundation/solana-improvement-documents,
    proposals/0550-double-disinflation.md, Conformance (July 2026).

    Parameters
    ----------
    before
        The schedule until then.
    activation_year
        Years after inflation began, in [0, 100].
    taper
        In [0, 1).
    """
    year = checks.non_negative("re_anchored: activation_year", activation_year, _ACTIVATION_YEARS)
    if checks.fraction("re_anchored: taper", taper) == 1.0:
        checks.refuse("re_anchored: taper", "must be below 1, or the rate cannot pass through the old one", taper)
    initial = before.total(year) / (1.0 - taper) ** year
    return attrs.evolve(before, initial=initial, taper=taper)


@attrs.frozen
class InflationChange:
    """A schedule that replaces the one before it, from a year on.

    Parameters
    ----------
    activation_year
        Years after inflation began.
    inflation
        The schedule from then on.
    """

    activation_year: float = attrs.field(validator=checks.field(checks.non_negative, _YEARS))
    inflation: Inflation = attrs.field(validator=checks.field(checks.instance, Inflation, "solana.FULL"))


def _changes(where: str, value: object) -> tuple[InflationChange, ...]:
    """Changes in the order of their years."""
    found = checks.instance(where, value, tuple, "(InflationChange(5.7, ...),)")
    changes = [checks.instance(where, each, InflationChange, "InflationChange(5.7, ...)") for each in found]
    years = [change.activation_year for change in changes]
    if any(later <= earlier for earlier, later in pairwise(years)):
        checks.refuse(where, "must be in order of their activation years, each once", years)
    return tuple(changes)


@attrs.frozen
class InflationPath:
    """Inflation as changed by governance: the first schedule, and the changes in order of their years.

    Parameters
    ----------
    first
        The schedule from year 0.
    changes
        `InflationChange` values, each later than the one before.
    """

    first: Inflation = attrs.field(validator=checks.field(checks.instance, Inflation, "solana.FULL"))
    changes: tuple[InflationChange, ...] = attrs.field(default=(), validator=checks.field(_changes))

    def at(self, year: float) -> Inflation:
        """The schedule in force in a year; a change rules from its activation year on, that included."""
        years = checks.non_negative("InflationPath.at: year", year, _YEARS)
        in_force = [change.inflation for change in self.changes if change.activation_year <= years]
        return in_force[-1] if in_force else self.first

    def total(self, year: float) -> float:
        """New SOL a year over all SOL."""
        return self.at(year).total(year)

    def validator(self, year: float) -> float:
        """The part of the total that stakes are paid."""
        return self.at(year).validator(year)


MAINNET = InflationPath(FULL)
"""The main network as of September 2026: SIMD-0550 is accepted but not active (its feature gate was not)."""


def double_disinflation(activation_year: float, before: Inflation = FULL) -> InflationPath:
    """The path with SIMD-0550 active from a year on: the rate falls by 30 % a year instead of 15 %."""
    return InflationPath(before, (InflationChange(activation_year, re_anchored(before, activation_year)),))
