"""Files of vectors: made, written a case a line, read, and compared."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stakingmodels._version import VERSION
from tests.vectors import chains, contracts, products
from tests.vectors.schema import GENERATOR, SCHEMA, schema
from tests.vectors.vector import Vector

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "vectors"
SCHEMA_FILE = "vectors.schema.json"
TOPICS: Mapping[str, list[Vector]] = {
    "aave": contracts.AAVE,
    "avalanche": chains.AVALANCHE,
    "bitcoin": chains.BITCOIN,
    "cosmos": chains.COSMOS,
    "erc4626": contracts.ERC4626,
    "ethereum": chains.ETHEREUM,
    "lido": contracts.LIDO,
    "products": products.PRODUCTS,
    "rocketpool": contracts.ROCKETPOOL,
    "solana": chains.SOLANA,
    "uniswap": contracts.UNISWAP,
}


def document(topic: str) -> dict[str, Any]:
    """A file of a topic."""
    return {
        "schema": SCHEMA,
        "stakingmodels": VERSION,
        "generator": GENERATOR,
        "topic": topic,
        "vectors": [vector.to_dict() for vector in TOPICS[topic]],
    }


def text(made: Mapping[str, Any]) -> str:
    """JSON, a case a line."""
    head = {key: value for key, value in made.items() if key != "vectors"}
    vectors = []
    for vector in made["vectors"]:
        told = {key: value for key, value in vector.items() if key != "cases"}
        cases = ",\n".join(f"   {_line(case, tight=True)}" for case in vector["cases"])
        vectors.append(f'  {_line(told)[:-1]}, "cases": [\n{cases}\n  ]}}')
    return f'{_line(head)[:-1]}, "vectors": [\n' + ",\n".join(vectors) + "\n]}\n"


def _line(thing: Any, *, tight: bool = False) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":") if tight else None)


def kept(topic: str) -> Any:
    """A file as it is; None if there is none."""
    path = FOLDER / f"{topic}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def differences(made: Any, found: Any) -> Iterator[str]:
    """What a file has otherwise, but for the version that wrote it, and for numbers within their tolerances."""
    if found is None:
        yield "there is no file"
        return
    for key in made.keys() | found.keys():
        if key not in {"stakingmodels", "vectors"} and made.get(key) != found.get(key):
            yield f"{key}: {found.get(key)!r}, not {made.get(key)!r}"
    ours, theirs = ({vector["name"]: vector for vector in file["vectors"]} for file in (made, found))
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            yield f"{name}: is only in the {'new' if name in ours else 'old'} file"
            continue
        mine, other = dict(ours[name]), dict(theirs[name])
        new, old = mine.pop("cases"), other.pop("cases")
        if mine != other or len(new) != len(old):
            yield f"{name}: is described otherwise, or has other cases"
            continue
        yield from (
            f"{name}: case {n}: {b}, not {a}" for n, (a, b) in enumerate(zip(new, old, strict=True)) if far(a, b)
        )


def far(made: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether two cases differ by more than the tolerance."""
    if made["arguments"] != found["arguments"] or made.keys() != found.keys():
        return True
    new, old, room = (_flat(each) for each in (made["expected"], found["expected"], made.get("tolerance", {})))
    if new.keys() != old.keys():
        return True
    return any(
        not math.isclose(new[name], old[name], rel_tol=0.0, abs_tol=room[name])
        if isinstance(new[name], float) and isinstance(old[name], float)
        else new[name] != old[name]
        for name in new
    )


def _flat(answers: Any) -> dict[str, Any]:
    return answers if isinstance(answers, dict) else {"": answers}


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), indent=1) + "\n"
