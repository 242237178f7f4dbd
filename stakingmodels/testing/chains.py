"""`check_chain` and `CHAIN_CHECKS`: the checks that every chain must pass."""

import contextlib
import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, Protocol

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.errors import ConformanceError, InputError
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.rates import APR
from stakingmodels.series import FrozenMap
from stakingmodels.testing.bends import risen
from stakingmodels.testing.choosing import chosen
from stakingmodels.testing.counterexample import python_text, told, with_call
from stakingmodels.testing.locked import check_locked, check_nan_refused, equal_copies
from stakingmodels.testing.rates import no_rate
from stakingmodels.testing.surroundings import changed_by, printed_by, restored_generators, seed_generators
from stakingmodels.testing.verdicts import OnFail, run_checks

LONGEST_DAYS = 3_650.0
"""Longest wait that is taken for one in days."""
_ROUNDING = 1e-12
_OF_INTEGERS = 1e-4  # of a rate: rules in base units round, as the square root of Ethereum's stake
_SHARES = (0.01, 0.1, 1 / 3, 0.5, 2 / 3, 0.9)
_FEWEST = 0.1  # of the given stake


class ChainCheck(Protocol):
    """A named check: returns if the chain passes, and raises `ConformanceError` if not."""

    def __call__(self, chain: Chain) -> None:
        """Check a chain."""
        ...  # pragma: no cover


@attrs.frozen(eq=False)
class _Trial:
    """One running check of one chain."""

    check: str
    chain: Chain

    def fail(self, text: str) -> NoReturn:
        raise ConformanceError(f"{self.check}: {checks.show(self.chain)}: {text}")

    def ask(self, name: str, *arguments: object) -> Any:
        """Answer of a method; any error is a fault of the chain."""
        try:
            return getattr(self.chain, name)(*arguments)
        except Exception as error:  # noqa: BLE001 (whatever it raises)
            self.fail(f"{name} raised {type(error).__name__}: {error}{no_rate(self.chain)}")

    def number(self, name: str, *arguments: object) -> float:
        """A method's answer as one number, where it is one; NaN otherwise, which the check of that answer names."""
        answer = self.ask(name, *arguments)
        value = getattr(answer, "value", answer)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan

    def answers(self) -> dict[str, object]:
        """All that the chain says of itself."""
        asked = ("nominal_apr", "realized_apr", "supply_growth", "real_apr", "minimum_stake", "unbonding", "slashing")
        found = {name: self.ask(name) for name in (*asked, "compounding")}
        return found | {f"attack_cost({share:.3g})": self.ask("attack_cost", share) for share in _SHARES}

    def same(self, got: Mapping[str, object], when: str, want: Mapping[str, object]) -> None:
        for name, answer in want.items():
            if repr(got[name]) != repr(answer):  # NaN is alike; floats are shown in full
                self.fail(f"{name} is {got[name]!r}, not {answer!r}, {when}")


def check_frozen(chain: Chain) -> None:
    """A chain cannot be changed; its copies are equal, hash alike and answer alike; with less staked it is another."""
    trial = _Trial("frozen", chain)
    check_locked(chain, trial.fail)
    first = trial.answers()
    for name, twin in equal_copies(chain, trial.fail):
        trial.same(_Trial("frozen", twin).answers(), f"after a {name}", first)
    less = _with_less_staked(chain)
    if less is not None and chain == less:
        trial.fail(f"it equals one with {less.staked:g} staked, not {chain.staked:g}; leave __eq__ to @terms.sheet")


def _with_less_staked(chain: Chain) -> Chain | None:
    """The chain with a tenth less staked; None where it refuses that, in whatever words, or has no fields."""
    fields: Any = chain
    if not attrs.has(type(chain)):
        return None
    less: Chain | None = None
    with contextlib.suppress(Exception):  # of which `more-stake` tells
        less = attrs.evolve(fields, staked=0.9 * chain.staked)
    return less


def check_refuses_nan(chain: Chain) -> None:
    """Every number among the fields refuses NaN, with an error of the library that names the field."""
    check_nan_refused(chain, _Trial("refuses-nan", chain).fail)


