"""Solana's inflation schedule, what governance changes in it, and the slots and epochs that it counts."""

import math

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.protocols.chains import solana

YEARS = st.floats(0.0, 1_000.0)


def test_presets():
    assert (solana.FULL.initial, solana.FULL.terminal, solana.FULL.taper) == (0.08, 0.015, 0.15)
    assert (solana.FULL.foundation, solana.FULL.foundation_term) == (0.0, 0.0)
    assert attrs.evolve(solana.FULL, foundation=0.05, foundation_term=7.0) == solana.DEFAULT


@pytest.mark.parametrize(("year", "total"), [(0.0, 0.08), (1.0, 0.068), (2.0, 0.0578), (10.4, 0.015), (1_000.0, 0.015)])
def test_the_full_schedule(year, total):
    assert solana.FULL.total(year) == pytest.approx(total, rel=1e-14)
    assert solana.FULL.validator(year) == solana.FULL.total(year)
    assert solana.FULL.foundation_rate(year) == 0.0


def test_the_floor_is_reached_after_ten_years():
    year = math.log(0.08 / 0.015) / -math.log(0.85)
    assert year == pytest.approx(10.30, abs=5e-3)
    assert solana.FULL.total(year - 1e-6) > 0.015
    assert solana.FULL.total(year + 1e-6) == 0.015


def test_the_foundation_is_paid_for_seven_years():
    assert solana.DEFAULT.foundation_rate(6.999) == pytest.approx(0.05 * solana.DEFAULT.total(6.999), rel=1e-15)
    assert solana.DEFAULT.foundation_rate(7.0) == 0.0
    assert solana.DEFAULT.validator(1.0) == pytest.approx(0.95 * 0.068, rel=1e-14)


def test_a_fixed_rate():
    fixed = solana.new_fixed(0.001)
    assert [fixed.total(year) for year in (0.0, 0.1, 1.0, 100.0)] == [0.001] * 4
    assert fixed.validator(3.0) == 0.001
    assert solana.new_fixed(0.0).total(5.0) == 0.0


@given(YEARS, YEARS)
def test_inflation_never_rises_nor_falls_below_its_floor(year, more):
    for inflation in (solana.FULL, solana.DEFAULT):
        assert inflation.total(min(year + more, 1_000.0)) <= inflation.total(year)
        assert inflation.total(year) >= inflation.terminal
        assert inflation.validator(year) + inflation.foundation_rate(year) == pytest.approx(inflation.total(year))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"initial": -0.1}, r"initial: must be in \[0, "),
        ({"terminal": 1.5}, r"terminal: must be a fraction in \[0, 1\]"),
        ({"taper": 15}, r"taper: must be a fraction in \[0, 1\], got 15 \(percent\? write 0.15\)"),
        ({"foundation": -0.1}, r"foundation: must be a fraction"),
        ({"foundation_term": -1.0}, r"foundation_term: must be in \[0, "),
    ],
)
def test_schedules_that_cannot_be(change, message):
    with pytest.raises(InputError, match=r"^Inflation\." + message):
        attrs.evolve(solana.FULL, **change)


@pytest.mark.parametrize("year", [-0.1, 1_000.1])
def test_years_out_of_range(year):
    for ask in (solana.FULL.total, solana.FULL.foundation_rate, solana.FULL.validator):
        with pytest.raises(InputError, match=r"^Inflation\.total: year: "):
            ask(year)
    with pytest.raises(InputError, match=r"^InflationPath\.at: year: "):
        solana.MAINNET.at(year)


def test_a_schedule_is_written_by_name():
    with pytest.raises(TypeError, match="positional argument"):
        solana.Inflation(0.08, 0.015, 0.15)  # type: ignore[call-arg]


def test_a_fixed_rate_is_a_fraction():
    with pytest.raises(InputError, match=r"^new_fixed: validator: must be a fraction in \[0, 1\], got 5 \(percent"):
        solana.new_fixed(5)


# Governance


def test_mainnet_follows_the_full_schedule():
    assert solana.InflationPath(solana.FULL) == solana.MAINNET
    assert solana.MAINNET.total(5.5) == solana.MAINNET.validator(5.5) == solana.FULL.total(5.5)


@pytest.mark.parametrize("activation", [0.0, 5.5, 6.25, 30.0, 100.0])
def test_double_disinflation_is_continuous(activation):
    path = solana.double_disinflation(activation)
    assert path.total(activation) == pytest.approx(solana.FULL.total(activation), rel=1e-12)
    after = path.total(activation + 1.0)
    assert after == pytest.approx(max(0.015, 0.7 * solana.FULL.total(activation)), rel=1e-12)
    if activation:
        assert path.total(activation / 2) == solana.FULL.total(activation / 2)


