"""The figures of docs/explanation/records.md are those that benchmarks/records.py computes on the real data."""

import importlib
from pathlib import Path

import attrs
import numpy as np
import pytest

from benchmarks.records_mev import spikes
from stakingmodels.catalogue.paid import PAID

pytestmark = pytest.mark.once

numbers = importlib.import_module("benchmarks.records")
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("explanation/records.md", "zh-TW/explanation/records.md")


@pytest.fixture(scope="module")
def data(shared_data):
    return shared_data / "data"


def test_every_row_stands_on_both_pages(data):
    for page in PAGES:
        text = (DOCS / page).read_text(encoding="utf-8").replace(" 百分點 |", " pp |")
        lines = [line.partition(" | ")[2] for line in text.splitlines() if line.startswith("| ")]
        for name, cells in numbers.rows(data).items():
            assert f"{' | '.join(cells)} |" in lines, (page, name)


def test_what_was_paid_stands_in_the_catalogue(data):
    found = importlib.import_module("benchmarks.records_paid").rates(data)
    shipped = {paid.record: paid for each in PAID.values() for paid in each}
    assert set(found) == set(shipped)
    for record, (rate, first, last) in found.items():
        paid = shipped[record]
        assert float(paid.rate.value) == pytest.approx(rate, abs=5e-5), record
        assert first in ("", paid.first), record
        assert last in ("", paid.last), record


def test_mev_that_no_published_rate_counts_is_seen_by_the_day():
    """A token that pays what is published, and 20 points more on one day: the day is found, and nothing else."""
    published, paid = np.full(60, 0.03), np.full(60, 0.03)
    paid[30] += 0.20
    published[30:37] += 0.01 / 7.0  # the mean of seven days has a point of it
    rate = np.exp(np.concatenate([[0.0], np.cumsum(paid * 0.9 / 365.0)]))
    found = spikes(published, rate, 0.10)
    np.testing.assert_allclose(found.paid, paid, atol=1e-12)
    assert np.flatnonzero(~found.usual).tolist() == [30]
    assert found.above[30] == pytest.approx(0.20)
    assert found.told(30) == pytest.approx(0.01)
    assert found.paid[found.usual].mean() == pytest.approx(0.03)


def test_the_pot_is_exact_and_tells_a_wrong_epoch(data):
    record = numbers.read_cardano(data, numbers.FIRST_EXACT_EPOCH)
    columns = [[row[name] for row in record] for name in ("reserves", "epoch_fees", "block_count", "total_rewards_pot")]
    assert numbers.cardano_pots(*columns) == (280, 280)
    columns[0] = columns[0][1:] + columns[0][-1:]  # the reserves of the epoch itself
    assert numbers.cardano_pots(*columns)[0] < 20


def test_a_wrong_taper_is_seen_in_the_inflation(data):
    record = numbers.read_solana(data)
    known = np.isfinite(record["inflation_est_sol"])
    epochs, recorded = record["epoch"][known].astype(int).tolist(), record["inflation_est_sol"][known]
    for taper, is_right in ((0.15, True), (0.20, False)):
        path = attrs.evolve(numbers.solana.MAINNET, first=attrs.evolve(numbers.solana.MAINNET.first, taper=taper))
        rate = path.validator(numbers.solana.MAINNET_SLOT_TIMES.inflation_year(epochs[0] + 1))
        supply = recorded[0] / rate / numbers.epoch_duration_in_years(400)
        found = numbers.gap(numbers.solana_inflation(epochs, supply, path=path, burned_per_epoch=1900.0), recorded)
        assert (found.largest < 0.005) is is_right


def test_a_sale_is_at_the_ratio_of_its_day_and_redemption_waits_for_its_opening(data):
    ratio, sold, redeemed = numbers.steth_sale(data)
    assert ratio == pytest.approx(0.9367, abs=5e-5)
    assert sold == pytest.approx(ratio, rel=1e-12)
    assert redeemed >= numbers.FIRST_REDEMPTION


def test_the_rate_before_the_cap_follows_the_chain_and_not_the_defaults_of_its_kit(data, monkeypatch):
    apr, bonded, after = numbers.read_atom(data)
    hub = numbers.atom_step(apr, bonded, after, tax=0.02, pace=1.15)
    assert hub.step == pytest.approx(hub.recorded_step, abs=0.02)
    assert np.abs(hub.modelled - hub.recorded).max() < 0.016
    monkeypatch.setattr(numbers, "BEFORE_CAP", numbers.cosmos.SDK_MINT)  # 13 points a year, not 100
    slow = numbers.atom_step(apr, bonded, after, tax=0.02, pace=1.15)
    assert np.abs(slow.modelled - slow.recorded).max() > 0.04
