"""`terms_of`: a product's terms as plain numbers and text, from which it can be made again."""

import json

import attrs
import numpy as np
import pytest

from stakingmodels import APR, APY, Event, ExchangeStaking, Product, StakingPool, termsheets
from stakingmodels.products import Failure, reference, terms_of
from tests.corpus.products import VARIANTS


@pytest.mark.parametrize("name", [*reference(), *VARIANTS])
def test_a_product_can_be_made_again_from_what_is_written(name):
    product = (reference() | VARIANTS)[name]
    written = json.loads(json.dumps(terms_of(product), allow_nan=False))
    assert termsheets.product_of("again", written.pop("kind"), written) == product


def test_rates_are_written_with_their_convention():
    assert terms_of(ExchangeStaking(posted_rate=APR(0.05)))["posted_rate"] == {"APR": 0.05}
    assert terms_of(ExchangeStaking(posted_rate=APY(0.05)))["posted_rate"] == {"APY": 0.05}
    assert terms_of(ExchangeStaking(posted_rate=APR(0.05))) != terms_of(ExchangeStaking(posted_rate=APY(0.05)))


def test_every_term_is_written_those_at_their_defaults_too():
    written = terms_of(StakingPool(failures=(Failure(Event("slashing:x", hazard=0.01), 0.1, line="slashing"),)))
    assert {*written} == {"kind", *(field.alias for field in attrs.fields(StakingPool) if field.init)}
    (failure,) = written["failures"]
    assert failure["event"] == {"name": "slashing:x", "hazard": 0.01}
    assert {*failure} == {field.alias for field in attrs.fields(Failure)}
    assert written["commission"] == StakingPool().commission


@attrs.frozen(kw_only=True)
class Wrapped(Product):
    """A product of somebody else, with terms that no file can write."""

    inner: Product
    shares: tuple[float, ...] = (0.5, 0.5)
    by_coin: dict[str, APR] = attrs.field(factory=dict)
    curve: object = attrs.field(default=None)
    what: object = None

    factors = property(lambda self: self.inner.factors)

    def open(self, book, now):
        return self.inner.open(book, now)


def test_what_others_write_is_plain_too():
    product = Wrapped(inner=StakingPool("SOL"), by_coin={"SOL": APR(0.06)}, curve=np.array([1.0, 2.0]), what=object)
    written = json.loads(json.dumps(terms_of(product)))
    assert written["kind"] == "Wrapped"
    assert (written["inner"]["kind"], written["inner"]["asset"]) == ("StakingPool", "SOL")
    assert written["shares"] == [0.5, 0.5]
    assert written["by_coin"] == {"SOL": {"APR": 0.06}}
    assert written["curve"] == [1.0, 2.0]
    assert written["what"] == "<class 'object'>"