def check_described(chain: Chain) -> None:
    """Every field of its own is named in the docstring of the class or its base, which says what it is."""
    trial = _Trial("described", chain)
    kind: type[Any] = type(chain)
    text = "\n".join(base.__doc__ or "" for base in kind.__mro__ if issubclass(base, Chain))
    common = Chain.__annotations__
    fields = attrs.fields(kind) if attrs.has(kind) else ()
    for name in [f.name for f in fields if f.init and f.name not in common and not f.name.startswith("_")]:
        if name not in text:
            trial.fail(f"{name} is not described in the docstring of {kind.__name__}; name it there, with its source")


def check_deterministic(chain: Chain) -> None:
    """Answers are the same each time, whatever numpy's and Python's global generators and error settings are.

    Between them the same chain is asked with less staked, so that no answer is kept from one state for another.
    """
    trial = _Trial("deterministic", chain)
    with restored_generators():
        seed_generators(1)
        first = trial.answers()
        less = _with_less_staked(chain)
        with contextlib.suppress(ConformanceError):  # what fails there is for other checks
            _Trial("deterministic", less or chain).answers()
        seed_generators(2)
        with np.errstate(all="raise"):
            second = trial.answers()
    trial.same(second, "when it is asked again", first)


def check_global_state(chain: Chain) -> None:
    """Questions leave the state of the process as it was: generators, error settings, warnings, environment."""
    trial = _Trial("global-state", chain)
    for name in changed_by(trial.answers):
        trial.fail(f"a question changes {name}")


def check_quiet(chain: Chain) -> None:
    """Questions print nothing."""
    trial = _Trial("quiet", chain)
    printed = printed_by(trial.answers)
    if printed:
        trial.fail(f"a question prints {printed[:40]!r}")


def check_state(chain: Chain) -> None:
    """The state is whole coins of one day: a stake above 0 and within the supply, and a date ``YYYY-MM-DD``."""
    trial = _Trial("state", chain)
    if not isinstance(chain.asset, str) or not chain.asset.strip():
        trial.fail(f"asset is {chain.asset!r}, not the name of a coin")
    for name in ("supply", "staked"):
        value = getattr(chain, name)
        if not isinstance(value, float) or not 0.0 < value < math.inf:
            trial.fail(f"{name} is {value!r}, not a number of whole coins above 0")
    if chain.staked > chain.supply:
        trial.fail(f"staked is {chain.staked:g}, above the supply of {chain.supply:g}")
    try:
        day = dt.date.fromisoformat(chain.as_of).isoformat()
    except (TypeError, ValueError):
        day = ""
    if day != chain.as_of:
        trial.fail(f"as_of is {chain.as_of!r}, not a day such as '2026-08-22'")


def check_refuses_states(chain: Chain) -> None:
    """A stake of 0 or above the supply, and an `as_of` that is no day, are refused by name; a later day is taken."""
    trial = _Trial("refuses-states", chain)
    no_days = ("2026", "2026-02-30", "2026-08-22T12:00", "20260822", "yesterday")
    for name, value in (("staked", 0.0), ("staked", 2.0 * chain.supply), *(("as_of", day) for day in no_days)):
        try:
            _changed(chain, name, value)
        except InputError as error:
            if name not in str(error):
                trial.fail(f"the refusal of {name}={value!r} does not name the field: {error}")
        except Exception as error:  # noqa: BLE001 (whatever its own checks raise)
            trial.fail(f"{name}={value!r} is refused with {type(error).__name__}, which is no error of the library")
        else:
            trial.fail(f"{name}={value!r} is taken; let your __attrs_post_init__ call super().__attrs_post_init__()")
    try:
        later = (dt.date.fromisoformat(chain.as_of) + dt.timedelta(days=30)).isoformat()
    except ValueError:  # what `state` is about
        return
    try:
        _changed(chain, "as_of", later)
    except Exception as error:  # noqa: BLE001 (whatever its own checks raise)
        trial.fail(f"as_of={later!r} is refused with {type(error).__name__}: {error}")


def _changed(chain: Any, name: str, value: object) -> Any:
    return attrs.evolve(chain, **{name: value})


def check_nominal_rate(chain: Chain) -> None:
    """The nominal rate is one `APR`, finite, at least 0 and at most 10 (1,000 %)."""
    _check_rate(_Trial("nominal-rate", chain), "nominal_apr", 0.0)


def check_supply_growth(chain: Chain) -> None:
    """The growth of the supply is one `APR`, finite, above -1 and at most 10 (1,000 %)."""
    _check_rate(_Trial("supply-growth", chain), "supply_growth", -0.999)


