"""`Canvas`: axes in a theme and a language, on which one picture is drawn."""

import functools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks
from stakingmodels.plotting.described import require, set_alt
from stakingmodels.plotting.fonts import LATIN, families, told_once
from stakingmodels.plotting.saving import svg
from stakingmodels.plotting.themes import THEMES, Mark, Palette, Theme, contrast, palette
from stakingmodels.words import LANGUAGES, Language, Note, in_language
from stakingmodels.wrapping import width as columns_of
from stakingmodels.wrapping import wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 7.2, 4.2  # inches
_TITLE, _LABEL, _SMALL = 11.0, 9.5, 8.5  # points
_LETTER = 0.53  # mean width of a letter, of its size
_MARGIN = 0.012  # of the figure's width
_BELOW = 0.52  # inches
_NARROW = 5.0  # inches
_HANDLE = 0.75  # inches of each column of a legend that are no words
_READABLE = 3.0  # contrast of words to what is behind them, of WCAG 2.2 for large ones
_HYPHEN = re.compile(r"(?<![^\s(（])-(?=\d)")  # in place of a minus sign; not that of a date or a name
Format = Callable[[float, int | None], str]


def new_axes(*, width: float = WIDTH, height: float = HEIGHT, theme: Theme = "light") -> "Axes":
    """Empty axes on a figure of their own, outside of pyplot's list, for the `ax` of a picture of another size.

    Parameters
    ----------
    width, height
        Size of the figure in inches, above 0.
    theme
        ``"light"`` (default), ``"dark"`` or ``"print"``.

    Raises
    ------
    InputError, InputTypeError
        For other sizes and themes.
    MissingExtraError
        Where matplotlib is not installed.
    """
    require("new_axes")
    size = checks.positive("new_axes: width", width, 100.0), checks.positive("new_axes: height", height, 100.0)
    from matplotlib.figure import Figure

    face = palette(checks.choice("new_axes: theme", theme, THEMES)).face
    axes = Figure(figsize=size, dpi=100, facecolor=face, edgecolor=face, layout="constrained").add_subplot()
    setattr(axes, "_repr_svg_", functools.partial(_as_svg, axes))  # noqa: B010  # by which a notebook shows it
    return axes


def _as_svg(axes: "Axes") -> str:
    return svg(axes)


