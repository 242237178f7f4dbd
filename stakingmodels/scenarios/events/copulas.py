"""`Copula`: dependence between the first occurrences of named events, whatever their hazards."""

from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray
from stakingmodels.equality import ByValue
from stakingmodels.laws.normal import normal_tail
from stakingmodels.laws.student import t_tail
from stakingmodels.market import Event
from stakingmodels.market.factors import as_event
from stakingmodels.scenarios.drivers import Correlation, Drivers
from stakingmodels.scenarios.lanes import LANE
from stakingmodels.scenarios.streams import WIDTH_LIMIT, Streams, keyed
from stakingmodels.series import FrozenMap
from stakingmodels.words import Note

_DEGREES_LIMIT = 200


def _degrees(where: str, value: object) -> int:
    number = checks.integer(where, value, -(10**9), 10**9)
    if not 1 <= number <= _DEGREES_LIMIT:
        checks.refuse(where, f"must be a whole number in [1, {_DEGREES_LIMIT}]", value, "None for a Gaussian copula")
    return number


def _of_events(value: object) -> Correlation:
    how = 'a mapping such as {(Event("custodian:x"), Event("custodian:y")): 0.5}'
    pairs = checks.instance("Copula.correlation", value, Mapping, how)
    if not pairs:
        checks.refuse_type("Copula.correlation", f"must be {how}", value)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            checks.refuse_type("Copula.correlation", f"must be {how}", pair)
        for event in pair:
            as_event("Copula.correlation", event, 'Event("custodian:x")')
    return FrozenMap(pairs)


@attrs.frozen(eq=False)
class Copula(ByValue):
    """A Gaussian or t copula over named events.

    The cumulated hazard at which an event first occurs is a unit exponential draw; here the draws of several events are
    made of correlated normal (or t) variables. So each event by itself keeps its law exactly, and early occurrences
    come together. A t copula brings extreme draws together more often than a Gaussian one of the same correlation, also
    with a correlation of 0. Later occurrences of an event are independent of all else. Paths are independent draws also
    in a run with ``event_sampling="stratified"``: strata of each event would not keep the dependence.

    Parameters
    ----------
    correlation
        Pairs of events -> correlation in (-1, 1) of the variables behind; pairs not named have 0. Events in no pair are
        independent of the others.
    degrees_of_freedom
        Degrees of freedom of the t copula, a whole number in [1, 200]: fewer bring extremes together more often. None
        (default) for a Gaussian copula.

    Raises
    ------
    InputError
        Where the correlations are not those of any random variables (not positive definite).
    """

    correlation: Correlation = attrs.field(converter=_of_events)
    degrees_of_freedom: int | None = attrs.field(
        default=None,
        kw_only=True,
        **terms.rules("count", _degrees, optional=True, low=1, high=_DEGREES_LIMIT),
    )
    _drivers: Drivers = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        factors = tuple(dict.fromkeys(event for pair in self.correlation for event in pair))
        object.__setattr__(self, "_drivers", Drivers(factors, self.correlation, where="Copula"))

    @property
    def events(self) -> frozenset[Event]:
        """Events that depend on each other."""
        return frozenset(event for event in self._drivers.factors if isinstance(event, Event))

    def draw(self, events: frozenset[Event], streams: Streams, n_paths: int) -> dict[Event, FloatArray]:
        """Unit exponential draws of some of the events, ``(n_paths,)`` each.

        They do not depend on which are requested.
        """
        checks.integer("Copula.draw: n_paths", n_paths, 1, WIDTH_LIMIT)
        noise = self._drivers.noise(streams, n_paths)
        spread: FloatArray | None = None
        if self.degrees_of_freedom is not None:
            freedom = self.degrees_of_freedom
            draws = keyed(streams, f"copula:{self._drivers.factors[0]}", n_paths)
            chi = np.concatenate([generator.chisquare(freedom, LANE) for generator in draws.each_lane(0)])
            spread = np.sqrt(freedom / chi[:n_paths])
        found: dict[Event, FloatArray] = {}
        for event in sorted(events, key=str):
            rows: FloatArray = np.empty((1, n_paths))
            noise.fill(event, 0, 1, rows)
            found[event] = exponential_of_normal(rows[0]) if spread is None else self._of_t(rows[0] * spread)
        return found

    def _of_t(self, values: FloatArray) -> FloatArray:
        return exponential_of_t(values, self.degrees_of_freedom or 1)

    def __str__(self) -> str:
        return self.in_words()

    def in_words(self) -> Note:
        """Its law as a sentence."""
        degrees = self.degrees_of_freedom
        return Note("note.copula") if degrees is None else Note("note.copula_t", degrees=degrees)


def exponential_of_normal(values: FloatArray) -> FloatArray:
    """Unit exponentials with the same ranks as standard normals: ``-log(1 - Phi(z))``, exact in both tails."""
    return _of_tail(values, normal_tail(values))


def exponential_of_t(values: FloatArray, degrees_of_freedom: int) -> FloatArray:
    """Unit exponentials with the same ranks as t variables of a whole number of degrees of freedom."""
    return _of_tail(values, t_tail(values, degrees_of_freedom))


def _of_tail(values: FloatArray, tails: FloatArray) -> FloatArray:
    """``-log(1 - F)`` where the nearer tail of F is given: it is F below 0, and ``1 - F`` above."""
    return np.asarray(np.where(values < 0.0, -np.log1p(-tails), -np.log(tails)))