def _check_rate(trial: _Trial, name: str, least: float) -> None:
    answer = trial.ask(name)
    if type(answer) is not APR or not isinstance(answer.value, float):
        trial.fail(f"{name} is {checks.show(answer)}, not one APR; write APR(0.03)")
    if not least <= answer.value <= 10.0:
        trial.fail(f"{name} is {answer.value!r}, not in [{least:g}, 10]; a percentage? 3 % is APR(0.03)")


def check_realized_rate(chain: Chain) -> None:
    """The realized rate is the nominal one at the actual pace of blocks: 0 together, and at most four times apart."""
    trial = _Trial("realized-rate", chain)
    answer = trial.ask("realized_apr")
    if type(answer) is not APR or not isinstance(answer.value, float):
        trial.fail(f"realized_apr is {checks.show(answer)}, not one APR; write APR(0.03)")
    nominal, realized = trial.number("nominal_apr"), answer.value
    if math.isnan(nominal):
        return
    if not nominal / 4.0 <= realized <= nominal * 4.0:
        trial.fail(f"realized_apr is {realized!r}, too far from the nominal rate {nominal!r} for a pace of blocks")


def check_real_rate(chain: Chain) -> None:
    """The real rate is the realized one net of supply growth: ``(1 + realized) / (1 + growth) - 1``."""
    trial = _Trial("real-rate", chain)
    realized, growth, real = (trial.number(name) for name in ("realized_apr", "supply_growth", "real_apr"))
    expected = (1.0 + realized) / (1.0 + growth) - 1.0
    if not math.isnan(expected) and not abs(real - expected) <= _ROUNDING * (1.0 + abs(expected)):
        trial.fail(f"real_apr is {real!r}, not {expected!r}: (1 + realized) / (1 + growth) - 1")


def check_more_stake(chain: Chain) -> None:
    """More stake never raises the nominal rate: a share of the same rewards, or of rewards that grow more slowly."""
    trial = _Trial("more-stake", chain)

    def rate(stake: float) -> float:  # a stake may be too large beside coins that are delegated
        try:
            other = _with(trial, stake)
        except ConformanceError as error:
            if isinstance(error.__context__, InputError):
                return math.nan
            raise
        return other.number("nominal_apr")

    for less, more in risen(rate, _FEWEST * chain.staked, chain.supply, _OF_INTEGERS):
        before, after = rate(less), rate(more)
        if after > before * (1.0 + _OF_INTEGERS):
            trial.fail(f"nominal_apr rises from {before!r} with a stake of {less:g} to {after!r} with {more:g}")


def check_attack_cost(chain: Chain) -> None:
    """An attack costs ``staked * share / (1 - share)``: more for a larger share or stake; other shares are refused."""
    trial = _Trial("attack-cost", chain)
    for share in _SHARES:
        cost, expected = trial.number("attack_cost", share), chain.staked * share / (1.0 - share)
        if not abs(cost - expected) <= _ROUNDING * expected:
            answer = checks.show(trial.ask("attack_cost", share))
            trial.fail(f"attack_cost({share:.3g}) is {answer}, not {expected!r}")
    half = _with(trial, chain.staked * 0.5)
    if not half.number("attack_cost", 0.5) < trial.number("attack_cost", 0.5):
        trial.fail("attack_cost(0.5) does not grow with the stake")
    for share in (0.0, 1.0, -0.5, math.nan):
        try:
            chain.attack_cost(share)
        except InputError:
            continue
        except Exception as error:  # noqa: BLE001 (whatever it raises)
            trial.fail(f"attack_cost({share}) is refused with {type(error).__name__}, which is no error of the library")
        trial.fail(f"attack_cost({share}) is not refused")


def check_minimum_stake(chain: Chain) -> None:
    """The minimum stake is a number of whole coins, at least 0 and at most the supply."""
    trial = _Trial("minimum-stake", chain)
    least = trial.ask("minimum_stake")
    if not isinstance(least, (int, float)) or isinstance(least, bool) or not 0.0 <= least <= chain.supply:
        trial.fail(f"minimum_stake is {least!r}, not a number of whole coins within the supply")


