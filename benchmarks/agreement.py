"""Whether the kernels do the same work: on the same paths, every sum of theirs must be the library's."""

import numpy as np
import numpy.typing as npt

from benchmarks import draws, worlds
from benchmarks.sides import KERNELS, Given, given_paths, kernel_terms, kernel_world
from stakingmodels.ledger import Line, Outcome

TOLERANCE = 1e-9
_PATHS = 1000
_ASSETS = {"eth": "ETH", "btc": "BTC", "usd": "USD"}


def read(outcome: Outcome, field: str) -> npt.NDArray[np.float64]:
    """What an outcome has under a kernel's name for it, such as ``commission_eth``; 0 where nothing was booked."""
    name, _, suffix = field.rpartition("_")
    zero = np.zeros(outcome.n_paths)
    if suffix in _ASSETS:
        return outcome.native.get((Line[name.upper()], _ASSETS[suffix]), zero)
    if suffix == "coins":
        return outcome.coins.get(Line[name.upper()], zero)
    if field.upper() in Line.__members__:
        return outcome.lines.get(Line[field.upper()], zero)
    return np.asarray(getattr(outcome, field))


def left_out(outcome: Outcome, fields: tuple[str, ...]) -> list[str]:
    """Sums that the library keeps and the kernel does not."""
    names = [f"{line.name}_{asset}".lower() for line, asset in outcome.native]
    names += [f"{line.name}_coins".lower() for line in outcome.coins]
    in_money = [line for line in outcome.lines if f"{line.name}_usd".lower() not in fields]
    return [name for name in [*names, *(line.name.lower() for line in in_money)] if name not in fields]


def differences(name: str, given: Given) -> dict[str, float]:
    """For each sum of a product, the largest difference over the paths, relative to the sum's largest value."""
    kernel = KERNELS[name]
    outcome = worlds.PRODUCTS[name].run(given.market, capital=worlds.CAPITAL)
    if missing := left_out(outcome, kernel.sums._fields):
        raise AssertionError(f"{name}: the kernel keeps no sum for {', '.join(missing)}")
    sums = np.empty((len(kernel.sums._fields), outcome.n_paths))
    draws.given(kernel.book)(given.rows, given.strikes, kernel_world(), kernel_terms(name), sums)
    found = {}
    for field, theirs in zip(kernel.sums._fields, sums, strict=True):
        ours = read(outcome, field)
        scale = max(float(np.abs(ours).max()), float(np.abs(theirs).max()), np.finfo(float).tiny)
        found[field] = float(np.abs(ours - theirs).max()) / scale
    return found


def worst() -> float:
    """The largest difference over all products and sums, in the usual world and a hard one."""
    given = [given_paths(_PATHS, hard=hard) for hard in (False, True)]
    return max(max(differences(name, paths).values()) for name in worlds.PRODUCTS for paths in given)