def test_double_disinflation_reaches_its_floor_sooner():
    path = solana.double_disinflation(5.5)
    years = math.log(path.total(5.5) / 0.015) / -math.log(0.7)
    assert years == pytest.approx(2.2, abs=0.05)  # 2.8 years in the proposal, which counts from an earlier activation
    assert path.total(5.5 + years + 1e-6) == 0.015
    assert path.total(5.5 + years - 1e-6) > 0.015


def test_a_change_rules_from_its_year_on():
    first, second = solana.new_fixed(0.04), solana.new_fixed(0.03)
    path = solana.InflationPath(solana.FULL, (solana.InflationChange(2.0, first), solana.InflationChange(3.0, second)))
    assert [path.at(year) for year in (0.0, 1.999, 2.0, 2.999, 3.0, 9.0)] == [
        solana.FULL,
        solana.FULL,
        first,
        first,
        second,
        second,
    ]
    assert path.total(2.5) == path.validator(2.5) == 0.04


def test_the_foundation_keeps_its_part_in_a_re_anchored_schedule():
    changed = solana.re_anchored(solana.DEFAULT, 3.0)
    assert changed.taper == solana.DOUBLE_DISINFLATION_TAPER == 0.30
    assert (changed.terminal, changed.foundation, changed.foundation_term) == (0.015, 0.05, 7.0)
    path = solana.double_disinflation(3.0, solana.DEFAULT)
    assert path.first == solana.DEFAULT
    assert path.validator(4.0) == pytest.approx(0.95 * path.total(4.0), rel=1e-15)


def test_re_anchoring_refuses():
    with pytest.raises(InputError, match=r"^re_anchored: activation_year: must be in \[0, 100\]"):
        solana.re_anchored(solana.FULL, -1.0)
    with pytest.raises(InputError, match=r"^re_anchored: activation_year: too large"):
        solana.re_anchored(solana.FULL, 100.5)
    with pytest.raises(InputError, match=r"^re_anchored: taper: must be below 1, .*, got 1.0$"):
        solana.re_anchored(solana.FULL, 1.0, 1.0)
    with pytest.raises(InputError, match=r"^re_anchored: taper: must be a fraction in \[0, 1\]"):
        solana.re_anchored(solana.FULL, 1.0, 30)