@attrs.frozen
class Canvas:
    """Axes in a theme and a language.

    Attributes
    ----------
    axes
        The axes of matplotlib.
    palette
        Colors.
    language
        Language of all words.
    is_own
        Whether the picture is alone on its figure, so that its title may use the whole width.
    """

    axes: Any
    palette: Palette
    language: Language
    is_own: bool

    def say(self, text: str) -> str:
        """A text in the language, with a minus sign in place of a hyphen before digits."""
        return _HYPHEN.sub("\N{MINUS SIGN}", in_language(text, self.language))

    @property
    def _figure(self) -> Any:
        return self.axes.get_figure()

    @property
    def _width(self) -> float:
        """Width for the picture, in inches."""
        share = 1.0 if self.is_own else self.axes.get_position().width
        return float(self._figure.bbox.width / self._figure.dpi) * share

    @property
    def is_narrow(self) -> bool:
        """Whether there is much less width than a picture of its own has."""
        return bool(self._width < _NARROW)

    def mark(self, place: int) -> Mark:
        """Color, dash, marker and hatch of the series at a place."""
        return self.palette.mark(place)

    def axis(self, which: str, quantity: str, unit: str, form: Format) -> None:
        """Name the quantity and the unit of an axis, ``"x"`` or ``"y"``, and the form of its ticks."""
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        axis = getattr(self.axes, f"{which}axis")
        label = Note("plot.axis", quantity=quantity, unit=unit)
        axis.set_label_text(self.say(label), color=self.palette.text, fontsize=_LABEL, parse_math=False)
        axis.set_major_formatter(FuncFormatter(form))
        if axis.get_scale() == "linear":
            few = which == "x" and self.is_narrow
            axis.set_major_locator(MaxNLocator(4 if few else 8, steps=[1, 2, 2.5, 5, 10]))
        axis.grid(visible=True, color=self.palette.grid, linewidth=0.6)

    def rows(self, names: Sequence[str]) -> None:
        """Name the rows of a picture, the first at the top."""
        self.axes.set_yticks(range(len(names)), labels=[self.say(name) for name in names], parse_math=False)
        self.axes.set_ylim(len(names) - 0.45, -0.55)
        self.axes.tick_params(axis="y", length=0.0)

    def write(self, x: float, y: float, text: str, **more: Any) -> Any:
        """Write a small text; returns the artist."""
        given: dict[str, Any] = {"color": self.palette.text, "fontsize": _SMALL, "parse_math": False}
        return self.axes.text(x, y, self.say(text), **given | more)

    def note(self, x: float, y: float, text: str, **more: Any) -> Any:
        """Write a small text at an offset from a point; returns the artist."""
        given: dict[str, Any] = {"color": self.palette.text, "fontsize": _SMALL, "parse_math": False}
        return self.axes.annotate(self.say(text), (x, y), **given | more)

    def beside(self, y: float, text: str) -> Any:
        """Write a small text at the right of the axes, at the height of a row."""
        across = self.axes.get_yaxis_transform()
        return self.write(1.01, y, text, transform=across, va="center", ha="left", clip_on=False)

    def below(self, handles: Sequence[Any], labels: Sequence[str], n_columns: int) -> None:
        """Legend below the axis and its label, where it hides nothing; none where there is nothing to tell."""
        from matplotlib.transforms import ScaledTranslation

        if not labels:
            return
        columns = max(int(n_columns * min(self._width / WIDTH, 1.0)), 1)
        labels = _in_columns([self.say(text) for text in labels], columns, self._width)
        if self.is_own:
            self._legend(self._figure, handles, labels, loc="outside lower left", ncols=columns, frameon=False)
            return
        down = self.axes.transAxes + ScaledTranslation(0.0, -_BELOW, self._figure.dpi_scale_trans)
        place = {"loc": "upper left", "bbox_to_anchor": (0.0, 0.0), "bbox_transform": down, "borderaxespad": 0.0}
        self._legend(self.axes, handles, labels, ncols=columns, frameon=False, **place)

    def legend(self, handles: Sequence[Any], labels: Sequence[str], loc: str) -> None:
        """Legend of some artists, in that order, on the axes; below a narrow picture."""
        if self.is_narrow:
            self.below(handles, labels, 1)
        else:
            self._legend(self.axes, handles, labels, loc=loc, framealpha=0.85, facecolor=self.palette.face)

    def _legend(self, owner: Any, handles: Sequence[Any], labels: Sequence[str], **more: Any) -> None:
        texts = [self.say(text) for text in labels]
        edge = {"edgecolor": self.palette.grid, "handlelength": 2.8, "fontsize": _SMALL}
        # matplotlib before 3.10 leaves out what begins with an underscore, as a user's name may
        made = owner.legend(handles, [f"-{text}" for text in texts], **edge, **more)
        for text, said in zip(made.get_texts(), texts, strict=True):
            text.set(text=said, color=self.palette.text, parse_math=False)

    def roomy(self) -> None:
        """Leave room beyond the ends of bars."""
        self.axes.use_sticky_edges = False
        self.axes.margins(x=0.04)

    def finish(self, title: str, alt: str) -> "Axes":
        """Set the title and the sentence for those who do not see the picture; returns the axes."""
        axes, said = self.axes, self.say(title)
        made = axes.set_title(said, loc="left", color=self.palette.text, fontsize=_TITLE, parse_math=False)
        set_alt(axes, self.say(alt))
        self._set_fonts()
        made.set_text(_fitted(said, self._width * (1.0 - 2.0 * _MARGIN), _TITLE))
        axes.xaxis.label.set_text(_fitted(axes.get_xlabel(), 0.8 * self._width, _LABEL))
        if self.is_own:
            self._lay_out()
        tall = axes.get_position().height * self._figure.bbox.height / self._figure.dpi
        axes.yaxis.label.set_text(_fitted(axes.get_ylabel(), tall, _LABEL))
        if self.is_own:
            self._settle(made)
        return axes  # type: ignore[no-any-return]

    def _settle(self, title: Any) -> None:
        """Begin the title at the left edge of the figure, and keep the layout, which would differ with each drawing."""
        self._lay_out()
        self._figure.set_layout_engine("none")
        place = self.axes.get_position()
        title.set_x((_MARGIN - place.x0) / place.width)

    def _lay_out(self) -> None:
        with told_once():
            self._figure.get_layout_engine().execute(self._figure)

    def _set_fonts(self) -> None:
        from matplotlib.text import Text

        owner = self._figure if self.is_own else self.axes
        texts = [text for text in owner.findobj(Text) if text.get_text()]
        found = families(text.get_text() for text in texts)
        for text in texts:
            text.set_fontfamily(found)
        self.axes.tick_params(labelfontfamily=LATIN if len(found) == 1 else found[-1])


