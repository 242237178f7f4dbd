"""`Rule`: a condition on which a holder acts, seen at each interval's end; rules combine with ``|`` and ``&``."""

import itertools
from abc import ABC, abstractmethod
from typing import Any, NoReturn

import attrs

from stakingmodels import checks, terms
from stakingmodels.display import shorten
from stakingmodels.errors import InputTypeError
from stakingmodels.market import Factor, Now
from stakingmodels.products.wrappers.watch import Watch, Watches
from stakingmodels.replacing import Replaceable

_SIGNS = {"AnyOf": "|", "AllOf": "&"}
_FIX = "write a & b for a and b, a | b for a or b"


class Rule(Replaceable, ABC):
    """A condition on values that a holder can see: frozen terms, to which `watch` adds the state of one run.

    Rules are equal by value. ``a | b`` holds where either does, ``a & b`` where both do on the same day.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def factors(self) -> frozenset[Factor]:
        """Factors that the rule reads from a market."""

    @abstractmethod
    def watch(self, now: Now) -> Watch:
        """Begin to watch, at the opening."""

    def excludes(self, other: "Rule") -> bool:
        """Whether this rule and another can never hold on the same day; False where that is not known."""
        del other
        return False

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        shorten(cls)

    def __repr__(self) -> str:
        """Text of the rule as it is written in code."""
        kind: type[Any] = type(self)
        return f"{kind.__name__}({', '.join(repr(getattr(self, field.name)) for field in attrs.fields(kind))})"

    def __or__(self, other: "Rule") -> "Rule":
        """Rule that holds where either does."""
        return _joined(AnyOf, self, other)

    def __and__(self, other: "Rule") -> "Rule":
        """Rule that holds where both do on the same day."""
        return _joined(AllOf, self, other)

    def __bool__(self) -> NoReturn:
        """Refused: ``and`` and ``or`` would drop one of the rules."""
        raise InputTypeError(checks.sentence(f"{self!r}: a rule is neither true nor false", _FIX))


def as_rule(where: str, value: object) -> Rule:
    """The value if it is a `Rule`; anything else is refused with an example."""
    return checks.instance(where, value, Rule, 'Falls(Price("ETH"), 0.20)')


class _Combination(Rule):
    """Several rules, none of which is a combination of the same kind."""

    __slots__ = ()

    rules: tuple[Rule, ...]

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that the rules read."""
        return frozenset[Factor]().union(*(rule.factors for rule in self.rules))

    def watch(self, now: Now) -> Watch:
        """Begin to watch each rule."""
        return Watches([rule.watch(now) for rule in self.rules], wants_all=isinstance(self, AllOf))

    def __repr__(self) -> str:
        """Text of the rules with the operator between them."""
        parts = (f"({rule!r})" if isinstance(rule, _Combination) else repr(rule) for rule in self.rules)
        return f" {_SIGNS[type(self).__name__]} ".join(parts)


def _joined(kind: type[_Combination], one: Rule, other: object) -> Rule:
    rules = _flat(kind, (one, as_rule(f"{one!r} {_SIGNS[kind.__name__]} ...", other)))
    return rules[0] if len(rules) == 1 else kind(rules)  # type: ignore[call-arg]


def _flat(kind: type[_Combination], rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules, with the parts of combinations of a kind in their place, each once."""
    return tuple(dict.fromkeys(itertools.chain(*(r.rules if isinstance(r, kind) else (r,) for r in rules))))


def _checked(where: str, value: object) -> tuple[Rule, ...]:
    kind: type[_Combination] = AllOf if where == "AllOf.rules" else AnyOf
    if not isinstance(value, (tuple, list)):
        checks.refuse_type(where, "must be a tuple of rules", value, _FIX)
    rules = _flat(kind, tuple(as_rule(f"{where}[{i}]", rule) for i, rule in enumerate(value)))
    if len(rules) < 2:
        checks.refuse(where, "must hold at least 2 different rules", value, _FIX)
    for one, other in itertools.combinations(rules, 2):
        if kind is AllOf and (one.excludes(other) or other.excludes(one)):
            checks.refuse(str(one), "can never hold together with another", other, "| in place of &")
    return rules


@terms.sheet
class AnyOf(_Combination):
    """Rule that holds where any of several rules does: ``a | b``."""

    rules: tuple[Rule, ...] = terms.field("other", _checked, kw_only=False)


@terms.sheet
class AllOf(_Combination):
    """Rule that holds where several rules all do on the same day: ``a & b``."""

    rules: tuple[Rule, ...] = terms.field("other", _checked, kw_only=False)
