"""`fingerprint`: SHA-256 of a comparison's results."""

import hashlib
import json
import math
from typing import Any

from stakingmodels import checks
from stakingmodels.analysis import Comparison


def fingerprint(comparison: Comparison) -> str:
    """SHA-256 of the results of a comparison, in 64 hexadecimal digits.

    It is that of `Comparison.to_dict` as JSON in ASCII, with sorted keys, no blanks, and infinite numbers as the text
    ``"inf"``: inputs, seed, version, and every number of every row. The same run on the same version of the library and
    of numpy has the same.

    Parameters
    ----------
    comparison
        A comparison.

    Raises
    ------
    InputTypeError
        For anything else.

    References
    ----------
    NIST, "Secure Hash Standard", FIPS 180-4, 2015.

    Examples
    --------
    >>> from stakingmodels import Holding, TimeGrid, compare, report, scenarios, simulate
    >>> grid = TimeGrid.daily("2026-01-01", days=30)
    >>> results = simulate({"hold": Holding("ETH")}, scenarios.reference(), grid, capital=1_000, n_paths=5, rng=1)
    >>> len(report.fingerprint(compare(results)))
    64
    """
    checks.instance("fingerprint: comparison", comparison, Comparison, "compare(simulate(...))")
    plain = _in_json(comparison.to_dict())
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _in_json(value: Any) -> Any:
    """A copy with infinite numbers as text, since JSON has none."""
    if isinstance(value, dict):
        return {key: _in_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_in_json(each) for each in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value
