"""Data that a run may keep of its paths, and limits of memory."""

from typing import Literal, cast, get_args

from stakingmodels import checks

Keep = Literal["summary", "totals", "flows", "values", "ledger"]
KEEPS: tuple[Keep, ...] = get_args(Keep)
Kept = Literal["none"] | Keep
LEDGER_PATHS = 8_192
_SMALL = 2**19  # times x paths of a run that keeps all its flows by default: 4 MiB of money at most
_KEEP_LIMIT = 2 * 2**30  # bytes
_COLUMNS = {"summary": 14, "totals": 32}  # numbers kept per path and product: the mean over the reference
_WIDE = {"flows": 4, "values": 1, "ledger": 16}
"""Numbers per path and time: a flow with its indices, while parts are joined; a value; entries of a busy step."""


def refuse_wide_ledger(n_paths: int) -> None:
    """Raise `InputError` where a step ledger would span several blocks: it holds every entry of every step."""
    if n_paths > LEDGER_PATHS:
        rule = f"the step ledger is kept for at most {LEDGER_PATHS} paths"
        checks.refuse("run: keep", rule, n_paths, 'fewer paths, or keep="values"')


def with_flows(keep: Keep, cells: int) -> Keep:
    """Keep option of a run of so many times x paths, with all dated flows if they are small."""
    return "flows" if keep == "totals" and cells <= _SMALL else keep


def kept_of_one(keep: object, cells: int, n_paths: int) -> Keep:
    """Keep option of one product and so many times x paths; refused if the ledger would be too wide."""
    kept: Keep = checks.choice("run: keep", keep, KEEPS)
    if kept == "ledger":
        refuse_wide_ledger(n_paths)
    return with_flows(kept, cells)


def kept_of_many(keep: object, cells: int, products: int, n_paths: int) -> Kept:
    """Keep option of several products and so many times x paths; refused if it takes too much memory."""
    kept = cast("Kept", checks.choice("simulate: keep", keep, ("none", *KEEPS)))
    size = 8 * n_paths * products * _COLUMNS.get(kept, 0)
    if kept == "ledger":
        refuse_wide_ledger(n_paths)
    if kept in {"flows", "values", "ledger"}:
        size = 8 * cells * products * _WIDE[kept]
    if size > _KEEP_LIMIT:
        limit = f"the limit of {_KEEP_LIMIT / 2**30:.0f} GiB"
        rule = f"needs {size} bytes ({size / 2**30:.1f} GiB) of memory, above {limit}"
        reduced = 'keep="none" with reducers={"moments": Moments()}'
        checks.refuse(
            "simulate: keep", rule, kept, "fewer paths, or " + (reduced if kept in _COLUMNS else 'keep="totals"')
        )
    return kept if kept == "none" else with_flows(kept, cells)
