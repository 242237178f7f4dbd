"""Products from TOML files: what is read, and what is refused, in one sentence that names the place."""

import inspect
import os

import pytest

from stakingmodels import APR, APY, CloudMiningContract, Event, Holding, InputError, StakingModelsError, StakingPool
from stakingmodels.market import ExitWait
from stakingmodels.products import ExchangeStaking, Failure, Product, SoloValidator, reference
from stakingmodels.termsheets import KINDS, ROWS_LIMIT, changed, product_of, read_products, read_value
from stakingmodels.tomlfiles import BYTES_LIMIT

EVENT = '{name = "custodian:x", hazard = 0.02}'


@pytest.fixture
def given(tmp_path):
    """Writes a file and reads it."""

    def read(text):
        path = tmp_path / "mine.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_products(path)

    return read


def test_rows_come_in_the_order_of_the_file(given):
    found = given(
        """
        [my-pool]
        kind = "StakingPool"
        commission = 0.15

        ["a desk"]
        kind = "ExchangeStaking"
        posted_rate = {APR = 0.03}
        term_days = 30
        failures = [{event = {name = "custodian:x", hazard = 0.02}, recovery = 0.4}]

        [sol]
        kind = "Holding"
        asset = "SOL"
        """
    )
    desk = ExchangeStaking(
        posted_rate=APR(0.03), term_days=30.0, failures=(Failure(Event("custodian:x", hazard=0.02), recovery=0.4),)
    )
    assert list(found.items()) == [
        ("my-pool", StakingPool(commission=0.15)),
        ("a desk", desk),
        ("sol", Holding(asset="SOL")),
    ]
    assert {factor.hazard for factor in found["a desk"].factors if isinstance(factor, Event)} == {0.02}


def test_a_rate_may_be_effective(given):
    found = given('[x]\nkind = "ExchangeStaking"\nposted_rate = {APY = 0.03}')
    assert found["x"] == ExchangeStaking(posted_rate=APY(0.03))


def test_a_byte_order_mark_is_passed_over(given):
    assert given(b'\xef\xbb\xbf[x]\nkind = "StakingPool"') == {"x": StakingPool()}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"Holding"}))
def test_every_kind_has_defaults(given, kind):
    assert given(f'[x]\nkind = "{kind}"') == {"x": KINDS[kind]()}


def test_every_product_of_the_library_is_a_kind():
    direct = {kind for kind in Product.__subclasses__() if kind.__module__.startswith("stakingmodels.products")}
    library = {kind for kind in direct if not inspect.isabstract(kind)}  # wrappers hold products, and have no table
    assert library == set(KINDS.values())


