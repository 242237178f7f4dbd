"""Split of the buffer between deposits and withdrawals, and the largest fall of the balance in a report.

Source: lidofinance/lido-improvement-proposals, LIPS/lip-35.md (2026-05-22), Buffered Ether Allocation and AO CL
Balance Decrease; before it lidofinance/core @ 372b02e (2026-06-23), contracts/0.8.9/sanity_checks/
OracleReportSanityChecker.sol.
"""

import attrs

from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings
from stakingmodels.protocols.contracts.lido.shares import uint128

_BASIS_POINTS = 10_000


@attrs.frozen(kw_only=True)
class BufferAllocation:
    """The buffer in its three parts, in wei.

    Parameters
    ----------
    deposits_reserve
        For deposits, filled first.
    withdrawals_reserve
        For requests that wait, out of what is left: the most that a report finalises without exits.
    unreserved
        The rest, for more deposits.
    """

    deposits_reserve: int
    withdrawals_reserve: int
    unreserved: int

    @property
    def depositable(self) -> int:
        """Wei that may be deposited: the reserve and the rest."""
        return self.deposits_reserve + self.unreserved


def allocate_buffered_ether(
    buffered_ether: int,
    unfinalized_steth: int,
    settings: Settings = STAKING_ROUTER_V3,
    *,
    deposits_reserve: int | None = None,
) -> BufferAllocation:
    """Split of the buffer: deposits up to their reserve, then withdrawals, then the rest.

    Parameters
    ----------
    buffered_ether, unfinalized_steth
        wei in the buffer, and wei of requests that wait (`WithdrawalQueue.unfinalized_steth`).
    settings
        The version of the protocol; under `V3` nothing is reserved for deposits, and withdrawals come first.
    deposits_reserve
        wei left of the reserve since the last report. Default: all of it, as after a report.
    """
    where = "allocate_buffered_ether"
    buffered = uint128(f"{where}: buffered_ether", buffered_ether)
    waiting = uint128(f"{where}: unfinalized_steth", unfinalized_steth)
    stored = settings.deposits_reserve_target if deposits_reserve is None else deposits_reserve
    deposits = min(buffered, uint128(f"{where}: deposits_reserve", stored))
    withdrawals = min(buffered - deposits, waiting)
    return BufferAllocation(
        deposits_reserve=deposits,
        withdrawals_reserve=withdrawals,
        unreserved=buffered - deposits - withdrawals,
    )


def max_cl_balance_decrease(cl_balance: int, cl_validators: int = 0, settings: Settings = STAKING_ROUTER_V3) -> int:
    """Wei by which reports may let the consensus layer's balance fall before they are refused or asked again.

    Under the Staking Router v3 3.6 % of the balance over 36 days; before it 0.008 ETH a validator for slashings of 18
    days and 0.101 ETH for inactivity of 54 days, beyond which a second opinion was asked: 0.34 % of 32 ETH.

    Parameters
    ----------
    cl_balance
        wei.
    cl_validators
        Validators, none of which left meanwhile; for settings that count them.
    """
    where = "max_cl_balance_decrease"
    balance = uint128(f"{where}: cl_balance", cl_balance)
    count = uint128(f"{where}: cl_validators", cl_validators)
    each = settings.initial_slashing_amount + settings.inactivity_penalties_amount
    return count * each + balance * settings.max_cl_balance_decrease_bp // _BASIS_POINTS
