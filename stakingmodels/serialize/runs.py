"""Results of runs, comparisons and quotes as plain values and arrays, and back."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.analysis import Comparison, compare
from stakingmodels.assumptions import Assumption, AssumptionSet
from stakingmodels.capital import Capital, Units
from stakingmodels.engine import Results
from stakingmodels.engine.keep import Kept
from stakingmodels.errors import InputError
from stakingmodels.ledger import Outcome
from stakingmodels.market import TimeGrid
from stakingmodels.products import Product, Quote
from stakingmodels.scenarios import QuasiRandom, Scenario
from stakingmodels.scenarios.streams import EventDraws, NoiseKind
from stakingmodels.serialize.arrays import check_keys
from stakingmodels.serialize.outcomes import read_outcome, write_outcome
from stakingmodels.serialize.reading import Reader
from stakingmodels.serialize.writing import ITEMS_LIMIT, Writer
from stakingmodels.series import FrozenMap

_RESULTS = tuple(field.name for field in attrs.fields(Results))
_COMPARISON = ("results", "assumptions", "ranges", "rows", "skipped")
_ASKED = ("confidence_level", "benchmark", "ranked_by", "views_asked")
_LIMIT = 2**63


def write_results(writer: Writer, name: str, results: Results) -> dict[str, Any]:
    """Plain table of a run: what it was made of, and its outcomes.

    Raises
    ------
    InputError, InputTypeError
        For a product or a reduced figure of an unknown class.
    """
    del name
    plain: dict[str, Any] = {"kind": "Results"}
    for key in ("scenario", "grid"):
        plain[key] = writer.thing(key, getattr(results, key))
    plain["products"] = {row: writer.thing(row, product) for row, product in results.products.items()}
    for key in _RESULTS:
        if key not in ("scenario", "grid", "products", "outcomes"):
            plain[key] = writer.value(key, getattr(results, key))
    plain["entropy"] = str(results.entropy)  # 128 bits: more than the numbers of most readers of JSON hold
    plain["outcomes"] = {row: write_outcome(writer, row, outcome) for row, outcome in results.outcomes.items()}
    return plain


def read_results(reader: Reader, where: str, table: Mapping[str, Any]) -> Results:
    """Results of a plain table, each field held to what a run can give."""
    check_keys(where, table, _RESULTS, "Results")
    fields: dict[str, Any] = {
        key: reader.value(f"{where}.{key}", table[key])
        for key in _RESULTS
        if key not in ("products", "outcomes", "entropy")
    }
    checks.instance(f"{where}.scenario", fields["scenario"], Scenario, "a scenario")
    checks.instance(f"{where}.grid", fields["grid"], TimeGrid, "a TimeGrid")
    for key in ("n_paths", "n_paths_requested"):
        checks.integer(f"{where}.{key}", fields[key], 1, checks.PATHS_LIMIT)
    checks.integer(f"{where}.overlap", fields["overlap"], 0, _LIMIT)
    fields["entropy"] = _entropy(f"{where}.entropy", table["entropy"])
    _check_words(where, fields)
    _check_mappings(where, fields)
    fields["products"] = FrozenMap(_products(reader, f"{where}.products", table["products"]))
    fields["outcomes"] = FrozenMap(_outcomes(reader, where, table["outcomes"], fields))
    if isinstance(fields["capital"], tuple) or not isinstance(fields["capital"], (int, float, np.ndarray, Units)):
        checks.refuse_type(f"{where}.capital", "must be money, one amount or one a path, or Units", table["capital"])
    Capital.of(f"{where}.capital", fields["capital"]).check_paths(f"{where}.capital", fields["n_paths"])
    return Results(**fields)


def _entropy(where: str, text: object) -> int:
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > 39:
        checks.refuse(where, "must be a text of at most 39 digits", text)
    return checks.integer(where, int(text), 0, checks.ENTROPY_LIMIT - 1)


def _check_words(where: str, fields: Mapping[str, Any]) -> None:
    checks.choice(f"{where}.event_sampling", fields["event_sampling"], get_args(EventDraws))
    checks.choice(f"{where}.precision", fields["precision"], get_args(NoiseKind))
    kept = tuple(word for part in get_args(Kept) for word in get_args(part))
    checks.choice(f"{where}.keep", fields["keep"], kept)
    checks.text(f"{where}.version", fields["version"])
    if not isinstance(fields["sampling"], QuasiRandom):
        checks.choice(f"{where}.sampling", fields["sampling"], ("independent", "quasi"))


def _check_mappings(where: str, fields: dict[str, Any]) -> None:
    """Hold the mappings to their types, and freeze them."""
    kinds: dict[str, type[Any]] = {"hazards": float, "skipped": str, "failures": tuple, "reduced": object}
    for key, kind in kinds.items():
        found = fields[key]
        if not isinstance(found, Mapping) or not all(
            isinstance(x, str) and isinstance(y, kind) for x, y in found.items()
        ):
            checks.refuse_type(f"{where}.{key}", "must be an object by name", found)
        fields[key] = FrozenMap(found)
    for texts in (fields["remarks"], *fields["failures"].values()):
        if not isinstance(texts, tuple) or not all(isinstance(each, str) for each in texts):
            checks.refuse_type(f"{where}: remarks, failures", "must be lists of texts", texts)


def _products(reader: Reader, where: str, plain: Any) -> dict[str, Any]:
    if not isinstance(plain, dict) or not plain or len(plain) > ITEMS_LIMIT:
        checks.refuse_type(where, f"must be an object of 1 to {ITEMS_LIMIT:,} products", plain)
    found = {}
    for row, table in plain.items():
        made = reader.value(f"{where}.{checks.show(row)[1:-1]}", table)
        found[row] = checks.instance(f"{where}.{checks.show(row)[1:-1]}", made, Product, 'StakingPool("ETH")')
    return found


def _outcomes(reader: Reader, where: str, plain: Any, fields: Mapping[str, Any]) -> dict[str, Outcome]:
    rows = list(fields["products"]) if fields["keep"] != "none" else []
    if not isinstance(plain, dict) or list(plain) != rows:
        shown = sorted(plain) if isinstance(plain, dict) else plain
        checks.refuse(f"{where}.outcomes", "must have one for each product, in their order", shown)
    found = {}
    for row, table in plain.items():
        here = f"{where}.outcomes.{checks.show(row)[1:-1]}"
        found[row] = read_outcome(reader, here, table)
        if found[row].n_paths != fields["n_paths"] or found[row].grid != fields["grid"]:
            raise InputError(f"{here}: must have the paths and the times of the run")
    return found


def write_quote(writer: Writer, name: str, quote: Quote) -> dict[str, Any]:
    """Plain table of a quote: its outcome."""
    return {"kind": "Quote", "outcome": write_outcome(writer, name, quote.outcome)}


def read_quote(reader: Reader, where: str, table: Mapping[str, Any]) -> Quote:
    """Quote of a plain table."""
    check_keys(where, table, ("outcome",), "Quote")
    return Quote(read_outcome(reader, f"{where}.outcome", table["outcome"]))


def own_ranges(comparison: Comparison) -> dict[str, dict[str, Assumption]]:
    """Ranges that a caller gave to `compare`, by row and term."""
    found = {
        row: {each.term: each.assumption for each in terms if each.key == f"{row}/{each.term}"}
        for row, terms in comparison.reruns.terms.items()
    }
    return {row: terms for row, terms in found.items() if terms}


def write_comparison(writer: Writer, name: str, comparison: Comparison) -> dict[str, Any]:
    """Plain table of a comparison: its results, and what `compare` and `rank` were asked; rows are computed again."""
    return {
        "kind": "Comparison",
        **{key: writer.value(key, getattr(comparison, key)) for key in _ASKED},
        "rows": [row.product for row in comparison.rows],
        "skipped": writer.value("skipped", comparison.skipped),
        "assumptions": writer.thing("assumptions", comparison.reruns.numbers),
        "ranges": writer.value("ranges", own_ranges(comparison)),
        "results": write_results(writer, name, comparison.results),
    }


def read_comparison(reader: Reader, where: str, table: Mapping[str, Any]) -> Comparison:
    """Comparison of a plain table: of its results, computed again."""
    check_keys(where, table, (*_COMPARISON, *_ASKED), "Comparison")
    plain = table["results"]
    if not isinstance(plain, dict) or plain.get("kind") != "Results":
        checks.refuse_type(f"{where}.results", "must be Results", plain)
    results = read_results(reader, f"{where}.results", plain)
    given = {key: reader.value(f"{where}.{key}", table[key]) for key in (*_COMPARISON[1:], *_ASKED)}
    numbers = checks.instance(f"{where}.assumptions", given["assumptions"], AssumptionSet, "an AssumptionSet")
    found = compare(
        results,
        benchmark=given["benchmark"],
        confidence_level=given["confidence_level"],
        price_views=given["views_asked"] or None,
        assumptions=numbers,
        ranges=given["ranges"],
    )
    rows = {row.product: row for row in found.rows}
    names, skipped = given["rows"], given["skipped"]
    if not isinstance(names, tuple) or len(set(names)) < len(names) or not set(names) <= set(rows):
        checks.refuse(f"{where}.rows", "must be names of different rows of the results", names)
    if not isinstance(skipped, Mapping) or not all(isinstance(why, str) for why in skipped.values()):
        checks.refuse_type(f"{where}.skipped", "must be reasons by name", skipped)
    if given["ranked_by"] is not None:
        checks.text(f"{where}.ranked_by", given["ranked_by"])
    asked = {"skipped": FrozenMap(skipped), "ranked_by": given["ranked_by"], "views_asked": given["views_asked"]}
    return attrs.evolve(found, rows=tuple(rows[name] for name in names), **asked)


WRITERS: Mapping[type[Any], Callable[[Writer, str, Any], dict[str, Any]]] = {
    Results: write_results,
    Quote: write_quote,
    Comparison: write_comparison,
}
READERS: Mapping[str, Callable[[Reader, str, Any], Any]] = {
    "Results": read_results,
    "Quote": read_quote,
    "Comparison": read_comparison,
}
