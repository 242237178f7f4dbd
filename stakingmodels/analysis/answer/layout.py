"""Layout of the short table: at most `LINES` lines, with what matters less left out."""

from collections.abc import Iterator, Sequence

import attrs

from stakingmodels.analysis.answer.contents import Answer, Sentence
from stakingmodels.display import cut
from stakingmodels.tables import MOST_WIDTH, Notes, Table
from stakingmodels.words import Language, Note, in_language
from stakingmodels.wrapping import beside, width, wrapped

LINES = 14
"""Most lines of the short table at `FULL` columns or more.

A title of two lines, price views, and sentences on what is unusual (a ranking, a benchmark, a warning, products that
were opened on some paths only) have further ones.
"""
FULL = 100
"""Columns from which the worst failures are a column; in fewer they are a sentence below, and lines are more."""
_NARROW_LINES = 22
_COINS = 3  # coins shown
_ALL = 8  # columns of the products
_GAP = 3  # blanks beside the table of coins
_VIEWS = 10  # rows of price views
_SPANNED = 2  # cells of a row of which nothing is known but its name and the reason
_HEADERS = 2  # lines of the headers of products
_NAME, _SHORT = 40, 12  # columns that names of products are cut to, and to which they are where that is necessary


@attrs.frozen(kw_only=True)
class Layout:
    """The short table in a language and a width.

    Parameters
    ----------
    answer
        Its contents.
    language
        The language.
    columns
        Width in terminal columns.
    has_every_row
        Whether no row is left out for want of lines.
    """

    answer: Answer
    language: Language
    columns: int
    has_every_row: bool = False

    def text(self) -> str:
        """Plain text."""
        return "\n".join(self._lines())

    def parts(self) -> Iterator[Table | Notes]:
        """Tables and sentences for HTML and Markdown, with the rows and sentences that the text has."""
        answer, coins = self.answer, self._coin_table()
        yield Notes(answer.title, [answer.cash, Note("answer.about", parts=answer.about)])
        if answer.views is not None:
            yield answer.views
        if coins is not None:
            yield coins
        products, sentences = self._below()
        if products is None:
            yield Notes(sentences[0], sentences[1:])
        else:
            yield attrs.evolve(products, notes=sentences)

    def _lines(self) -> list[str]:
        products, sentences = self._below()
        table = [] if products is None else products.to_text(language=self.language, width=MOST_WIDTH).splitlines()
        return [*self._title(), *self._view_lines(), *self._coins(), *table, *self._together(sentences)]

    def _title(self) -> list[str]:
        return self._together([self.answer.title, self.answer.cash])

    def _coins(self) -> list[str]:
        """Coins, and at their right or before them what the run is."""
        coins = self._coin_table()
        if coins is None:
            return self._about(self.columns)
        lines = coins.to_text(language=self.language, width=MOST_WIDTH).splitlines()
        edge = max(map(width, lines)) + _GAP
        together = beside(lines, self._about(self.columns - edge), self.columns, gap=_GAP)
        return [*self._about(self.columns), *lines] if together is None else together

    def _about(self, columns: int) -> list[str]:
        """Lines of what the run is, which end between its parts where these fit."""
        comma = ", " if self.language == "en" else "，"
        parts = [in_language(part, self.language) for part in self.answer.about]
        lines = [""]
        for part in (f"{part}{comma.rstrip() if i < len(parts) - 1 else ''}" for i, part in enumerate(parts)):
            joined = f"{lines[-1]}{comma[1:] if lines[-1] else ''}{part}"
            lines = [*lines[:-1], joined] if width(joined) <= columns else [*lines, part]
        return [line for each in filter(None, lines) for line in wrapped(each, "", columns).splitlines()]

    def _view_lines(self) -> list[str]:
        """Price views, where they stand before all else."""
        views = self.answer.views
        if views is None:
            return []
        rows = [(self._cut(name, _NAME), *cells) for name, *cells in views.rows[:_VIEWS]]
        more = [(Note("answer.more_rows", n=len(views.rows) - _VIEWS),)] if len(views.rows) > _VIEWS else []
        table = self._squeezed(attrs.evolve(views, title="", rows=[*rows, *more], ruled=False))
        return [*self._wrapped(views.title), *table.to_text(language=self.language, width=MOST_WIDTH).splitlines()]

    def _coin_table(self) -> Table | None:
        answer = self.answer
        if not answer.coins:
            return None
        room = self.columns - sum(width(in_language(name, self.language)) + 2 for name in answer.coin_columns[1:])
        rows = [(self._cut(name, max(room, 8)), *cells) for name, *cells in answer.coins[:_COINS]]
        if len(answer.coins) > _COINS:
            rows = [*rows[:-1], (self._cut(Note("answer.more_rows", n=len(answer.coins) - _COINS + 1), room),)]
        return Table("", answer.coin_columns, rows, ruled=False)

    def _below(self) -> tuple[Table | None, list[str]]:
        """Table with as many products as there is room for, and the sentences that fit then, in their order."""
        table, rows = self._fitting(self.answer.rows), self.answer.rows
        room = (LINES if self.columns >= FULL else _NARROW_LINES) - 1 - len(self._coins())
        room += sum(len(self._wrapped(each.text)) for each in self.answer.sentences if each.is_extra)
        if table is None:
            return None, self._kept(self.answer.sentences, room)
        n = len(rows)
        while True:
            sentences, lines = self._sentences(table, rows[:n]), n + (n < len(rows)) + _HEADERS
            least = self._together([each.text for each in sentences if each.rank <= 1])
            if n == 1 or self.has_every_row or lines + len(least) <= room:
                break
            n -= 1
        more = [(Note("answer.more_rows", n=len(rows) - n),)] if n < len(rows) else []
        return attrs.evolve(table, rows=[*table.rows[:n], *more]), self._kept(sentences, room - lines)

    def _sentences(self, table: Table, rows: Sequence[tuple[str, ...]]) -> list[Sentence]:
        """Sentences below, with the worst failures of some rows where the table has no column of them."""
        whole = [row for row in rows if len(row) == _ALL]
        if not whole or len(table.columns) == _ALL:
            return list(self.answer.sentences)
        failures: dict[str, list[str]] = {}
        for row in whole:
            failures.setdefault(row[-1], []).append(self._cut(row[0], _NAME))
        each = (Note("answer.worst.of", failure=cell, products=tuple(names)) for cell, names in failures.items())
        return [Sentence(Note("answer.worst", rows=tuple(each)), rank=1), *self.answer.sentences]

    def _kept(self, sentences: Sequence[Sentence], room: int) -> list[str]:
        """The sentences that so many lines have room for, the most important first, in the order given."""
        kept: list[Sentence] = []
        for each in sorted(sentences, key=lambda sentence: sentence.rank):
            tried = [sentence for sentence in sentences if sentence in (*kept, each)]
            if (
                each.rank <= int(self.has_every_row)
                or len(self._together([sentence.text for sentence in tried])) <= room
            ):
                kept = tried
        return [sentence.text for sentence in kept]

    def _fitting(self, rows: tuple[tuple[str, ...], ...]) -> Table | None:
        """Table of products in the width: with shorter names, or without the worst failures, where necessary."""
        table = None
        for has_failures in (True, False) if self.columns >= FULL else (False,):
            name = _NAME
            for _ in range(2 if rows else 0):
                table = self._products(rows, name, has_failures=has_failures)
                beyond = self._width(table) - self.columns
                if beyond <= 0:
                    return table
                name = max(max(width(row[0]) for row in table.rows) - beyond, _SHORT)
        return None if table is None else self._squeezed(table)

    def _width(self, table: Table) -> int:
        return max(map(width, table.to_text(language=self.language, width=MOST_WIDTH).splitlines()))

    def _squeezed(self, table: Table) -> Table:
        """Table whose widest cells are cut until it fits."""
        while (beyond := self._width(table) - self.columns) > 0:
            said = [[in_language(cell, self.language) for cell in row] for row in table.rows]
            widest = max(width(cell) for row in said for cell in row)
            most = max(widest - beyond, _SHORT, widest // 2)
            table = attrs.evolve(table, rows=[[cut(cell, most) for cell in row] for row in said])
        return table

    def _products(self, rows: tuple[tuple[str, ...], ...], name: int, *, has_failures: bool) -> Table:
        columns, groups = product_columns(self.answer.level)
        n = len(columns) - (not has_failures)
        heads = [self._cut(row[0], name) for row in rows]
        first = max(map(width, [in_language(columns[0], self.language), *heads]))
        second = max((width(in_language(row[1], self.language)) for row in rows if len(row) > _SPANNED), default=0)
        cells: list[tuple[str, ...]] = []
        for head, row in zip(heads, rows, strict=True):
            if len(row) == len(columns):
                cells.append((head, *row[1:n]))
            else:
                room = self.columns - first - 2 - (second + 2 if len(row) > _SPANNED else 0)
                cells.append((head, *row[1:-1], self._cut(row[-1], room)))
        groups = groups if has_failures else groups[:-1]
        left = int(has_failures)
        return Table("", columns[:n], cells, groups=groups, left=2, left_last=left, ruled=False)

    def _cut(self, text: str, columns: int) -> str:
        """The text, in the language of the table where it must be cut."""
        said = in_language(text, self.language)
        return text if width(said) <= columns else cut(said, columns)

    def _together(self, sentences: Sequence[str]) -> list[str]:
        """Lines of sentences: each in the first line with room for all of it, or wrapped in lines of its own."""
        blank, lines = " " if self.language == "en" else "", list[str]()
        for sentence in (in_language(text, self.language) for text in sentences):
            for i, line in enumerate(lines):
                if width(line + blank + sentence) <= self.columns:
                    lines[i] = line + blank + sentence
                    break
            else:
                lines += wrapped(sentence, columns=self.columns).splitlines()
        return lines

    def _wrapped(self, text: str) -> list[str]:
        return wrapped(in_language(text, self.language), columns=self.columns).splitlines()


def product_columns(level: str) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """Headers of the products, and the headers above them."""
    names = ("no_loss", "average", "range", "less", "out", "failure")
    columns = (Note("column.product"), Note("column.coin"), *(Note(f"answer.column.{name}") for name in names))
    coins, failure = Note("answer.group.coins"), Note("answer.group.failure")
    above = [("", 1), ("", 1), (coins, 2), (Note("answer.group.range"), 1), (Note("answer.group.less"), 1)]
    return columns, (*above, (Note("answer.group.out", level=level), 1), (failure, 1))
