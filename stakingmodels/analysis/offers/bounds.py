"""Bounds on what an offer can pay: hash rate, machines, hash rate rented, reward rates, and its own figures."""

import math
from collections.abc import Iterator
from itertools import combinations

from stakingmodels.analysis.offers.offer import Offer
from stakingmodels.analysis.offers.promises import Promise
from stakingmodels.analysis.offers.reasons import OfferCondition, OfferGrade, OfferReason, graded
from stakingmodels.analysis.offers.yardsticks import MINED, OfferYardsticks, chain_of
from stakingmodels.rates import DAYS_PER_YEAR

_BACK_MONTH = 30.0
_HALF = 2.0  # rate of the rest if half of the stake leaves
_UNEQUAL = 2.0  # of parts paid to the largest and the smallest deposit
_ROUNDS = 200


def reasons_of(offer: Offer, yardsticks: OfferYardsticks) -> tuple[OfferReason, ...]:
    """All bounds that the figures of an offer can be held against."""
    found = [*_own_figures(offer)]
    if offer.kind == "mining":
        found += _mining(offer, yardsticks)
    elif offer.kind == "staking":
        found += _staking(offer, yardsticks)
    else:
        found += [_unbounded(promise, offer, yardsticks) for promise in offer.promises]
    return tuple(found)


def growth_of_deposits(per_day: float, term_days: float | None) -> float:
    """Growth of deposits a day at which a payer with no other income keeps a promise, as a fraction.

    Each dollar that comes in is paid ``per_day`` over its term (without an end for None). With deposits growing by g a
    day the pay-outs are ``per_day * (1 - exp(-g * term)) / g`` of what comes in, which is all of it at the root; 0
    where the term pays no more than was put in.
    """
    if term_days is None:
        return per_day
    if per_day * term_days <= 1.0:
        return 0.0
    growth = per_day
    for _ in range(_ROUNDS):
        growth = per_day * -math.expm1(-growth * term_days)
    return growth


def _own_figures(offer: Offer) -> Iterator[OfferReason]:
    kept = {None: (True, False), True: (True,), False: (False,)}[offer.principal_returned]
    for one, other in combinations(offer.promises, 2):
        if not any(one.agrees(other, kept=each) for each in kept):
            slow, fast = sorted((one.least_per_day, other.least_per_day))
            yield OfferReason(
                bound="promises", grade="impossible", promised=fast, limit=slow, unit="of the price a day",
                formula="part of the price a day by each promise, least figures",
            )  # fmt: skip
    if len(offer.tiers) > 1:
        parts = [back / deposit - 1.0 for deposit, back in offer.tiers]
        if min(parts) > 0.0 and parts[-1] > _UNEQUAL * parts[0]:
            yield OfferReason(
                bound="tiers", grade="only if", promised=parts[-1], limit=parts[0], unit="of the price",
                formula="gain over the deposit, of the largest and of the smallest",
            )  # fmt: skip


def _mining(offer: Offer, y: OfferYardsticks) -> Iterator[OfferReason]:
    if offer.asset not in MINED:
        yield OfferReason(bound="coin", grade="impossible", formula="mining needs proof of work")
        return
    if offer.asset != "BTC":  # the yardsticks know no other hash rate
        yield from (_unbounded(promise, offer, y) for promise in offer.promises)
        return
    claimed, price = offer.hashrate_th_s, offer.price_usd
    if claimed is not None and claimed > y.network_th_s:
        yield OfferReason(
            bound="network", grade="impossible", promised=claimed, limit=y.network_th_s, unit="TH/s",
            formula="hash rate of the whole network", source=y.as_of,
        )  # fmt: skip
    if claimed is not None and price is not None:
        yield _price(offer, price / claimed, y)
    for promise in offer.promises:
        if claimed is None:
            yield _machine(promise, offer, y)
        elif price is not None:
            yield _hash_rate(promise, offer, price / claimed, y)


def _paid_per_day(promise: Promise, offer: Offer) -> float:
    """Part of the price to be earned a day, read in favour of the offer: a deposit that comes back is not spent."""
    return promise.gain_per_day if offer.principal_returned else promise.per_day


def _rise(promise: Promise, offer: Offer, y: OfferYardsticks) -> float:
    """Largest rise of the hash price within what is paid at once; none where the pay-out is guaranteed."""
    return 1.0 if offer.guaranteed else y.rise(promise.per_days)


def _hash_rate(promise: Promise, offer: Offer, price_per_th: float, y: OfferYardsticks) -> OfferReason:
    """What the hash rate claimed earns with free power, against what is promised of the price."""
    needed = _paid_per_day(promise, offer) * price_per_th
    limit = y.highest * _rise(promise, offer, y)
    size = offer.hashrate_th_s or math.nan
    conditions = (
        OfferCondition(name="hashprice", value=needed, times=needed / y.hashprice_usd),
        OfferCondition(name="btc", value=y.btc_usd * needed / y.hashprice_usd, times=needed / y.hashprice_usd),
    )
    grade = graded(needed, y.hashprice_usd, limit)
    return OfferReason(
        bound="hash rate", grade=grade, promised=needed * size, limit=limit * size, unit="USD a day",
        formula="hashrate_th_s * highest hash price * rise, free power", source=y.as_of,
        conditions=() if grade == "possible" else conditions,
    )  # fmt: skip


