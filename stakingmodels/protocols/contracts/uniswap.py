"""Uniswap v2: swaps, shares of liquidity, the protocol's part of the fee, and impermanent loss.

Amounts are base units (plain int); a pair holds at most 2**112 - 1 of each token.

Source: Uniswap/v2-core, contracts/UniswapV2Pair.sol, commit 03b5fc8, and Uniswap/v2-periphery,
contracts/libraries/UniswapV2Library.sol; functions are named at each rule. The contracts cannot be changed; whether the
protocol takes its part is a switch for all pools of a network, which governance turned on with UNIfication: on Ethereum
since 2025-12-28, on Optimism, Arbitrum, Base, Zora and X Layer since 2026-03-08, on Polygon and BSC since 2026-06-02
(docs.uniswap.org/contracts/protocol-fee; DefiLlama/dimension-adapters, pull request 9163 of 2026-09-02).
"""

import math
from typing import overload

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.evm import uint256

MINIMUM_LIQUIDITY = 1_000
"""Shares that the first deposit locks for good, so that one share can never be worth much."""
FEE_BPS = 30
"""Swap fee on the amount paid in: 0.30 %. Liquidity providers keep `provider_fee_bps` of it."""
PROTOCOL_FEE_DENOMINATOR = 6
"""The protocol, where it takes a part, takes one sixth of the growth: 0.05 of the 0.30 %."""
UINT112_MAX = 2**112 - 1
_BPS = 10_000


def _after_fee(amount: int, fee_bps: int) -> int:
    return amount * (_BPS - fee_bps)


def _fee(where: str, value: object) -> int:
    return checks.integer(where, value, 0, _BPS - 1)


def provider_fee_bps(fee_bps: float = FEE_BPS, *, fee_on: bool = True) -> float:
    """Liquidity providers' part of a swap's fee: 25 of 30 basis points while the protocol takes its sixth.

    Parameters
    ----------
    fee_bps
        Swap fee, in basis points of the amount paid in.
    fee_on
        Whether the protocol takes its part.

    Examples
    --------
    >>> provider_fee_bps(), provider_fee_bps(fee_on=False)
    (25.0, 30.0)
    """
    fee = checks.non_negative("provider_fee_bps: fee_bps", fee_bps, _BPS)
    taken = 1 if checks.flag("provider_fee_bps: fee_on", fee_on) else 0
    return fee * (PROTOCOL_FEE_DENOMINATOR - taken) / PROTOCOL_FEE_DENOMINATOR


def get_amount_out(amount_in: int, reserve_in: int, reserve_out: int, *, fee_bps: int = FEE_BPS) -> int:
    """Amount paid out by a swap for an amount paid in, rounded down.

    Parameters
    ----------
    amount_in
        Above 0.
    reserve_in, reserve_out
        The pair's reserves before the swap, above 0.
    fee_bps
        Basis points of the amount paid in; 30 in Uniswap, other values in its forks.

    Notes
    -----
    ``in * (1 - fee) * reserve_out / (reserve_in + in * (1 - fee))``. Source: UniswapV2Library, getAmountOut.
    """
    where = "get_amount_out"
    paid = _after_fee(uint256(f"{where}: amount_in", amount_in, 1), _fee(f"{where}: fee_bps", fee_bps))
    inside = checks.integer(f"{where}: reserve_in", reserve_in, 1, UINT112_MAX)
    outside = checks.integer(f"{where}: reserve_out", reserve_out, 1, UINT112_MAX)
    return paid * outside // (inside * _BPS + paid)


def get_amount_in(amount_out: int, reserve_in: int, reserve_out: int, *, fee_bps: int = FEE_BPS) -> int:
    """Amount to pay in for an amount paid out: the quotient rounded down, plus 1.

    Parameters
    ----------
    amount_out
        Above 0 and below `reserve_out`: no amount buys the whole reserve.
    reserve_in, reserve_out, fee_bps
        As for `get_amount_out`.

    Notes
    -----
    Source: UniswapV2Library, getAmountIn.
    """
    where = "get_amount_in"
    kept = _BPS - _fee(f"{where}: fee_bps", fee_bps)
    inside = checks.integer(f"{where}: reserve_in", reserve_in, 1, UINT112_MAX)
    outside = checks.integer(f"{where}: reserve_out", reserve_out, 1, UINT112_MAX)
    wanted = checks.integer(f"{where}: amount_out", amount_out, 1, outside - 1)
    return inside * wanted * _BPS // ((outside - wanted) * kept) + 1


_RESERVE = checks.field(checks.integer, 0, UINT112_MAX)


