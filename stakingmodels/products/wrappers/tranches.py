"""`Tranche`: a share of a position that leaves once on each path, when its rule first holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from stakingmodels import checks
from stakingmodels._types import IntArray
from stakingmodels.errors import ScenarioWarning
from stakingmodels.market import Now
from stakingmodels.market.now import NO_PATHS
from stakingmodels.products.wrappers.rules import Rule, as_rule
from stakingmodels.products.wrappers.watch import Holds

Tranches = tuple[tuple[Rule, float], ...]
"""Rules, and the share of the rest that leaves by each."""
RuleLike = Rule | Mapping[Any, float] | Tranches
"""A rule; or several, each with its share. Any: a mapping of one class of rules would be refused by type checkers."""
_HOW = '{Falls(Price("ETH"), 0.10): 0.5, Falls(Price("ETH"), 0.20): 1.0}'


def as_share(where: str, value: object) -> float:
    """A share in (0, 1]."""
    share = checks.fraction(where, value)
    if share == 0.0:
        checks.refuse(where, "must be above 0, or nothing ever leaves", value)
    return share


def as_rules(where: str, value: object) -> Rule | Tranches:
    """A rule, or pairs of a rule and its share; a mapping becomes pairs, which can be hashed."""
    if not isinstance(value, (Mapping, tuple)):
        return as_rule(where, value)
    pairs = list(value.items()) if isinstance(value, Mapping) else list(value)
    if not pairs:
        checks.refuse(where, "must hold at least one rule", value, _HOW)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            checks.refuse_type(where, "must hold a share for each rule", pair, _HOW)
    return tuple((as_rule(where, rule), as_share(f"{where}: share of {rule}", share)) for rule, share in pairs)


def every(paths: IntArray | None) -> IntArray | slice:
    """Index of some paths, or of all (None)."""
    return slice(None) if paths is None else paths


class Tranche:
    """A share of a position, and the rule by which it leaves, on their way through one run.

    Parameters
    ----------
    rule, share
        The rule, and the share of the rest that leaves by it.
    now
        The opening.

    Attributes
    ----------
    n_waiting
        Number of paths on which it has not left yet.
    """

    def __init__(self, rule: Rule, share: float, now: Now) -> None:
        self.share = share
        self.n_waiting = now.n_paths
        self._watch = rule.watch(now)
        self._held: Holds = self._watch.holds(now)  # at the opening, on which nothing leaves yet
        self._waits, self._found = np.ones((2, now.n_paths), dtype=np.bool_)
        if self._watch.earliest_day > now.exit_day:
            early = f"on day {now.exit_day:g}, before it can hold on day {self._watch.earliest_day:g}"
            checks.warn(f"{rule}: never acts, since the holder leaves {early}", ScenarioWarning)

    def fires(self, now: Now) -> IntArray | None:
        """Paths on which the rule holds for the first time; None for all."""
        holds = self._watch.holds(now)
        if self._held is not False:
            holds, self._held = holds | self._held, False
        if isinstance(holds, np.ndarray):
            found = np.logical_and(holds, self._waits, out=self._found)
            paths = np.flatnonzero(found) if found.any() else NO_PATHS
        else:
            paths = np.flatnonzero(self._waits) if holds else NO_PATHS
        self._waits[paths] = False
        self.n_waiting -= paths.size
        return None if paths.size == now.n_paths else paths

    def stop(self, paths: IntArray | None) -> None:
        """Wait no longer on some paths, or on all."""
        self._waits[every(paths)] = False
        self.n_waiting = int(np.count_nonzero(self._waits))
