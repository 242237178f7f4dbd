"""`Around`: a product that holds another one, of which checks derive products with a plan of their own."""

from collections.abc import Mapping

import attrs

from stakingmodels.market import Factor
from stakingmodels.products import Product


@attrs.frozen(eq=False)
class Around(Product):
    """A product with the coin, the benchmark and the factors of the one that it holds."""

    inner: Product

    @property
    def asset(self) -> str | None:
        """Coin of the product inside."""
        found: str | None = self.inner.asset
        return found

    @property
    def benchmark(self) -> Mapping[str, float]:
        """Benchmark of the product inside."""
        return self.inner.benchmark

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors that the product inside reads."""
        return self.inner.factors