@attrs.frozen(kw_only=True)
class Pair:
    """A pool of two tokens; each action returns the pool after it, and what it gave.

    Parameters
    ----------
    reserve0, reserve1
        Reserves of the pool.
    total_supply
        Shares given out, with the locked thousand.
    k_last
        Product of the reserves after the last deposit or withdrawal while the protocol's fee was on, else 0. Default:
        that of the reserves given, so that the protocol takes its part from here on.
    fee_on
        Whether the protocol takes its sixth. Default: on, as on Ethereum since 2025-12-28; off before that.
    """

    reserve0: int = attrs.field(default=0, validator=_RESERVE)
    reserve1: int = attrs.field(default=0, validator=_RESERVE)
    total_supply: int = attrs.field(default=0, validator=checks.field(uint256))
    fee_on: bool = attrs.field(default=True, validator=checks.FLAG)
    k_last: int = attrs.field(
        default=attrs.Factory(lambda pair: pair.reserve0 * pair.reserve1 if pair.fee_on else 0, takes_self=True),
        validator=checks.field(uint256),
    )

    def __attrs_post_init__(self) -> None:
        if (self.total_supply == 0) != (self.reserve0 * self.reserve1 == 0):
            rule = f"must be above 0 just where both reserves ({self.reserve0}, {self.reserve1}) are"
            checks.refuse("Pair.total_supply", rule, self.total_supply)

    def mint_fee(self) -> int:
        """Shares that the protocol gets at the next deposit or withdrawal: a sixth of the growth of ``sqrt(k)``.

        ``total_supply * (root - root_last) / (5 * root + root_last)``, rounded down. Source: _mintFee.
        """
        if not self.fee_on or not self.k_last:
            return 0
        root, root_last = math.isqrt(self.reserve0 * self.reserve1), math.isqrt(self.k_last)
        growth = max(root - root_last, 0)
        return self.total_supply * growth // ((PROTOCOL_FEE_DENOMINATOR - 1) * root + root_last)

    def mint(self, amount0: int, amount1: int) -> tuple["Pair", int]:
        """Deposit both tokens: the pool after it, and the depositor's shares.

        The first deposit sets the price and gets ``sqrt(amount0 * amount1) - 1000``; later ones get the smaller of both
        proportions, so that what is given too much of one token is a gift to all. Source: mint.
        """
        in0 = uint256("Pair.mint: amount0", amount0)
        in1 = uint256("Pair.mint: amount1", amount1)
        fee = self.mint_fee()
        supply = self.total_supply + fee
        if supply:
            locked, shares = 0, min(in0 * supply // self.reserve0, in1 * supply // self.reserve1)
        else:
            locked, shares = MINIMUM_LIQUIDITY, math.isqrt(in0 * in1) - MINIMUM_LIQUIDITY
        if shares <= 0:
            checks.refuse("Pair.mint", "amounts must be worth at least one share", (amount0, amount1))
        return self._after(self.reserve0 + in0, self.reserve1 + in1, supply + locked + shares), shares

    def burn(self, liquidity: int) -> tuple["Pair", int, int]:
        """Give shares back: the pool after it, and the amounts of both tokens, rounded down. Source: burn."""
        if not self.total_supply:
            checks.refuse("Pair.burn", "the pool must hold something", self.total_supply)
        shares = checks.integer("Pair.burn: liquidity", liquidity, 1, self.total_supply - MINIMUM_LIQUIDITY)
        supply = self.total_supply + self.mint_fee()
        out0, out1 = shares * self.reserve0 // supply, shares * self.reserve1 // supply
        if not out0 or not out1:
            checks.refuse("Pair.burn: liquidity", "must be worth at least one base unit of each token", liquidity)
        return self._after(self.reserve0 - out0, self.reserve1 - out1, supply - shares), out0, out1

    def swap(self, *, amount0_in: int = 0, amount1_in: int = 0, amount0_out: int = 0, amount1_out: int = 0) -> "Pair":
        """Swap given amounts: the pool after it, if the product of the reserves without the fee has not fallen.

        Source: swap.
        """
        in0, in1 = uint256("Pair.swap: amount0_in", amount0_in), uint256("Pair.swap: amount1_in", amount1_in)
        out0 = checks.integer("Pair.swap: amount0_out", amount0_out, 0, max(self.reserve0 - 1, 0))
        out1 = checks.integer("Pair.swap: amount1_out", amount1_out, 0, max(self.reserve1 - 1, 0))
        if not out0 and not out1:
            checks.refuse("Pair.swap", "must pay out some of at least one token", (amount0_out, amount1_out))
        balance0, balance1 = self.reserve0 + in0 - out0, self.reserve1 + in1 - out1
        adjusted = (balance0 * _BPS - in0 * FEE_BPS) * (balance1 * _BPS - in1 * FEE_BPS)
        if adjusted < self.reserve0 * self.reserve1 * _BPS**2:
            checks.refuse("Pair.swap", "must pay in enough to keep reserve0 * reserve1 after the fee", (in0, in1))
        return attrs.evolve(self, reserve0=balance0, reserve1=balance1)

    def _after(self, reserve0: int, reserve1: int, total_supply: int) -> "Pair":
        k_last = reserve0 * reserve1 if self.fee_on else 0
        return attrs.evolve(self, reserve0=reserve0, reserve1=reserve1, total_supply=total_supply, k_last=k_last)


@overload
def impermanent_loss(price_ratio: float) -> float: ...
@overload
def impermanent_loss(price_ratio: FloatArray) -> FloatArray: ...
def impermanent_loss(price_ratio: float | FloatArray) -> float | FloatArray:
    """Worth of a deposit without its fees over worth of just holding both tokens, less 1: never above 0.

    Parameters
    ----------
    price_ratio
        Price of one token in the other, over that at deposit; above 0, a number or an array.

    Notes
    -----
    ``2 * sqrt(r) / (1 + r) - 1``, written as ``-(1 - sqrt(r))**2 / (1 + r)`` because the first form loses all digits
    near r = 1. Follows from ``x * y = k``.

    Examples
    --------
    >>> impermanent_loss(4.0)
    -0.2
    """
    if not isinstance(price_ratio, np.ndarray):
        ratio = checks.positive("impermanent_loss: price_ratio", price_ratio)
        return -((1.0 - math.sqrt(ratio)) ** 2) / (1.0 + ratio)
    if not np.all(np.isfinite(price_ratio)) or np.any(price_ratio <= 0.0):
        checks.refuse("impermanent_loss: price_ratio", "must be finite and above 0 everywhere", price_ratio)
    loss: FloatArray = -((1.0 - np.sqrt(price_ratio)) ** 2) / (1.0 + price_ratio)
    return loss


displays(__name__)
entrances(__name__)