def check_unbonding(chain: Chain) -> None:
    """Unbonding has days from 0 to 3,650, says whether the stake earns and can be slashed, and names its source."""
    trial = _Trial("unbonding", chain)
    rule = trial.ask("unbonding")
    if type(rule) is not Unbonding:
        trial.fail(f"unbonding is {checks.show(rule)}, not an Unbonding")
    if not rule.days <= LONGEST_DAYS:
        trial.fail(f"unbonding takes {rule.days:g} days, more than {LONGEST_DAYS:g}; are they seconds or blocks?")
    if not isinstance(rule.source, str) or not rule.source.strip():
        trial.fail("unbonding names no source")


def check_slashing(chain: Chain) -> None:
    """Slashing is a tuple of offenses of different names, each with ``min <= max`` and a source."""
    trial = _Trial("slashing", chain)
    offenses = trial.ask("slashing")
    if type(offenses) is not tuple or not all(type(each) is Offense for each in offenses):
        trial.fail(f"slashing is {checks.show(offenses)}, not a tuple of Offense; () if there are none")
    names = [each.name for each in offenses]
    for each in offenses:
        if not isinstance(each.name, str) or not each.name.strip() or names.count(each.name) > 1:
            trial.fail(f"an offense is named {each.name!r}; each needs a name of its own")
        if each.min > each.max:
            trial.fail(f"{each.name}: the smallest loss {each.min:g} is above the largest, {each.max:g}")
        if not isinstance(each.source, str) or not each.source.strip():
            trial.fail(f"{each.name} names no source")


def check_compounding(chain: Chain) -> None:
    """Compounding is True or False."""
    trial = _Trial("compounding", chain)
    answer = trial.ask("compounding")
    if type(answer) is not bool:
        trial.fail(f"compounding is {checks.show(answer)}, not True or False")


def _with(trial: _Trial, staked: float) -> _Trial:
    """The trial on a chain with another stake."""
    chain: Any = trial.chain
    try:
        return attrs.evolve(trial, chain=_changed(chain, "staked", staked))
    except Exception as error:  # noqa: BLE001 (whatever its own checks raise)
        trial.fail(f"a stake of {staked:g} raises {type(error).__name__}: {error}")


CHAIN_CHECKS: Mapping[str, ChainCheck] = told(
    "CHAIN_CHECKS",
    {
        # the first, since what a run changes for good cannot be seen any more by a later one
        "global-state": check_global_state,
        "frozen": check_frozen,
        "refuses-nan": check_refuses_nan,
        "described": check_described,
        "deterministic": check_deterministic,
        "quiet": check_quiet,
        "state": check_state,
        "refuses-states": check_refuses_states,
        "nominal-rate": check_nominal_rate,
        "supply-growth": check_supply_growth,
        "realized-rate": check_realized_rate,
        "real-rate": check_real_rate,
        "more-stake": check_more_stake,
        "attack-cost": check_attack_cost,
        "minimum-stake": check_minimum_stake,
        "unbonding": check_unbonding,
        "slashing": check_slashing,
        "compounding": check_compounding,
    },
)
"""Checks by name, in the order in which `check_chain` runs them."""


def check_chain(
    chain: Chain,
    *,
    expected_failures: Mapping[str, str] = FrozenMap({}),
    only: Iterable[str] | None = None,
    on_fail: OnFail = "raise",
) -> None:
    """Check a chain against the rules that every chain must follow.

    Parameters
    ----------
    chain
        Any chain, of the library or not.
    expected_failures
        Reason why a check fails, by its name. It is run, and must fail.
    only
        Names of the checks to run; None for all.
    on_fail
        Whether to raise at the first check that fails, or to run all and ``"collect"`` the failures into one error.

    Raises
    ------
    ConformanceError
        For a check that fails; the message names the check, the chain and the value. Also for one that passes, though
        it is expected to fail.
    InputError, InputTypeError
        For what is no chain, unknown names of checks, and an expected failure without a reason.

    Examples
    --------
    >>> from stakingmodels.protocols.chains.solana import Solana
    >>> check_chain(Solana())
    """
    checks.instance("check_chain: chain", chain, Chain, "Solana()")
    names = chosen("check_chain", "CHAIN_CHECKS", CHAIN_CHECKS, expected_failures, only)

    def run(name: str) -> None:
        try:
            CHAIN_CHECKS[name](chain)
        except ConformanceError as error:
            raise with_call(error, f"check_chain({python_text(chain)}, only=[{name!r}])") from error.__cause__

    run_checks("check_chain", chain, names, run, expected_failures=expected_failures, on_fail=on_fail)
