"""Dated exchange rates: each with its sources, and consistent with one another."""

import numpy as np
import pytest

from stakingmodels.scenarios import EXCHANGE_RATES, REFERENCE_START
from stakingmodels.scenarios.exchange_rates import known_rate


@pytest.mark.parametrize("name", EXCHANGE_RATES)
def test_every_rate_has_its_days_and_sources(name):
    rate = EXCHANGE_RATES[name]
    for day in (rate.date, rate.cash_date):
        age = (REFERENCE_START - np.datetime64(day)).astype(int)
        assert 0 < age < 31
    assert rate.source.strip()
    assert rate.cash_source.strip()
    assert 0.0 <= rate.cash_rate.value < 0.05


def test_crosses_are_those_that_were_published():
    assert known_rate("USD", "EUR") == pytest.approx(1.1750)
    assert known_rate("JPY", "EUR") == pytest.approx(184.09)
    assert known_rate("GBP", "EUR") == pytest.approx(0.87260)
    assert known_rate("TWD", "USD") == 31.438
    assert known_rate("TWD", "EUR") == pytest.approx(31.438 * 1.1750)
    assert known_rate("XTS", "USD") is None
    assert known_rate("TWD", "XTS") is None