def _machine(promise: Promise, offer: Offer, y: OfferYardsticks) -> OfferReason:
    """What a machine bought for the money, or hash rate rented for the term, pays of it a day."""
    needed = _paid_per_day(promise, offer)
    rise = _rise(promise, offer, y)
    rented = 0.0 if offer.term_days is None or offer.principal_returned else 1.0 / offer.term_days
    bought = y.highest / y.cheapest_machine_usd * rise
    grade = graded(needed, max(y.machine_net_per_day, rented), max(bought, rented * rise))
    if rented * rise > bought or (grade == "possible" and rented > y.machine_net_per_day):
        average = needed / rented
        return OfferReason(
            bound="rented", grade=grade, promised=needed, limit=rented * rise, unit="of the price a day",
            formula="rise / term_days, hash rate rented at its hash price", source=y.as_of,
            conditions=() if grade == "possible" else (OfferCondition(name="average", value=average, times=average),),
        )  # fmt: skip
    hashprice = needed * y.cheapest_machine_usd
    machine = y.hashprice_usd / needed if needed > 0.0 else math.inf
    conditions = [
        OfferCondition(name="hashprice_of_machine", value=hashprice, times=hashprice / y.hashprice_usd),
        OfferCondition(name="machine", value=machine, times=machine / y.machine_usd),
    ]
    if offer.price_usd is not None:
        size = needed * offer.price_usd / y.hashprice_usd
        conditions.append(OfferCondition(name="size", value=size))
    return OfferReason(
        bound="machine", grade=grade, promised=needed, limit=bought, unit="of the price a day",
        formula="highest hash price * rise / cheapest_machine_usd, free power", source=y.as_of,
        conditions=() if grade == "possible" else tuple(conditions),
    )  # fmt: skip


def _price(offer: Offer, price_per_th: float, y: OfferYardsticks) -> OfferReason:
    """Days of output that the price pays for; fewer than a few for a long term is no price of hash rate."""
    net = y.hashprice_usd - offer.maintenance_usd_per_th_day
    days = price_per_th / y.lowest
    term = offer.term_days
    long_enough = term is None or term * y.lowest / price_per_th > y.rise(max(term, DAYS_PER_YEAR))
    back = price_per_th / net if net > 0.0 else math.inf
    sold_cheap = back < _BACK_MONTH if term is None else term / back > y.rise(DAYS_PER_YEAR)
    grade: OfferGrade = "only if" if sold_cheap else "possible"
    if days < y.fewest_days and long_enough:
        grade = "impossible"
    fair = price_per_th / (term or DAYS_PER_YEAR)
    condition = OfferCondition(name="falls", value=fair, times=fair / y.hashprice_usd)
    return OfferReason(
        bound="price", grade=grade, promised=back, limit=math.nan if term is None else term, unit="days",
        formula="price_usd / hashrate_th_s / (hashprice_usd - maintenance_usd_per_th_day), within term_days",
        source=y.as_of, conditions=(condition,) if grade == "only if" else (),
    )  # fmt: skip


def _staking(offer: Offer, y: OfferYardsticks) -> Iterator[OfferReason]:
    coin, apr = (offer.asset, y.staking_apr(offer.asset)) if offer.asset else y.best_staking()
    chain = chain_of(str(coin))
    if offer.stake is not None and chain is not None and offer.stake > chain.staked:
        yield OfferReason(
            bound="stake", grade="impossible", promised=offer.stake, limit=chain.staked, unit="coins",
            formula="all that is staked on the chain", source=chain.as_of,
        )  # fmt: skip
    if math.isnan(apr):  # no chain of ours pays it: the income is another's
        yield from (_unbounded(promise, offer, y) for promise in offer.promises)
        return
    day = y.as_of if coin in y.staking_aprs or chain is None else chain.as_of
    for promise in offer.promises:
        days = promise.per_days
        gain = promise.gain_per_day * days if offer.principal_returned is not False else promise.fraction
        limit = _compounded(apr, days)
        most = _compounded(_HALF * y.highest_staking_apr(str(coin)), days)
        most = most if offer.asset else math.inf  # other chains may pay more than those known
        grade = graded(gain, limit, most)
        needed = DAYS_PER_YEAR * ((1.0 + gain) ** (1.0 / days) - 1.0)
        conditions = [OfferCondition(name="rate", value=needed, times=needed / apr)]
        if chain is not None and offer.asset:
            conditions.append(OfferCondition(name="staked", value=chain.staked * apr / needed, times=apr / needed))
        yield OfferReason(
            bound="staking", grade=grade, promised=gain, limit=limit, unit="of the stake",
            formula=f"(1 + apr / 365)**{days:g} - 1 of {coin}, before commission", source=day,
            conditions=() if grade == "possible" else tuple(conditions),
        )  # fmt: skip


def _compounded(apr: float, days: float) -> float:
    return math.expm1(days * math.log1p(apr / DAYS_PER_YEAR))


def _unbounded(promise: Promise, offer: Offer, y: OfferYardsticks) -> OfferReason:
    """A source that no rule bounds, against the best reward rate of a chain."""
    best = y.best_staking()[1]
    a_year = promise.a_year if offer.principal_returned is not False else DAYS_PER_YEAR * promise.per_day
    grows = growth_of_deposits(_paid_per_day(promise, offer), offer.term_days)
    conditions = (
        OfferCondition(name="earns", value=a_year, times=a_year / best),
        OfferCondition(name="grows", value=grows),
    )
    above = a_year > best
    return OfferReason(
        bound="source", grade="only if" if above else "untestable", promised=a_year, limit=best, unit="a year",
        formula="highest reward rate of a chain, for comparison: it is no bound", source=y.as_of,
        conditions=conditions if above else (),
    )  # fmt: skip
