"""`Unknown`: the term of a product, or the factor of its world, whose value is asked for."""

import math
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray
from stakingmodels.engine.protocols import RunnableProduct
from stakingmodels.errors import InputError
from stakingmodels.market import Event, Factor, MarketRatio, Price, TimeGrid
from stakingmodels.market.factors import as_factor
from stakingmodels.products import Product, value_of, with_term
from stakingmodels.products.term_paths import term_of
from stakingmodels.scenarios import Pinned, Scenario, Shock, Shocked
from stakingmodels.words import Note

Of = str | Factor
"""A term by its path, such as ``"commission"`` or ``"failures[0].recovery"``; or a factor, whose change is meant."""
_CHANGES = (-0.95, 9.0)
_WIDE = 100.0


@attrs.frozen
class Unknown:
    """A term of a product by its path, or the change of a factor of its world.

    A price goes in a straight line of its logarithm to its opening times ``1 + change`` at the exit
    (`scenarios.Pinned`), a ratio of a token in a straight line to that; anything else, such as ``Difficulty("BTC")`` or
    ``PowerPrice("US")``, is changed from the opening on (`scenarios.Shock`).

    Attributes
    ----------
    of
        The path, or the factor.
    is_whole
        Whether only whole numbers count.
    term
        Description of the term; None for a factor, and for terms without one.
    """

    of: Of
    is_whole: bool = False
    term: terms.Term | None = None

    @classmethod
    def parse(cls, where: str, of: object, product: RunnableProduct) -> "Unknown":
        """Unknown of a product; a text in the form of a factor, such as ``Price("ETH")``, is one."""
        if isinstance(of, Factor) or (isinstance(of, str) and "(" in of):
            factor = as_factor(where, of)
            if isinstance(factor, Event):
                rule = "must be a level or a rate, not an event"
                checks.refuse(where, rule, str(factor), 'write the path of its hazard, such as "failures[0].event"')
            return cls(factor)
        if not isinstance(of, str):
            checks.refuse_type(where, 'must be a term such as "commission", or a factor such as Price("ETH")', of)
        term, value = term_of(where, checks.instance("solve: product", product, Product, "StakingPool(...)"), of)
        return cls(of, isinstance(value, int) or (term is not None and term.kind == "count"), term)

    @property
    def is_factor(self) -> bool:
        """Whether it is a change of a factor."""
        return isinstance(self.of, Factor)

    def changed_product(self, product: Any, value: float) -> Any:
        """The product with the term at a value, or as it is where a factor is asked for."""
        return product if isinstance(self.of, Factor) else with_term(product, self.of, value)

    def changed_world(self, scenario: Scenario, value: float, grid: TimeGrid) -> Scenario:
        """The scenario with the factor changed.

        A price goes to the change at the exit, a ratio of a token there in a straight line; anything else is changed
        from the opening on.
        """
        if not isinstance(self.of, Factor):
            return scenario
        if isinstance(self.of, Price):
            return Pinned(scenario, {self.of: value})
        until = float(grid.elapsed_days[grid.exit]) if isinstance(self.of, MarketRatio) else None
        return Shocked(scenario, [Shock(self.of, day=0.0, change=value, until=until)])

    def bounds(self, where: str, between: object, product: RunnableProduct) -> tuple[float, float]:
        """Lowest and highest value within which is searched: as given, or the term's usual ones."""
        if between is None:
            return self._usual(where, product)
        if not isinstance(between, Sequence) or isinstance(between, str) or len(between) != 2:
            checks.refuse_type(where, "must be the lowest and the highest value, such as (1.0, 100.0)", between)
        low, high = (checks.real(f"{where}[{k}]", each) for k, each in enumerate(between))
        if low > high:
            checks.refuse(where, "must begin with the lower value", tuple(between), f"write ({high:g}, {low:g})")
        if low == high:
            checks.refuse(where, "must hold more than one value", tuple(between))
        if self.is_factor and low <= -1.0:
            hint = f"write ({_CHANGES[0]:g}, {high:g})"
            checks.refuse(where, "must be changes of the factor above -1: -0.5 halves it", tuple(between), hint)
        self._check(where, (low, high), product)
        return low, high

    def _check(self, where: str, ends: tuple[float, float], product: RunnableProduct) -> None:
        """Refuse ends that the term does not take."""
        for end in ends:
            try:
                self.changed_product(product, end)
            except InputError as error:
                sentence = str(error).removeprefix(f"with_term: {self.of}: ")
                raise type(error)(checks.sentence(f"{where}: {sentence}")) from error

    def _usual(self, where: str, product: RunnableProduct) -> tuple[float, float]:
        if isinstance(self.of, Factor):
            return _CHANGES
        if self.term is not None and self.term.kind == "fraction":
            return 0.0, 1.0
        if self.term is not None and self.term.usual is not None:
            return self.term.usual
        value = _now(product, self.of)
        if value is None or not value > 0.0:
            checks.refuse(where, f"must be given for {self.of}, whose usual values are not known", None, "(1.0, 100.0)")
        return value / _WIDE, value * _WIDE

    def rounded(self, value: float, *, or_less: bool) -> float:
        """A value as it is; of a whole number the nearest one on the side on which the target is met."""
        return float(self.rounded_all(np.array([value]), or_less=or_less)[0])

    def rounded_all(self, values: FloatArray, *, or_less: bool) -> FloatArray:
        """Values as in `rounded`."""
        if not self.is_whole:
            return values
        return np.asarray(np.floor(values) if or_less else np.ceil(values))

    def shown(self) -> str:
        """Name of the unknown for people."""
        if isinstance(self.of, Factor):
            return Note("solve.change_of", factor=str(self.of))
        return self.of

    def unit(self) -> str:
        """Unit of its values; empty for none."""
        return "" if self.term is None else self.term.unit

    def text(self, value: float) -> str:
        """A value as text, in six digits, a dash for none; changes of factors in percent."""
        if math.isnan(value):
            return "-"
        if self.is_factor:
            return f"{value:+z.4%}"
        return f"{value:,.0f}" if self.is_whole else f"{value:,.6g}"

    def error_text(self, error: float) -> str:
        """An error as text, in two digits; a dash for none."""
        if math.isnan(error):
            return "-"
        return f"{100.0 * error:.2g}%" if self.is_factor else f"{error:.2g}"


def _now(product: Any, of: str) -> float | None:
    try:
        return value_of(product, of)
    except InputError:
        return None
