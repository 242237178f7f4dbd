"""Sections of the full report."""

from collections.abc import Iterator

from stakingmodels.analysis import Comparison
from stakingmodels.analysis.answer.contents import Answer, answer_of
from stakingmodels.analysis.answer.layout import product_columns
from stakingmodels.report.blocks import Block, Section, notes, table, text
from stakingmodels.report.committee import Decision, limits_section
from stakingmodels.report.fingerprints import fingerprint
from stakingmodels.report.pictures import pictures
from stakingmodels.report.sources import assumed_table, terms_table, world_table
from stakingmodels.tables import Notes, Table
from stakingmodels.words import Language, Note


def title_of(comparison: Comparison) -> tuple[str, ...]:
    """Title of a report, and the lines below it: what it becomes as cash, and what the run is."""
    answer = _short(comparison)
    return answer.title, answer.cash, Note("answer.about", parts=answer.about)


def _short(comparison: Comparison) -> Answer:
    """Contents of the short table, in both languages, before rows and sentences are left out for want of room."""
    return answer_of(comparison._short_report())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def full_sections(comparison: Comparison, decision: Decision | None, language: Language) -> list[Section]:
    """Sections of the full form, but for how to repeat it; with limits where there is a decision."""
    answer = _short(comparison)
    details = list(comparison.details()._parts())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    flips = [part for part in details if isinstance(part, Table) and part.title == Note("flip.title")]
    figures = [part for part in details if isinstance(part, Table) and part not in flips]
    told = [part for part in details if isinstance(part, Notes) and part.notes]
    found = [
        Section("answer", Note("report.section.answer"), tuple(_answer(answer, comparison))),
        Section("pictures", Note("report.section.pictures"), tuple(_pictures(comparison, language))),
        Section("figures", Note("report.section.figures"), tuple(map(table, figures))),
        Section("rests", Note("report.section.rests"), tuple(map(notes, told))),
        Section("assumed", Note("report.section.assumed"), tuple(_assumed(comparison))),
        Section("flips", Note("report.section.flips"), tuple(map(table, flips)) or (text(Note("report.no_flips")),)),
        Section("terms", Note("report.section.terms"), tuple(_terms(comparison))),
    ]
    if decision is not None:
        found.insert(1, limits_section(comparison, decision))
    return found


def _answer(answer: Answer, comparison: Comparison) -> Iterator[Block]:
    """The short table with all of its rows and sentences, whatever its length on a terminal."""
    if answer.views is not None:
        yield table(answer.views)
    if answer.coins:
        yield table(Table("", answer.coin_columns, answer.coins))
    sentences = [each.text for each in answer.sentences if each.text != Note("answer.more")]
    columns, groups = product_columns(answer.level)
    if answer.rows:
        yield table(Table("", columns, answer.rows, sentences, groups=groups, left=2, left_last=1))
    else:
        yield notes(Notes("", sentences))
    if comparison.views is not None:
        yield table(comparison.views.table())


def _pictures(comparison: Comparison, language: Language) -> Iterator[Block]:
    """The five pictures; the waterfall is of the row that gains most against its own coin."""
    rows = [row for row in comparison.rows if row.opened and row.product in comparison.compared]
    best = max(rows, key=lambda row: row.excess_return).product if rows else None
    for picture in pictures(comparison, best, language):
        if picture.name == "waterfall" and best is not None:
            yield text(Note("report.waterfall", product=best))
        yield Block("picture", picture)


def _assumed(comparison: Comparison) -> Iterator[Block]:
    yield table(assumed_table(comparison))
    world = world_table(comparison)
    if world is not None:
        yield table(world)


def _terms(comparison: Comparison) -> Iterator[Block]:
    for name, product in comparison.results.products.items():
        made = terms_table(name, product, comparison)
        yield text(Note("report.terms.none", name=name)) if made is None else table(made)


def repeat_section(comparison: Comparison, command: str | None) -> Section:
    """Command or code that repeats the run, and the SHA-256 of its results."""
    results = comparison.results
    how = Note("report.repeat.command") if command else Note("report.repeat.python")
    lines = command or _python(comparison)
    seed = Note("report.repeat.seed", version=results.version, seed=results.entropy, n=results.n_paths)
    return Section(
        "repeat",
        Note("report.section.repeat"),
        (
            text(how),
            Block("code", lines),
            text(seed),
            text(Note("report.repeat.hash")),
            Block("code", fingerprint(comparison)),
        ),
    )


def _python(comparison: Comparison) -> str:
    results = comparison.results
    sampling = results.sampling if isinstance(results.sampling, str) else "quasi"
    given = {
        "n_paths": results.n_paths,
        "rng": results.entropy,
        "keep": results.keep,
        "event_sampling": results.event_sampling,
        "precision": results.precision,
        "sampling": sampling,
    }
    words = ", ".join(f"{name}={value!r}" for name, value in given.items())
    about = {"confidence_level": comparison.confidence_level, "benchmark": comparison.benchmark}
    reading = ", ".join(f"{name}={value!r}" for name, value in about.items())
    return (
        f"results = simulate(products, scenario, grid, capital={results.mean_capital!r}, {words})\n"
        f"report.fingerprint(compare(results, {reading}))"
    )
