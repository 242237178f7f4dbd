"""stETH and wstETH: shares of a pool of ether, and how amounts are rounded.

A holder owns shares. stETH shows them as the ether that stands behind them, so its balances move with every report;
wstETH is the shares themselves, so its balances stay and its rate moves. Both follow from one share rate.

Source: lidofinance/core @ 372b02e (2026-06-23), contracts/0.4.24/StETH.sol, contracts/0.4.24/Lido.sol and
contracts/0.6.12/WstETH.sol. Amounts are wei and shares, 1e18 to a coin, in Python integers.
"""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings
from stakingmodels.protocols.numbers import number

SHARE_RATE_PRECISION_E27 = 10**27
"""Representation of a share rate of 1. Source: OracleReportSanityChecker.sol."""
UINT128_MAX = 2**128 - 1
_ONE_TOKEN = 10**18


def uint128(where: str, value: object, low: int = 0) -> int:
    """An amount in base units, in [low, 2**128 - 1): what the contracts store, and the bound they require."""
    if isinstance(value, int) and not isinstance(value, bool) and not low <= value < UINT128_MAX:
        checks.refuse(where, f"must be an integer in [{low}, 2**128 - 1) (base units)", value)
    return checks.integer(where, value, low, UINT128_MAX - 1)


UINT128 = checks.field(uint128)
"""Validator of a field that holds such an amount."""


@attrs.frozen
class ShareRate:
    """Share rate: ether per share.

    Parameters
    ----------
    ether
        Internal ether: all that the protocol's own validators and buffer hold, in wei (see `get_internal_ether`).
    shares
        Internal shares, at least 1. Shares minted against other people's vaults ("external") are not counted, and
        neither is the ether behind them; they convert at this same rate.
    """

    ether: int = attrs.field(validator=UINT128)
    shares: int = attrs.field(validator=checks.field(uint128, 1))

    def get_shares_by_pooled_eth(self, eth_amount: int) -> int:
        """Shares for an amount of ether: ``floor(eth_amount * shares / ether)``."""
        amount = uint128("get_shares_by_pooled_eth: eth_amount", eth_amount)
        if not self.ether:
            checks.refuse("get_shares_by_pooled_eth: ether", "must be above 0 to price a share", self.ether)
        return amount * self.shares // self.ether

    def get_pooled_eth_by_shares(self, shares_amount: int) -> int:
        """Ether behind an amount of shares: ``floor(shares_amount * ether / shares)``."""
        return uint128("get_pooled_eth_by_shares: shares_amount", shares_amount) * self.ether // self.shares

    def get_pooled_eth_by_shares_round_up(self, shares_amount: int) -> int:
        """Ether behind an amount of shares, rounded up.

        The shares for this ether are no fewer than those asked about, and just those at a rate of 1 or more.
        """
        amount = uint128("get_pooled_eth_by_shares_round_up: shares_amount", shares_amount)
        return -(-amount * self.ether // self.shares)

    def transferred(self, amount: int) -> int:
        """Amount of stETH that arrives of an amount sent: the value of the shares moved, rounded down.

        Some 1 or 2 wei less than was sent, or nothing. Source: StETH._transfer.
        """
        return self.get_pooled_eth_by_shares(self.get_shares_by_pooled_eth(amount))

    def wrap(self, steth_amount: int) -> int:
        """The wstETH for stETH, which must be above 0: its shares. Source: WstETH.wrap."""
        return self.get_shares_by_pooled_eth(uint128("wrap: steth_amount", steth_amount, 1))

    def unwrap(self, wsteth_amount: int) -> int:
        """The stETH for wstETH, which must be above 0: the ether behind its shares. Source: WstETH.unwrap."""
        return self.get_pooled_eth_by_shares(uint128("unwrap: wsteth_amount", wsteth_amount, 1))

    def st_eth_per_token(self) -> int:
        """Wei of stETH for one whole wstETH."""
        return self.get_pooled_eth_by_shares(_ONE_TOKEN)

    def tokens_per_st_eth(self) -> int:
        """Wei of wstETH for one whole stETH."""
        return self.get_shares_by_pooled_eth(_ONE_TOKEN)

    def e27(self) -> int:
        """Rate as used in reports: ``floor(ether * 1e27 / shares)``."""
        return self.ether * SHARE_RATE_PRECISION_E27 // self.shares


def get_internal_ether(
    buffered_ether: int,
    cl_balance: int,
    deposited_validators: int = 0,
    cl_validators: int = 0,
    settings: Settings = STAKING_ROUTER_V3,
    *,
    deposited_since_last_report: int = 0,
) -> int:
    """Pool's own ether: buffer, consensus layer, and deposits not yet seen there.

    Parameters
    ----------
    buffered_ether, cl_balance
        wei.
    deposited_validators, cl_validators
        Validators paid for so far, and those of them that the last report saw: for settings that count validators
        (`V3`), 32 ETH for each that is missing.
    settings
        The version of the protocol.
    deposited_since_last_report
        wei, for settings that count balances.

    Raises
    ------
    InputError
        For fewer validators paid for than seen; for validators where balances are counted, and the other way round.

    Notes
    -----
    Source: Lido._getInternalEther; LIP-35, Deposit Tracking.
    """
    where = "get_internal_ether"
    seen = uint128(f"{where}: cl_validators", cl_validators)
    deposited = uint128(f"{where}: deposited_validators", deposited_validators, seen)
    since = uint128(f"{where}: deposited_since_last_report", deposited_since_last_report)
    transient = transient_ether(where, deposited - seen, deposited, since, settings)
    return uint128(f"{where}: buffered_ether", buffered_ether) + uint128(f"{where}: cl_balance", cl_balance) + transient


def transient_ether(where: str, unseen: int, validators: int, deposited: int, settings: Settings) -> int:
    """Wei that were deposited and not yet seen: as validators or as a balance, as the settings count."""
    if settings.deposit_size is None:
        if validators:
            rule = f"must be 0, since {settings.name} counts balances"
            checks.refuse(f"{where}: cl_validators", rule, validators, "deposited_since_last_report=, or settings=V3")
        return deposited
    if deposited:
        rule = f"must be 0, since {settings.name} counts validators"
        checks.refuse(f"{where}: deposited_since_last_report", rule, deposited, "settings=STAKING_ROUTER_V3")
    return unseen * settings.deposit_size


def shares_of(ether: Any, share_rate: Any) -> Any:
    """Shares for ether in real numbers: ``ether / share_rate``. Units of a token that accrues (wstETH, rETH).

    `ShareRate.get_shares_by_pooled_eth` without its rounding, for floats and arrays of any broadcasting shapes.

    Parameters
    ----------
    ether
        Coins.
    share_rate
        Coins a share, above 0.
    """
    rate = number("shares_of: share_rate", share_rate)
    if np.any(np.asarray(rate) <= 0):
        checks.refuse("shares_of: share_rate", "must be above 0", share_rate)
    return number("shares_of: ether", ether) / rate


def ether_of(shares: Any, share_rate: Any) -> Any:
    """Ether behind shares in real numbers: ``shares * share_rate``. Units of a token that rebases (stETH).

    `ShareRate.get_pooled_eth_by_shares` without its rounding, for floats and arrays of any broadcasting shapes.
    """
    return number("ether_of: shares", shares) * number("ether_of: share_rate", share_rate)