def test_paths_that_cannot_be():
    change = solana.InflationChange(2.0, solana.FULL)
    for changes in [(change, change), (change, solana.InflationChange(1.0, solana.FULL))]:
        with pytest.raises(InputError, match=r"^InflationPath\.changes: must be in order of their activation years"):
            solana.InflationPath(solana.FULL, changes)
    with pytest.raises(InputTypeError, match=r"^InflationPath\.changes: must be InflationChange; write Inf"):
        solana.InflationPath(solana.FULL, (solana.FULL,))  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^InflationPath\.changes: must be tuple; write \(InflationChange"):
        solana.InflationPath(solana.FULL, change)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^InflationPath\.first: must be Inflation; write solana\.FULL"):
        solana.InflationPath(0.08)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^InflationChange\.inflation: must be Inflation; write solana\.FULL"):
        solana.InflationChange(1.0, 0.08)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^InflationChange\.activation_year: must be in \[0, 1000\]"):
        solana.InflationChange(-1.0, solana.FULL)


# Slots


@pytest.mark.parametrize(
    ("slot_ms", "slots", "days"),
    [
        (400, 78_892_314.984, 2.0),
        (350, 90_162_645.696, 1.75),
        (300, 105_189_753.312, 1.5),
        (250, 126_227_703.974, 1.25),
        (200, 157_784_629.968, 1.0),
    ],
)
def test_slots_of_a_year(slot_ms, slots, days):
    assert solana.slots_per_year(slot_ms) == slots
    assert slots == pytest.approx(365.242_199 * 86_400_000 / slot_ms, rel=1e-11)
    assert solana.epoch_days(slot_ms) == days
    assert solana.epoch_duration_in_years(slot_ms) == 432_000 / slots
    assert solana.SLOTS_PER_EPOCH == 432_000


def test_a_slot_time_that_nobody_has_tabulated():
    assert solana.slots_per_year(100) == pytest.approx(315_569_259.936, rel=1e-12)
    assert solana.slots_per_year(1) == pytest.approx(31_556_925_993.6, rel=1e-12)
    assert solana.epoch_days(10_000) == 50.0


@pytest.mark.parametrize("function", [solana.slots_per_year, solana.epoch_days])
def test_slot_times_out_of_range(function):
    for slot_ms in (0, 10_001):
        with pytest.raises(InputError, match=rf"^{function.__name__}: slot_ms: must be an integer in \[1, 10000\]"):
            function(slot_ms)
    with pytest.raises(InputTypeError, match=rf"^{function.__name__}: slot_ms: must be an integer"):
        function(0.4)


@pytest.mark.parametrize(
    ("epoch", "slot_ms"),
    [(0, 400), (1_019, 400), (1_020, 350), (1_023, 350), (1_024, 300), (1_036, 300), (1_037, 250), (5_000, 250)],
)
def test_slot_times_of_the_main_network(epoch, slot_ms):
    assert solana.MAINNET_SLOT_TIMES.slot_ms(epoch) == slot_ms


def test_inflation_years_of_the_main_network():
    times = solana.MAINNET_SLOT_TIMES
    assert times.inflation_year(149) == 0.0
    assert times.inflation_year(150) == solana.epoch_duration_in_years(400)
    assert times.inflation_year(1_020) == pytest.approx(871 * solana.epoch_duration_in_years(400), rel=1e-14)
    for epoch, slot_ms in [(1_019, 400), (1_020, 350), (1_023, 350), (1_024, 300), (1_037, 250), (2_000, 250)]:
        grown = times.inflation_year(epoch + 1) - times.inflation_year(epoch)
        assert grown == pytest.approx(solana.epoch_duration_in_years(slot_ms), rel=1e-9)
    # the network's getInflationRate said 3.63 % on 27 September 2026, in epoch 1043
    assert solana.MAINNET.total(times.inflation_year(1_043)) == pytest.approx(0.0363, abs=5e-5)


def test_inflation_years_from_another_start():
    times = solana.SlotTimes(((0, 400), (10, 200), (20, 100)))
    year = solana.epoch_duration_in_years
    assert times.inflation_year(5, start_epoch=5) == 0.0
    assert times.inflation_year(25, start_epoch=15) == pytest.approx(5 * year(200) + 5 * year(100), rel=1e-14)
    assert times.inflation_year(25, start_epoch=0) == pytest.approx(10 * (year(400) + year(200)) + 5 * year(100))
    assert times.inflation_year(4, start_epoch=1) == pytest.approx(3 * year(400), rel=1e-14)


@pytest.mark.parametrize(
    "stages",
    [(), ((1, 400),), ((0, 400), (0, 300)), ((0, 400), (20, 300), (10, 200)), ((0, 400), (20, 300), (20, 200))],
)
def test_slot_times_out_of_order(stages):
    with pytest.raises(InputError, match=r"^SlotTimes\.stages: must begin at epoch 0 and be in order"):
        solana.SlotTimes(stages)


def test_slot_times_of_the_wrong_kind():
    for stages in [(0, 400), ((0,),), ((0, 400, 1),), ([0, 400],)]:
        with pytest.raises(InputTypeError, match=r"^SlotTimes\.stages: must hold pairs \(first epoch, slot_ms\)"):
            solana.SlotTimes(stages)  # type: ignore[arg-type]
    with pytest.raises(InputTypeError, match=r"^SlotTimes\.stages: must be tuple; write \(\(0, 400\), \(1020, 350\)\)"):
        solana.SlotTimes([(0, 400)])  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^SlotTimes\.stages: slot_ms: must be an integer in \[1, 10000\]"):
        solana.SlotTimes(((0, 0),))
    with pytest.raises(InputError, match=r"^SlotTimes\.stages: slot_ms: must be an integer"):
        solana.SlotTimes(((0, 10_001),))
    with pytest.raises(InputError, match=r"^SlotTimes\.stages: first epoch: must be an integer in \[0, 1000000000\]"):
        solana.SlotTimes(((-1, 400),))
    with pytest.raises(InputError, match=r"^SlotTimes\.stages: first epoch: must be an integer"):
        solana.SlotTimes(((0, 400), (10**9 + 1, 300)))


def test_epochs_go_forwards():
    times = solana.MAINNET_SLOT_TIMES
    with pytest.raises(
        InputError, match=r"^SlotTimes\.inflation_year: epoch: must be an integer in \[149, 1000000000\]"
    ):
        times.inflation_year(148)
    with pytest.raises(InputError, match=r"^SlotTimes\.inflation_year: epoch: "):
        times.inflation_year(10**9 + 1)
    with pytest.raises(InputError, match=r"^SlotTimes\.inflation_year: start_epoch: must be an integer in \[0, "):
        times.inflation_year(148, start_epoch=-1)
    for epoch in (-1, 10**9 + 1):
        with pytest.raises(InputError, match=r"^SlotTimes\.slot_ms: epoch: must be an integer in \[0, 1000000000\]"):
            times.slot_ms(epoch)