def begin(
    where: str, ax: object, language: object, theme: object, *, height: float = HEIGHT, width: float = WIDTH
) -> Canvas:
    """Canvas on some axes, or on new ones.

    Parameters
    ----------
    where
        Name of the function, with which messages begin.
    ax
        Axes of matplotlib, or None for new ones.
    language, theme
        As given by the caller.
    height, width
        Size of a new figure, in inches.

    Raises
    ------
    InputError, InputTypeError
        For another language or theme, and for what is no axes.
    MissingExtraError
        Where matplotlib is not installed.
    """
    require(where)
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    said: Language = checks.choice(f"{where}: language", language, LANGUAGES)
    named: Theme = checks.choice(f"{where}: theme", theme, THEMES)
    if ax is not None:
        checks.instance(f"{where}: ax", ax, Axes, "matplotlib's Axes, or None for new ones")
    axes: Any = new_axes(width=width, height=height, theme=named) if ax is None else ax
    figure = axes.get_figure()
    is_own = isinstance(figure, Figure) and figure.axes == [axes] and figure.get_layout_engine() is not None
    canvas = Canvas(axes, palette(named), said, is_own)
    _dress(canvas)
    return canvas


def _dress(canvas: Canvas) -> None:
    axes, colors = canvas.axes, canvas.palette
    axes.set_facecolor(colors.face)
    _set_readable(axes.get_figure(), colors)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set(visible=side in {"left", "bottom"}, color=colors.text, linewidth=0.8)
    axes.tick_params(colors=colors.text, labelcolor=colors.text, labelsize=_SMALL, direction="out")


def _set_readable(part: Any, colors: Palette) -> None:
    """Give a figure the theme's face where the theme's words could not be read on its own."""
    behind = part if part.get_facecolor()[3] > 0.0 else part.figure  # a part of a figure is usually transparent
    if contrast(colors.text, behind.get_facecolor()) < _READABLE:
        part.set_facecolor(colors.face)


def _fitted(text: str, inches: float, size: float) -> str:
    """A text in as many lines as it takes, of a length in inches in letters of a size in points."""
    return wrapped(text, "", int(72.0 * inches / (_LETTER * size)))


def _in_columns(labels: list[str], n_columns: int, inches: float) -> list[str]:
    """Labels of a legend, which is filled column by column, in lines where the columns would not fit side by side."""
    n_rows = -(-len(labels) // n_columns)
    widest = [max(map(columns_of, labels[k : k + n_rows])) for k in range(0, len(labels), n_rows)]
    if sum(width * _LETTER * _SMALL / 72.0 + _HANDLE for width in widest) <= inches:
        return labels
    return [_fitted(label, inches / n_columns - _HANDLE, _SMALL) for label in labels]


def percent(value: float, place: int | None = None) -> str:
    """A fraction as a tick in percent."""
    del place
    return _minus(f"{_clean(100.0 * value):,.6g}%")


def money(value: float, place: int | None = None) -> str:
    """An amount as a tick, with separators of thousands."""
    del place
    return _minus(f"{value:,.0f}" if value == round(value) else f"{_clean(value):,.10g}")


def plain(value: float, place: int | None = None) -> str:
    """A number as a tick."""
    return money(value, place)


def signed(value: float, digits: int = 2) -> str:
    """A fraction in percent, with its sign."""
    return with_sign(100.0 * value, digits) + "%"


def with_sign(value: float, digits: int) -> str:
    """A number with its sign; without where it is rounded to 0."""
    text = f"{value:+,.{digits}f}"
    return _minus(text if any(digit in "123456789" for digit in text) else text[1:])


def _clean(value: float) -> float:
    """A number without the rounding of its last digits."""
    return float(f"{value:.10g}") + 0.0


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
