"""Names and values of assumed numbers as people read them."""

from stakingmodels.assumptions.known import KINDS
from stakingmodels.products.assumed_terms import AssumedTerm
from stakingmodels.words import Note

_TWO, _THREE = 2, 3
_LARGE = 1_000.0
_NAMED = frozenset(
    {
        "entry_days",
        "exit_days",
        "withdrawal_days",
        "service_withdrawal_days",
        "token_withdrawal_days",
        "uptime",
        "running_cost_usd_per_day",
        "solo_slashing.hazard",
        "solo_slashing.severity",
        "pool_slashing.hazard",
        "pool_slashing.severity",
        "exploit.hazard",
        "exploit.severity",
        "waiting_cost_per_year",
        "pool_commission",
        "token_fee",
        "exchange_commission",
        "custodian.hazard",
        "custodian.recovery",
        "custodian.recovery_days",
        "provider.hazard",
        "mining.price_usd_per_th_s",
        "mining.minimum_payout_btc",
    }
)
"""Numbers that have a name in sentences."""


def number_name(number: AssumedTerm) -> str:
    """Name of an assumed number in a sentence: of one of a set in words, else its row and term as they are written."""
    if number.key in _NAMED:
        return Note(f"flip.number.{number.key}")
    return f"{number.product}: {number.term}"


def number_text(number: AssumedTerm, value: float, digits: int = _THREE) -> str:
    """Value of an assumed number with its unit: a hazard as percent a year, a fraction as percent, else the number."""
    kind = kind_of(number)
    if kind == "hazard":
        return Note("number.hazard", value=_rounded(100.0 * value, digits))
    if kind == "days":
        return Note("number.days", value=_rounded(value, digits))
    if kind == "USD":
        return Note("number.usd", value=_rounded(value, digits))
    return f"{_rounded(100.0 * value, digits)}%" if kind == "fraction" else _rounded(value, digits)


def kind_of(number: AssumedTerm) -> str:
    """Kind of a number: that of a set's number, or by the name of the term, which says its unit."""
    term = number.term.rpartition(".")[2]
    if "_usd" in term:
        return "USD"
    if number.key in KINDS:
        return KINDS[number.key]
    if term in {"event", "slashing", "hazard"}:
        return "hazard"
    if term.endswith("_days"):
        return "days"
    return "fraction" if 0.0 <= number.assumption.low <= number.assumption.high <= 1.0 else "amount"


def _rounded(value: float, digits: int) -> str:
    """A number in so many digits, without an exponent."""
    if value == 0.0:
        return "0"
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{float(f'{value:.{digits}g}'):.12f}".rstrip("0").rstrip(".")
