"""`ByProduct`: figures by product name, as a mapping that is shown as a table."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from stakingmodels import checks
from stakingmodels.analysis.row import number
from stakingmodels.display import Summary
from stakingmodels.frames import frame_of_rows
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table

if TYPE_CHECKING:
    import pandas as pd

Figures = TypeVar("Figures")


def by_name(where: str, value: object, kind: type[Figures], how: str) -> Mapping[str, Figures]:
    """A mapping of such figures, frozen.

    Raises
    ------
    InputTypeError
        For anything but a mapping, and for a value of it of another kind.
    """
    for name, each in checks.instance(where, value, Mapping, how).items():
        checks.instance(f"{where}[{name!r}]", each, kind, how)
    return FrozenMap(value)  # type: ignore[arg-type]


class ByProduct(Shown, Mapping[str, Figures]):
    """Figures by product name, of which a class names the field that holds them and the columns of its frame."""

    __slots__ = ()
    _FIELD: ClassVar[str]
    _COLUMNS: ClassVar[tuple[str, ...]]

    @property
    def _figures(self) -> Mapping[str, Figures]:
        found: Mapping[str, Figures] = getattr(self, self._FIELD)
        return found

    def __getitem__(self, name: str) -> Figures:
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text; None for missing numbers, infinite stays infinite."""
        rows = [
            {"product": name, **{column: number(getattr(each, column)) for column in self._COLUMNS[1:]}}
            for name, each in self.items()
        ]
        return {"rows": rows}

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a product, by name, and a column for each of its figures.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return frame_of_rows(f"{type(self).__name__}.to_frame", self.to_dict()["rows"], self._COLUMNS)

    @abstractmethod
    def table(self) -> Table:
        """Table of the figures, which is shown as text, HTML or Markdown."""

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())
