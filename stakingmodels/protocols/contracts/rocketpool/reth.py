"""rETH: the rate that the oracle reports, minting through the deposit pool, burning against collateral.

Source: rocket-pool/rocketpool @ fef41a4 (2026-04-17), contracts/contract/token/RocketTokenRETH.sol,
contracts/contract/deposit/RocketDepositPool.sol and contracts/contract/network/RocketNetworkBalances.sol.
Amounts are wei, of ether and of rETH.
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.contracts.evm import uint256
from stakingmodels.protocols.contracts.rocketpool.settings import CALC_BASE, ETHER, SATURN, Settings

_AMOUNT = checks.field(uint256)


@attrs.frozen
class NetworkBalances:
    """Last balances reported by the oracle, which set the rate of rETH until the next report.

    Parameters
    ----------
    total_eth_balance
        wei of all that backs rETH.
    total_reth_supply
        wei of rETH; 0 before the first is minted, when one is worth one ether.
    """

    total_eth_balance: int = attrs.field(validator=_AMOUNT)
    total_reth_supply: int = attrs.field(validator=_AMOUNT)

    def get_eth_value(self, reth_amount: int) -> int:
        """Ether behind an amount of rETH: ``floor(reth_amount * ether / supply)``."""
        amount = uint256("get_eth_value: reth_amount", reth_amount)
        if self.total_reth_supply == 0:
            return amount
        return amount * self.total_eth_balance // self.total_reth_supply

    def get_reth_value(self, eth_amount: int) -> int:
        """The rETH for an amount of ether: ``floor(eth_amount * supply / ether)``.

        Raises
        ------
        InputError
            Where there is rETH and no ether behind it.
        """
        amount = uint256("get_reth_value: eth_amount", eth_amount)
        if self.total_reth_supply == 0:
            return amount
        if self.total_eth_balance == 0:
            rule = "must be above 0 where there is rETH"
            checks.refuse("get_reth_value: total_eth_balance", rule, self.total_eth_balance)
        return amount * self.total_reth_supply // self.total_eth_balance

    def get_exchange_rate(self) -> int:
        """Wei of ether behind one whole rETH."""
        return self.get_eth_value(ETHER)

    def burn(self, reth_amount: int, total_collateral: int) -> int:
        """Wei that burning rETH pays.

        Parameters
        ----------
        reth_amount
            Above 0.
        total_collateral
            wei that are ready: in the token's contract, and in the deposit pool beyond what its queue needs
            (`get_excess_balance`).

        Raises
        ------
        InputError
            Where the collateral does not suffice: the holder has to wait, or to sell.
        """
        amount = self.get_eth_value(uint256("burn: reth_amount", reth_amount, 1))
        ready = uint256("burn: total_collateral", total_collateral)
        if amount > ready:
            checks.refuse("burn: reth_amount", f"must be worth at most the collateral, {ready} wei", reth_amount)
        return amount

    def get_collateral_rate(self, contract_balance: int, current_supply: int) -> int:
        """Part (of 1e18) of the rETH there is now that the token's contract could pay out at once.

        Parameters
        ----------
        contract_balance
            wei in the contract.
        current_supply
            rETH now, which may have moved since the report.
        """
        balance = uint256("get_collateral_rate: contract_balance", contract_balance)
        value = self.get_eth_value(uint256("get_collateral_rate: current_supply", current_supply))
        return CALC_BASE * balance // value if value else CALC_BASE

    def check_update(self, new: "NetworkBalances", settings: Settings = SATURN) -> "NetworkBalances":
        """The new balances, if a report may bring them: the rate moves by 2 % at most (RPIP-61).

        The first report may bring any.

        Raises
        ------
        InputError
            For a greater move, and for a report without rETH.
        """
        if self.total_eth_balance == 0:
            return new
        if new.total_reth_supply == 0 or self.total_reth_supply == 0:
            checks.refuse("check_update: new.total_reth_supply", "must be above 0, as before", new.total_reth_supply)
        before = CALC_BASE * self.total_eth_balance // self.total_reth_supply
        after = CALC_BASE * new.total_eth_balance // new.total_reth_supply
        most = before * settings.max_reth_balance_delta // CALC_BASE
        if abs(after - before) > most:
            checks.refuse("check_update: new", f"must move the rate of {before} by at most {most}", after)
        return new


@attrs.frozen(kw_only=True)
class Mint:
    """Result of a deposit of ether: wei of fee, wei that bought rETH, and wei of rETH."""

    fee: int
    net: int
    reth: int


def get_excess_balance(balance: int, queue_capacity: int) -> int:
    """Wei in the deposit pool that its queue does not need.

    Parameters
    ----------
    balance
        wei in the pool.
    queue_capacity
        wei that validators in the queue wait for.
    """
    has = uint256("get_excess_balance: balance", balance)
    return max(0, has - uint256("get_excess_balance: queue_capacity", queue_capacity))


def get_maximum_deposit_amount(balance: int, queue_capacity: int, settings: Settings = SATURN) -> int:
    """Largest deposit possible now in wei; 0 where the pool is full.

    Parameters
    ----------
    balance
        wei in the pool.
    queue_capacity
        wei that validators in the queue wait for; they make room where deposits are assigned at once.
    """
    has = uint256("get_maximum_deposit_amount: balance", balance)
    queue = uint256("get_maximum_deposit_amount: queue_capacity", queue_capacity)
    room = settings.deposit_pool_maximum + (queue if settings.assign_deposits_enabled else 0)
    return max(0, room - has)


def deposit(
    amount: int, balances: NetworkBalances, pool_balance: int, queue_capacity: int, settings: Settings = SATURN
) -> Mint:
    """The rETH for a deposit of ether, less the fee, which stays behind all rETH.

    Parameters
    ----------
    amount
        wei, at least `Settings.deposit_minimum`, at most what the pool has room for.
    balances
        As last reported.
    pool_balance, queue_capacity
        See `get_maximum_deposit_amount`.

    Raises
    ------
    InputError
        For too little or too much, and where the amount buys no rETH.

    Notes
    -----
    Source: RocketDepositPool.deposit, RocketTokenRETH.mint.
    """
    wei = uint256("deposit: amount", amount, settings.deposit_minimum)
    most = get_maximum_deposit_amount(pool_balance, queue_capacity, settings)
    if wei > most:
        checks.refuse("deposit: amount", f"must be at most what the pool has room for, {most} wei", wei)
    fee = wei * settings.deposit_fee // CALC_BASE
    reth = balances.get_reth_value(wei - fee)
    if reth == 0:
        checks.refuse("deposit: amount", "must buy some rETH", wei)
    return Mint(fee=fee, net=wei - fee, reth=reth)


def get_reth_collateral_shortfall(balances: NetworkBalances, contract_balance: int, settings: Settings = SATURN) -> int:
    """Wei that the token's contract lacks of its target; deposits fill it before they go to validators.

    Parameters
    ----------
    balances
        As last reported.
    contract_balance
        wei in the contract.
    """
    balance = uint256("get_reth_collateral_shortfall: contract_balance", contract_balance)
    return max(0, balances.total_eth_balance * settings.reth_collateral_target // CALC_BASE - balance)
