"""`Evidence`: one thing that was checked, with the function that checks it again."""

from collections.abc import Callable
from pathlib import Path

import attrs
import numpy as np

ROOT = Path(__file__).resolve().parents[2]


@attrs.frozen(kw_only=True)
class Evidence:
    """One thing that was checked against something that does not share our code.

    Attributes
    ----------
    key
        Its name, by which a printed quantity points to it.
    claim
        Claim, in English and in Traditional Chinese.
    against
        What it was held against, with version or date of publication.
    measure
        Measures the figure that the page prints; raises `AssertionError` where the claim does not hold.
    counted
        Gives the figure without checking it, where `test` does so in every run of the tests and it takes long.
    test
        File whose tests hold more of the same.
    date
        Day on which the evidence was first there.
    commit
        Commit that brought the test.
    """

    key: str
    claim: tuple[str, str]
    against: str
    measure: Callable[[], str]
    test: str
    date: str
    commit: str
    counted: Callable[[], str] | None = None


def within(found: object, expected: object, bound: float) -> str:
    """Largest relative gap, said as the bound that it keeps to: the digits below it are the machine's."""
    one, other = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    gap = float(np.max(np.abs(one - other) / np.maximum(np.abs(other), 1e-300)))
    assert gap <= bound, f"off by {gap:.3g}, more than {bound:g}"
    return f"≤ {bound:g}"


def errors_apart(found: float, expected: float, standard_error: float, most: float = 4.0) -> float:
    """Standard errors between a sampled figure and the right one."""
    apart = abs(found - expected) / standard_error
    assert apart <= most, f"{apart:.1f} standard errors apart"
    return apart
