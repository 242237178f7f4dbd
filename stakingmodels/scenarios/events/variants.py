"""`EventVariant`: an event with the draws of another, at a hazard of its own."""

import attrs

from stakingmodels.market import Event


@attrs.frozen(cache_hash=True)
class EventVariant(Event):
    """An event that occurs by the draws of another one, so that both can be in one run at different hazards.

    Of two variants the one with the larger hazard strikes every path that the other strikes, and earlier.

    Parameters
    ----------
    name, hazard
        As of `Event`.
    of
        Name of the event whose draws it has.
    """

    of: str = attrs.field(default="", eq=False, kw_only=True)

    @property
    def drawn_as(self) -> str:
        """Name of the event whose draws it has."""
        return self.of
