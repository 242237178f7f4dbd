"""Where a Poisson count is small with a given probability."""

import pytest
from scipy import stats

from stakingmodels.laws.poisson import mean_of_at_most


@pytest.mark.parametrize("share", [1e-6, 0.025, 0.5, 0.975])
@pytest.mark.parametrize("k", [0, 1, 10, 3_000])
def test_at_the_mean_the_count_is_small_that_often(k, share):
    assert stats.poisson.cdf(k, mean_of_at_most(k, share)) == pytest.approx(share, rel=1e-9)
