"""Catalogue: dated term sheets of real products, each number with the document that states it."""

from stakingmodels.catalogue.beside import Beside, beside
from stakingmodels.catalogue.listing import Catalogue
from stakingmodels.catalogue.rates import Rates, read_rates
from stakingmodels.catalogue.reading import check_sheet, read_sheet
from stakingmodels.catalogue.sheet import ATTRIBUTES, Sheet
from stakingmodels.catalogue.shipped import get, native, reference, sheets
from stakingmodels.catalogue.stated import Document, Stated
from stakingmodels.catalogue.world import world
from stakingmodels.display import displays
from stakingmodels.numerics import entrances

__all__ = [
    "ATTRIBUTES",
    "Beside",
    "Catalogue",
    "Document",
    "Rates",
    "Sheet",
    "Stated",
    "beside",
    "check_sheet",
    "get",
    "native",
    "read_rates",
    "read_sheet",
    "reference",
    "sheets",
    "world",
]

displays(__name__)
entrances(__name__)
