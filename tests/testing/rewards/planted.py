"""Planted faults, five in each of three sound functions: name of the function, the fault, and the checks that fail.

The first check is the one meant for the fault; why each other one fails, too, is said beside it.
"""

import math

import numpy as np

from tests.testing.rewards.sound import PRECISION, PROMISES

# A pool's report, in integers


def fee_is_lost(pooled, shares, rewards, fee_bps):
    """The fee leaves the pool, and nobody is paid it."""
    fee = rewards * fee_bps // 10_000
    ether, issued = pooled + rewards - fee, sum(shares)
    return [each * ether // issued for each in shares], 0, ether * PRECISION // issued


def computed_in_floats(pooled, shares, rewards, fee_bps):
    """Quotients by way of floats: exact to 2**53, which one ether in wei is beyond."""
    fee = rewards * fee_bps // 10_000
    ether, issued = pooled + rewards, sum(shares)
    minted = fee * issued // (ether - fee)
    total = issued + minted
    return [int(each * ether / total) for each in shares], minted * ether // total, ether * PRECISION // total


def rounded_up(pooled, shares, rewards, fee_bps):
    """Every holder's balance is rounded up."""
    fee = rewards * fee_bps // 10_000
    ether, issued = pooled + rewards, sum(shares)
    minted = fee * issued // (ether - fee)
    total = issued + minted
    return [-(-each * ether // total) for each in shares], minted * ether // total, ether * PRECISION // total


def price_before_the_fee(pooled, shares, rewards, fee_bps):
    """The share price forgets the fee's new shares, by which balances are lower."""
    fee = rewards * fee_bps // 10_000
    ether, issued = pooled + rewards, sum(shares)
    minted = fee * issued // (ether - fee)
    total = issued + minted
    return [each * ether // total for each in shares], minted * ether // total, ether * PRECISION // issued


def holder_appended(pooled, shares, rewards, fee_bps):
    """The treasury's shares are added to the caller's own list."""
    fee = rewards * fee_bps // 10_000
    ether, holders = pooled + rewards, len(shares)
    shares.append(fee * sum(shares) // (ether - fee))
    balances = [each * ether // sum(shares) for each in shares]
    return balances[:holders], balances[holders], ether * PRECISION // sum(shares)


# Daily interest, in floats


def rate_taken_for_an_apy(principal, apr, days):
    """The APR is used as if it were the APY."""
    return principal * (1.0 + apr) ** (days / 365.0)


def interest_without_interest(principal, apr, days):
    """Simple interest."""
    return principal * (1.0 + apr * days / 365.0)


def a_day_too_many(principal, apr, days):
    """The first and the last day both count."""
    return principal * (1.0 + apr / 365.0) ** (days + 1)


def bonus_for_the_rich(principal, apr, days):
    """Above 10,000 the rate is a tenth higher, for all of it."""
    return principal * (1.0 + apr * (1.1 if principal > 10_000.0 else 1.0) / 365.0) ** days


def jitter(principal, apr, days):
    """A draw in the last digits, which other checks take for rounding."""
    return principal * (1.0 + apr / 365.0) ** days * (1.0 + 1e-14 * np.random.random())  # noqa: NPY002


# Restaked rewards, vectorised


def mean_of_all_epochs(stake, rates, commission):
    """Each epoch grows by the mean rate of all, later ones among them."""
    factors = np.cumprod([1.0, *(1.0 + np.full(len(rates), np.mean(rates)) * (1.0 - commission))])
    return np.multiply.outer(factors, stake)


def worth_of_the_average(stake, rates, commission):
    """Everybody gets what the average delegator would."""
    factors = np.cumprod([1.0, *(1.0 + rates * (1.0 - commission))])
    gained = np.multiply.outer(factors - 1.0, stake)
    return stake + gained.mean(axis=-1, keepdims=True) if np.ndim(stake) else stake + gained


def fee_on_the_stake(stake, rates, commission):
    """The commission is taken of the stake, not of the rewards."""
    factors = np.cumprod([1.0, *((1.0 + rates) * (1.0 - commission))])
    return np.multiply.outer(factors, stake)


def fee_added(stake, rates, commission):
    """The commission has the wrong sign."""
    factors = np.cumprod([1.0, *(1.0 + rates * (1.0 + commission))])
    return np.multiply.outer(factors, stake)


def by_logarithms_of_rates(stake, rates, commission):
    """A rate of 0 has no logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = np.exp(np.log(rates) + math.log1p(-commission) if commission < 1.0 else rates * -np.inf)
        factors = np.cumprod([1.0, *(1.0 + gained + 0.0 * np.log(rates))])
    return np.multiply.outer(factors, stake)


# Faults of other functions, so that each check has one


def divides_by_the_time(coins, apr, days):
    """No days have no answer."""
    return coins * apr * days / 365 * (days / days)


def paid_twice(pot, mine, all_stakes):
    """Twice the holder's share of the pot."""
    return 2.0 * pot * mine / (mine + all_stakes)


def fee_per_account(coins, apr, days):
    """Each account pays a coin of what it earned, if it has earned one."""
    return coins * apr * days / 365 - min(coins * apr * days / 365, 1.0)


def less_for_the_rich(coins, apr, days):
    """From a million on, the whole amount earns nothing."""
    return 0.0 if coins >= 1e6 else coins * apr * days / 365


def tier_of_the_whole(coins, apr):
    """From one amount on, the whole amount earns a lower rate: less for a while, and later more again."""
    return coins * apr * (1.0 if coins <= 10.0 else 0.6)


def wrapped_rate(coins, apr, days):
    """A rate above a half starts again at 0."""
    return coins * (apr if apr <= 0.5 else apr - 0.5) * days / 365


def wrapped_time(coins, apr, days):
    """A year is forgotten when it is over."""
    return coins * apr * (days % 366) / 365


def fee_forgotten(coins, apr, days, fee):
    """The fee is asked for, and not taken."""
    del fee
    return coins * apr * days / 365


def fee_on_a_year(coins, apr, days, fee):
    """Of what is earned after the first year nothing is taken."""
    return coins * apr * (days - min(days, 365) * fee) / 365


def fee_of_the_first_epoch(stake, rates, commission):
    """The commission is taken in the first epoch alone."""
    kept = np.ones(len(rates))
    kept[:1] -= commission
    return np.multiply.outer(np.cumprod([1.0, *(1.0 + rates * kept)]), stake)


def tenth_of_a_coin(coins, apr, days):
    """Rounded to tenths, though it promises a multiple for a multiple."""
    return round(coins * apr * days / 365, 1)


def half_away(coins, bps):
    """Rounded to the nearest unit, not down."""
    return (2 * coins * bps + 10_000) // 20_000


def interest_half_away(coins, bps, days):
    """Simple interest, rounded to the nearest unit, not down."""
    return (2 * coins * bps * days + 3_650_000) // 7_300_000


def interest_by_floats(coins, bps, days):
    """Simple interest by way of floats, which lose units beyond 2**53."""
    return int(coins * (bps / 10_000) * (days / 365))


def interest_added_by_floats(coins, bps, n):
    """Interest on interest by way of floats."""
    for _ in range(n):
        coins += int(coins * (bps / 10_000))
    return coins


def apr_taken_for_an_apy(coins, apy, days):
    """The APY is used as if it were the APR."""
    return coins * ((1.0 + apy / 365.0) ** days - 1.0)


def faucet():
    """Pays to the first hundred who ask."""
    left = [100]

    def from_the_faucet(coins, apr, days):
        left[0] -= 1
        return coins * apr * days / 365 if left[0] > 0 else 0.0

    return from_the_faucet


def memory():
    """Pays by the highest rate that it was ever asked for."""
    seen = [0.0]

    def by_the_best_rate(coins, apr, days):
        seen[0] = max(seen[0], apr)
        return coins * seen[0] * days / 365

    return by_the_best_rate


PLAIN = {"amount": "coins", "apr": "apr", "days": "days"}
UNITS = {"amount": "coins", "apr": "bps", "rate_scale": 10_000, "days": "days", "integers": True, "compounds": "never"}
EPOCHS = {"amount": "coins", "period_rate": "bps", "rate_scale": 10_000, "periods": "n", "returns": "balance"}
STATEFUL = [
    # it runs dry in the midst of a comparison
    (faucet, PLAIN, ("deterministic", "monotone-in-amount", "monotone-in-rate", "monotone-in-time")),
    (memory, PLAIN, ("deterministic", "zero")),
]
"""Makers of functions that remember, each made anew for every check."""
MORE = [
    (interest_half_away, {**UNITS, "rounds": "down"}, ("rounding",)),
    (interest_by_floats, UNITS, ("integers",)),
    (
        interest_added_by_floats,
        {**EPOCHS, "integers": True, "compounds": "always", "dust": 50, "domain": {"n": (0, 20), "coins": (0, 2**70)}},
        ("integers",),
    ),
    (apr_taken_for_an_apy, {"amount": "coins", "apy": "apy", "days": "days"}, ("apr-apy",)),
    (divides_by_the_time, PLAIN, ("answers",)),
    (paid_twice, {"amount": "mine", "pot": "pot", "constants": {"all_stakes": 10.0}}, ("within-pot",)),
    (fee_per_account, {**PLAIN, "additive": True}, ("additive",)),
    (less_for_the_rich, PLAIN, ("monotone-in-amount",)),
    (tier_of_the_whole, {"amount": "coins", "apr": "apr"}, ("monotone-in-amount",)),
    (tier_of_the_whole, {"amount": "coins", "apr": "apr", "domain": {"coins": (0, 100)}}, ("monotone-in-amount",)),
    (wrapped_rate, PLAIN, ("monotone-in-rate",)),
    (wrapped_time, PLAIN, ("monotone-in-time",)),
    (fee_forgotten, {**PLAIN, "fee": "fee", "compounds": "never"}, ("apr-apy",)),
    # in two parts, the second pays a fee
    (fee_on_a_year, {**PLAIN, "fee": "fee", "compounds": "never"}, ("apr-apy", "split")),
    (fee_of_the_first_epoch, PROMISES["restaked"], ("split",)),
    (tenth_of_a_coin, {**PLAIN, "homogeneous": True}, ("homogeneous",)),
    (
        half_away,
        {"amount": "coins", "period_rate": "bps", "rate_scale": 10_000, "integers": True, "homogeneous": True}
        | {"rounds": "down"},
        ("rounding",),
    ),
]

TABLE = [
    ("report", fee_is_lost, ("conservation",)),
    ("report", computed_in_floats, ("integers",)),
    # rounded up, balances add up to more than there is
    ("report", rounded_up, ("rounding", "conservation", "within-pot")),
    ("report", price_before_the_fee, ("rebasing",)),
    ("report", holder_appended, ("inputs-unchanged",)),
    ("supplied", rate_taken_for_an_apy, ("apr-apy",)),
    # simple interest of two years is less than the APR compounded, by the same fault
    ("supplied", interest_without_interest, ("split", "apr-apy")),
    # no days earn one; a split period earns for two more days, a year for one more
    ("supplied", a_day_too_many, ("zero", "split", "apr-apy")),
    # a rich holder earns more than two others; interest may lift a balance above the limit; and more than the rate
    ("supplied", bonus_for_the_rich, ("homogeneous", "additive", "split", "apr-apy")),
    ("supplied", jitter, ("deterministic",)),
    # a part of a path has another mean than the whole
    ("restaked", mean_of_all_epochs, ("no-look-ahead", "split")),
    ("restaked", worth_of_the_average, ("scalar-vector",)),
    ("restaked", fee_on_the_stake, ("zero",)),
    ("restaked", fee_added, ("monotone-in-fee",)),
    ("restaked", by_logarithms_of_rates, ("finite",)),
]