POOL = '[x]\nkind = "StakingPool"\n'
SOLO = '[x]\nkind = "SoloValidator"\n'
REFUSED = {
    "empty": ("", "must hold a table for each product; write [my-pool]"),
    "no TOML": ("commission: 0.1", "'mine.toml': must be TOML: "),
    "a table twice": (POOL + POOL, "must be TOML: "),
    "no table": ('kind = "StakingPool"', "'mine.toml': 'kind' stands outside of a table; write [my-pool]"),
    "no kind": ("[x]\ncommission = 0.1", '[x]: kind must be given as a text; write kind = "StakingPool"'),
    "kind of no text": ("[x]\nkind = 1", "[x]: kind must be given as a text"),
    "unknown kind": ('[x]\nkind = "StakePool"', "got 'StakePool' (did you mean StakingPool?)"),
    "kind in lower case": ('[x]\nkind = "stakingpool"', "(did you mean StakingPool?)"),
    "kind unlike any": ('[x]\nkind = "os.system"', "[x]: kind: must be one of Holding, "),
    "unknown field": (POOL + "comission = 0.1", "'comission' is no field of StakingPool (did you mean commission?)"),
    "field unlike any": (POOL + "zzz = 1", "'zzz' is no field of StakingPool (its fields are asset, commission, "),
    "a field that is no term": ('[x]\nkind = "CloudMiningContract"\nasset = "ETH"', "'asset' is no field of CloudMin"),
    "a field that must be given": ('[x]\nkind = "Holding"', "[x]: Holding.asset must be given"),
    "percent": (POOL + "commission = 10", "[x]: StakingPool.commission: must be a fraction in [0, 1], got 10 ("),
    "NaN": (POOL + "commission = nan", "[x]: StakingPool.commission: must be finite, got nan"),
    "text for a number": (POOL + 'commission = "0.1"', "[x]: StakingPool.commission: must be a number, got str '0.1'"),
    "a date": (POOL + "commission = 2026-01-01", "[x]: StakingPool.commission: must be a number, got date"),
    "a list": (POOL + "commission = [0.1]", "[x]: StakingPool.commission: must be a number, got list"),
    "bare rate": ('[x]\nkind = "ExchangeStaking"\nposted_rate = 0.03', "must be a rate; write {APR = 0.03}"),
    "rate in percent": ('[x]\nkind = "ExchangeStaking"\nposted_rate = {APR = "3"}', "[x]: APR: must be a number, got str '3'"),  # noqa: E501
    "two rates": ('[x]\nkind = "ExchangeStaking"\nposted_rate = {APR = 0.03, APY = 0.03}', "must be a rate or an event; write"),  # noqa: E501
    "event without hazard": (SOLO + 'slashing = {name = "s"}', "SoloValidator.slashing: must be a rate or an event;"),
    "bad hazard": (SOLO + 'slashing = {name = "s", hazard = -1}', "[x]: Event.hazard: must be in [0, "),
    "event for a rate": (f'[x]\nkind = "ExchangeStaking"\nposted_rate = {EVENT}', "ExchangeStaking.posted_rate: must be a rate"),  # noqa: E501
    "rate for an event": (SOLO + "slashing = {APR = 0.1}", 'slashing: must be Event; write {name = "slashing:x", '),
    "a failure without its event": (POOL + "failures = [{severity = 0.1}]", "StakingPool.failures[0]: must be a failure with its event; write [{event"),  # noqa: E501
    "a failure with another field": (POOL + f"failures = [{{event = {EVENT}, severty = 0.1}}]", "StakingPool.failures[0]: 'severty' is no field of Failure (did you mean severity?)"),  # noqa: E501
    "a failure that takes nothing": (POOL + f"failures = [{{event = {EVENT}, severity = 0}}]", "Failure.severity: must be in (0, 1]"),  # noqa: E501
    "an event for failures": (POOL + f"failures = {EVENT}", "StakingPool.failures: must be failures; write failures = [{event = "),  # noqa: E501
    "a name with a line break": ('["a\\nb"]\nkind = "StakingPool"', "must be 1 to 80 printable characters"),
    "a name of nothing": ('[""]\nkind = "StakingPool"', "must be 1 to 80 printable characters"),
    "tables in tables": ("[x.y]\nkind = 1", "[x]: kind must be given as a text"),
    "a list of tables": ('[[x]]\nkind = "StakingPool"', "'x' stands outside of a table"),
    "deep lists": (POOL + "asset = " + "[\n" * 50_000, "must not be nested so deeply"),
    "deep tables": (POOL + "asset" + ".a" * 480 + " = 1", "StakingPool.asset: must be a rate or an event"),
    "deep tables in a list": (POOL + "asset = [{a" + ".a" * 480 + " = 1}]", "[x]: "),
    "a long line": (POOL + "asset" + ".a" * 50_000 + " = 1", "line 3 must be at most 1000 characters long, got 100009"),
    "a long number": (POOL + "commission = " + "9" * 900, "[x]: StakingPool.commission: must be finite; too large"),
    "no UTF-8": (b"\xff[x]", "must be UTF-8, got 0xff at byte 0"),
    "NUL": (b"[x]\0", "must be TOML: "),
    "too large": ("#" * (BYTES_LIMIT + 1), "must be at most 1000000 bytes (1 MB), got more"),
    "too many": ("".join(f"[a{i}]\n" for i in range(ROWS_LIMIT + 1)), "must hold at most 1000 products, got 1001"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_files_are_refused(given, text, sentence):
    with pytest.raises(StakingModelsError) as told:
        given(text)
    assert str(told.value).startswith("'mine.toml': ")
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("none.toml", "no such file or directory"), (".", "must be a regular file"), ("a\0b", "possible file name")],
)
def test_what_is_no_file_is_refused(tmp_path, monkeypatch, name, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=sentence):
        read_products(name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="must be a regular file"):
        read_products(tmp_path / "pipe")


def test_terms_of_a_product_are_changed_and_the_others_kept():
    row = reference()["exchange earn"]
    assert isinstance(row, ExchangeStaking)
    found = changed("here", row, {"commission": 0.9})
    assert isinstance(found, ExchangeStaking)
    assert (found.commission, found.redemption_days, found.failures) == (0.9, ExitWait("ETH"), row.failures)


def test_a_default_that_depends_on_a_changed_term_follows_it():
    found = changed("here", reference()["exchange earn"], {"posted_rate": {"APR": 0.03}})
    assert isinstance(found, ExchangeStaking)
    assert (found.posted_rate, found.commission) == (APR(0.03), 0.0)


def test_nothing_changed_is_the_same_product():
    for row in reference().values():
        assert changed("here", row, {}) == row


def test_a_kind_with_terms():
    assert product_of("here", "SoloValidator", {"validators": 2}) == SoloValidator(validators=2)
    assert product_of("here", "CloudMiningContract", {"stop_after_days": 7}) == CloudMiningContract(stop_after_days=7)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.15", 0.15),
        ("2", 2),
        ("true", True),
        ('"SOL"', "SOL"),
        ("SOL", "SOL"),
        ("{APR = 0.03}", {"APR": 0.03}),
        ("", ""),
        ("1\ny = 2", "1\ny = 2"),
        ("__import__('os')", "__import__('os')"),
    ],
)
def test_a_value_is_read_as_toml_or_is_a_text(text, value):
    assert read_value(text) == value
    assert type(read_value(text)) is type(value)
