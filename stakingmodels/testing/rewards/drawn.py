"""`reward_cases`: cases of a reward function, drawn by hypothesis."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from stakingmodels import checks
from stakingmodels.series import FrozenMap
from stakingmodels.testing.drawn_terms import hypothesis_strategies
from stakingmodels.testing.rewards.adapter import RewardFunction
from stakingmodels.testing.rewards.cases import LARGEST_FACTOR, LISTS, SMALLEST_FACTOR, RewardCase
from stakingmodels.testing.rewards.domain import Bounds

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LONGEST = 6
_MOST_EXAMPLES = 100_000


def reward_cases(function: RewardFunction) -> "SearchStrategy[RewardCase]":
    """Cases of a reward function for hypothesis, within the domain of each argument.

    Parameters
    ----------
    function
        The function with the meaning of its arguments.

    Raises
    ------
    InputTypeError
        For what is no `RewardFunction`.
    MissingExtraError
        Without hypothesis, the extra `testing`.

    Examples
    --------
    >>> simple = RewardFunction(lambda coins, apr: coins * apr, amount="coins", apr="apr")
    >>> cases = reward_cases(simple)  # @given(case=cases) def test(case): check(simple, [case])
    """
    checks.instance("reward_cases: function", function, RewardFunction, 'RewardFunction(earn, amount="principal")')
    st = hypothesis_strategies()
    values = st.fixed_dictionaries({role: _of(function, role) for role in function.arguments}).map(FrozenMap)
    places = st.floats(0.0, 1.0, exclude_max=True)
    found: SearchStrategy[RewardCase] = st.builds(
        RewardCase, values, values, st.integers(SMALLEST_FACTOR, LARGEST_FACTOR), places
    )
    return found


def _of(function: RewardFunction, role: Any) -> Any:
    st = hypothesis_strategies()
    bounds = function.bounds[role]
    single = st.one_of(st.floats(0.0, 1.0).map(bounds.at), _anywhere(bounds))
    return st.lists(single, min_size=1, max_size=_LONGEST) if role in LISTS else single


def _anywhere(bounds: Bounds) -> Any:
    """Any value between the bounds, all digits of it; whole numbers as far as floats would be exact."""
    st = hypothesis_strategies()
    if bounds.whole:
        return st.integers(int(bounds.low), int(bounds.top))
    return st.floats(bounds.low, bounds.top, allow_subnormal=False).map(bounds.without_dust)


def drawn_cases(where: str, function: RewardFunction, examples: int, seed: int) -> list[RewardCase]:
    """Cases of hypothesis, the same for a seed; none where none are asked for."""
    n = checks.integer(f"{where}: examples", examples, 0, _MOST_EXAMPLES)
    start = checks.integer(f"{where}: seed", seed, 0, 2**63 - 1)
    if n == 0:
        return []
    strategy = reward_cases(function)
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    found: list[RewardCase] = []

    def keep(case: RewardCase) -> None:
        found.append(case)

    chosen = settings(
        max_examples=n,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)),
    )
    run: Callable[[], None] = seeded(start)(chosen(given(strategy)(keep)))
    run()
    return found
