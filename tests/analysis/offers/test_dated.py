"""Dated yardsticks: months of the record, machines between known prices, and offers of that time."""

import csv
import datetime as dt
import os
from pathlib import Path

import numpy as np
import pytest

from stakingmodels.analysis import Offer, OfferYardsticks, check_offer
from stakingmodels.analysis.offers import dated
from stakingmodels.errors import InputError

SHARED = Path(os.environ.get("STAKINGMODELS_SHARED") or Path(__file__).resolve().parents[4] / "shared")
FILE = SHARED / "data/btc_network/btc_difficulty_hashprice_DERIVED.csv"


def test_a_month_by_hand():
    july = OfferYardsticks.of("2021-07-20")
    assert july.as_of == "2021-07-20"
    assert (july.hashprice_usd, july.lowest, july.highest) == pytest.approx((0.311, 0.23303, 0.37519))
    assert july.btc_usd == 34_412.0
    assert july.network_th_s == pytest.approx(14.5e12 * 2**32 / 600.0 / 1e12, rel=1e-4)


def test_machines_between_known_prices():
    known = {"2021-05-01": 119.0, "2022-12-15": 15.7, "2024-09-15": 18.8, "2026-05-31": 20.0}
    for day, price in known.items():
        found = OfferYardsticks.of(day)
        assert found.machine_usd == pytest.approx(price)
        assert found.cheapest_machine_usd == pytest.approx(price / 2.0)
    between = OfferYardsticks.of("2023-03-31").machine_usd
    part = (dt.date(2023, 3, 31) - dt.date(2022, 12, 15)).days / (dt.date(2023, 7, 15) - dt.date(2022, 12, 15)).days
    assert between == pytest.approx(15.7 ** (1.0 - part) * 20.0**part)


def test_offers_of_their_own_time():
    membership = Offer(promises="0.5-1%/day", income="mining", price_usd=300.0, term_days=600.0)
    assert check_offer(membership, yardsticks=OfferYardsticks.of("2021-07-01")).grade == "impossible"
    assert check_offer(membership, yardsticks=OfferYardsticks.of("2022-10-01")).grade == "impossible"
    quarter = Offer(price_usd=53.4 * 91.25, hashrate_th_s=1_000.0, term_days=91.25, costs_told=True)
    found = check_offer(quarter, yardsticks=OfferYardsticks.of("2025-05-15"))
    claimed = next(each.money for each in found.elsewhere if each.name == "claimed")
    assert claimed / found.money == pytest.approx(54.64 / 53.4, rel=1e-6)


@pytest.mark.parametrize("day", ["2021-04-30", "2026-06-01"])
def test_other_days_are_refused(day):
    with pytest.raises(InputError, match=r"^OfferYardsticks.of: day: must be from 2021-05-01 to 2026-05-31, got"):
        OfferYardsticks.of(day)


@pytest.mark.skipif(not FILE.exists(), reason="needs the folder shared/")
def test_months_are_those_of_the_record():
    with FILE.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if "2021-05" <= row["date"] < "2026-06"]
    months = sorted({row["date"][:7] for row in rows})
    assert len(months) == len(dated._HASHPRICES) == len(dated._PRICES) == len(dated._DIFFICULTIES)
    for month in months:
        days = [row for row in rows if row["date"].startswith(month)]
        found = OfferYardsticks.of(f"{month}-15")
        prices = [float(row["hashprice_usd_per_ph_day"]) / 1e3 for row in days]
        assert found.hashprice_usd == pytest.approx(np.mean(prices), abs=6e-6)
        difficulty = np.mean([float(row["difficulty"]) for row in days])
        assert found.network_th_s == pytest.approx(difficulty * 2**32 / 600.0 / 1e12, rel=0.005)
        coins = np.mean([float(row["hashprice_btc_per_ph_day"]) for row in days])
        assert found.btc_usd == pytest.approx(np.mean(prices) * 1e3 / coins, rel=0.03)
