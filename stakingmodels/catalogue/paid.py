"""`PAID`: what products are recorded to have paid, as rates a year over the days of a record."""

from collections.abc import Mapping

import attrs

from stakingmodels.catalogue.stated import Basis
from stakingmodels.rates import APR, APY
from stakingmodels.series import FrozenMap


@attrs.frozen(kw_only=True)
class Paid:
    """Rate a year that one record says was paid.

    Attributes
    ----------
    rate
        Rate a year over the days of the record.
    basis
        Whether it is before or after the provider's fee.
    first, last
        First and last day of the record, ``YYYY-MM-DD``.
    record
        Key of the record among the words.
    is_all
        Whether it is all that the model pays, too, so that the two are compared; if False, it came beside that.
    """

    rate: APR | APY
    basis: Basis
    first: str
    last: str
    record: str
    is_all: bool = True


PAID: Mapping[str, tuple[Paid, ...]] = FrozenMap(
    {
        "lido-steth": (Paid(rate=APY(0.0300), basis="net", first="2024-05-13", last="2025-09-29", record="wsteth"),),
        "ada-delegation": (Paid(rate=APR(0.0286), basis="gross", first="2024-02-09", last="2025-02-08", record="ada"),),
        "sol-delegation": (
            Paid(rate=APR(0.0578), basis="gross", first="2025-11-01", last="2026-08-17", record="sol"),
            Paid(rate=APR(0.0013), basis="gross", first="2025-11-01", last="2026-08-17", record="mev", is_all=False),
        ),
        "atom-delegation": (
            Paid(rate=APR(0.1691), basis="gross", first="2025-01-24", last="2026-01-23", record="atom"),
        ),
    }
)
"""Records by sheet: figures of ``benchmarks/records.py``, which docs/explanation/records.md tells the files of."""
