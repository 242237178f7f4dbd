"""`write`: the report of a comparison as one HTML file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from stakingmodels import checks
from stakingmodels.analysis import Comparison
from stakingmodels.errors import MissingExtraError
from stakingmodels.report.committee import committee_sections, decide
from stakingmodels.report.contents import full_sections, repeat_section, title_of
from stakingmodels.report.pictures import style_of
from stakingmodels.report.policy import Policy, policy_of
from stakingmodels.serialize.disk import check_target, path_of, shown, write_whole
from stakingmodels.tables import Table
from stakingmodels.words import LANGUAGES, Language, Note, in_language, say

Form = Literal["full", "committee"]
"""All that a comparison tells, or two pages for those who decide."""
FORMS: tuple[Form, ...] = get_args(Form)
_ENDINGS = (".html", ".htm")
_HTML_LANGUAGE: Mapping[Language, str] = {"en": "en", "zh-TW": "zh-Hant-TW"}


def write(
    comparison: Comparison,
    path: str | os.PathLike[str],
    *,
    language: Language = "en",
    form: Form = "full",
    policy: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    command: str | None = None,
    force: bool = False,
) -> None:
    """Write the report of a comparison: one HTML file, which needs no network and no script.

    The full form has the short table, five pictures, all figures, what they rest on, every assumed number and every
    term with its source and date, flip points, and how to repeat the run. The committee form has, on two pages of A4,
    the best product of those that keep a policy, why each other was rejected, the limits, historic stresses, and how to
    repeat it. Both end with `fingerprint`. Words that a user gave are escaped.

    Parameters
    ----------
    comparison
        A comparison.
    path
        The file, which ends with .html or .htm. It is written whole or not at all.
    language
        ``"en"`` (default) or ``"zh-TW"``, Traditional Chinese.
    form
        ``"full"`` (default) or ``"committee"``.
    policy
        Limits: a TOML file with lines such as ``max_days_to_cash = 30`` (days) and ``max_es_vs_holding = 0.1`` (a
        fraction), an optional ``name`` and ``best_by``, the column by which the best is chosen; or a mapping with them.
        By default products pass that the capital opens on 95 % of the paths, and the largest `excess_return` is best.
    command
        The command that made it, to be printed in it; None for lines of Python.
    force
        Whether a file of that name is replaced.

    Raises
    ------
    InputError, InputTypeError
        For anything but a comparison, a comparison of no rows, another language, form or ending, an unknown limit (with
        the nearest name), a file that exists without `force`, and one that cannot be written.
    MissingExtraError
        Where jinja2 or matplotlib is not installed.
    """
    checks.instance("report.write: comparison", comparison, Comparison, "compare(simulate(...))")
    file, limits = ready("report.write", path, language=language, form=form, policy=policy, force=force)
    if command is not None and (not isinstance(command, str) or not command.strip()):
        checks.refuse_type("report.write: command", "must be a text or None", command)
    if not comparison.rows:
        reasons = "; ".join(f"{name}: {why}" for name, why in comparison.skipped.items())
        checks.refuse("report.write: comparison", "must have a row", reasons, "widen the bounds of rank()")
    page = _page(comparison, language, form, None if policy is None else limits, command)
    data = page.encode("utf-8")
    write_whole(shown(file), file, lambda stream: stream.write(data), force=force)


def ready(
    where: str, path: object, *, language: object, form: object, policy: object, force: object
) -> tuple[Path, Policy]:
    """The file and the policy, checked before anything is run."""
    checks.choice(f"{where}: language", language, LANGUAGES)
    checks.choice(f"{where}: form", form, FORMS)
    is_forced = checks.flag(f"{where}: force", force)
    file = path_of(where, path)
    if file.suffix.lower() not in _ENDINGS:
        checks.refuse(f"{where}: path", "must end with .html", str(file), 'write "report.html"')
    check_target(shown(file), file, force=is_forced)
    limits = policy_of(f"{where}: policy", policy)
    _require(where)
    return file, limits


def _require(where: str) -> None:
    try:
        import jinja2
        import matplotlib as mpl
    except ImportError as error:
        name = (error.name or "jinja2").partition(".")[0]
        raise MissingExtraError(f"{where}: needs {name}; pip install 'stakingmodels[report]'") from error
    del jinja2, mpl


def _page(comparison: Comparison, language: Language, form: Form, policy: Policy | None, command: str | None) -> str:
    import jinja2

    limits = policy or Policy()
    if form == "committee":
        sections = committee_sections(comparison, limits)
    else:
        sections = full_sections(comparison, None if policy is None else decide(comparison, limits), language)
    sections.append(repeat_section(comparison, command))
    title, *about = title_of(comparison)
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("stakingmodels.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def said(words: str) -> str:
        return in_language(words, language)

    def body(table: Table) -> Table:
        return table.in_language(language)

    filters: Any = made.filters
    filters.update(said=said, body=body)
    return made.get_template("page.html").render(
        language=_HTML_LANGUAGE[language],
        form=form,
        title=title,
        about=about,
        sections=sections,
        heading=Note(f"report.heading.{form}"),
        contents=say("report.contents", language),
        footer=Note("report.footer", version=comparison.results.version),
        light=style_of("light"),
        dark=style_of("dark"),
    )
