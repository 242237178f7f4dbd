"""Markets of a run, made again block by block, so that what its products read can be counted on all its paths."""

from collections.abc import Iterable, Iterator

from stakingmodels import checks
from stakingmodels.engine import Results
from stakingmodels.market import Factor, Market, Now
from stakingmodels.scenarios import QuasiRandom, Streams

BLOCK = 8_192
"""Paths that are looked at together."""


def markets_of(where: str, thing: Results | Market, factors: Iterable[Factor]) -> Iterator[Market]:
    """Markets of some factors on all paths of a run, a block at a time: the paths that its products saw.

    Parameters
    ----------
    where
        Beginning of messages.
    thing
        Results, or a market.
    factors
        Levels, rates and fees.

    Raises
    ------
    InputError
        For a market or scenario without one of the factors.
    """
    asked = frozenset(factors)
    if isinstance(thing, Market):
        thing.require(asked, where)
        yield from thing.iter_blocks()
        return
    streams = Streams(
        thing.entropy,
        precision=thing.precision,
        event_sampling=thing.event_sampling,
        n_replicates=thing.sampling.n_replicates if isinstance(thing.sampling, QuasiRandom) else 0,
    )
    for start in range(0, thing.n_paths, BLOCK):
        paths, part = min(BLOCK, thing.n_paths - start), streams.replace(first_path=start)
        yield thing.scenario.market(thing.grid, asked, streams=part, n_paths=paths)


def intervals_of(market: Market) -> Iterator[Now]:
    """The intervals of a market in their order, by one view that moves on; the opening comes first, as step -1."""
    now = market.now()
    for chunk in market.chunks():
        for step in range(chunk.start or -1, chunk.stop):
            yield now.at(chunk, step)


def one_path(where: str, market: object) -> Market:
    """A market of one path, such as a recorded one."""
    found = checks.instance(where, market, Market, "a market of one path")
    if found.n_paths != 1:
        checks.refuse(where, "must be a market of one path", found.n_paths, "market.slice_paths(0, 1)")
    return found
