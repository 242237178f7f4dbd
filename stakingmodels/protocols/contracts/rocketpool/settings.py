"""Settings of Rocket Pool's governance, one frozen and dated value a version. Amounts in wei, fractions of 1e18.

Source: rocket-pool/rocketpool @ fef41a4 (2026-04-17), contracts/contract/dao/protocol/settings/: the defaults that a
new deployment starts with. Read on 2026-11-22.
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.contracts.evm import uint256

CALC_BASE = 10**18
"""Representation of a fraction of 1."""
ETHER = 10**18


def _bonds(where: str, value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        checks.refuse_type(where, "must be a tuple of bonds", value)
    if not value:
        checks.refuse(where, "must hold one bond at least", value)
    bonds: list[int] = [0]
    for index, bond in enumerate(value):
        bonds.append(uint256(f"{where}[{index}]", bond, bonds[-1]))
    return tuple(bonds[1:])


_AMOUNT = checks.field(uint256)
_FRACTION = checks.field(checks.integer, 0, CALC_BASE)


@attrs.frozen(kw_only=True)
class Settings:
    """Settings of a version of Rocket Pool, which its governance can change; `attrs.evolve` makes a variant.

    Parameters
    ----------
    name, as_of
        The version, and the day of the source.
    deposit_minimum, deposit_pool_maximum
        The least deposit of ether for rETH, and the most ether that may wait in the pool beyond what validators in the
        queue need.
    assign_deposits_enabled
        Whether deposits go to validators at once, so that the queue's need counts as room in the pool.
    deposit_fee
        Kept of each deposit, for all holders of rETH: 0.05 %. Source: RocketDAOProtocolSettingsDeposit.sol.
    reth_collateral_target
        Part of all ether that is kept ready for burning rETH: 10 %.
    max_reth_balance_delta
        The most that one report may move the rate of rETH by: 2 % (RPIP-61).
    node_fee_minimum, node_fee_target, node_fee_maximum, node_fee_demand_range
        Commission of minipools by the demand for nodes: three fractions of rewards, rising, and the demand in wei at
        which it is at an end.
    node_commission_share, voter_share, pdao_share
        Parts of the rewards on borrowed ether in a megapool: to the node, to RPL voters (RPIP-46), and to the protocol
        DAO (RPIP-72). Source: RocketDAOProtocolSettingsNetwork.sol.
    base_bond_array, reduced_bond
        Cumulative bond of a node's first validators, and the bond of each one after them (RPIP-42).
        Source: RocketDAOProtocolSettingsNode.sol.
    minipool_rewards_below
        A minipool that holds less than this is taken to hold rewards only. Source: RocketMinipoolDelegate.sol.
    """

    name: str = attrs.field(validator=checks.TEXT)
    as_of: str = attrs.field(validator=checks.TEXT)
    deposit_minimum: int = attrs.field(validator=_AMOUNT)
    deposit_pool_maximum: int = attrs.field(validator=_AMOUNT)
    assign_deposits_enabled: bool = attrs.field(validator=checks.FLAG)
    deposit_fee: int = attrs.field(validator=_FRACTION)
    reth_collateral_target: int = attrs.field(validator=_FRACTION)
    max_reth_balance_delta: int = attrs.field(validator=_FRACTION)
    node_fee_minimum: int = attrs.field(validator=_FRACTION)
    node_fee_target: int = attrs.field(validator=_FRACTION)
    node_fee_maximum: int = attrs.field(validator=_FRACTION)
    node_fee_demand_range: int = attrs.field(validator=checks.field(uint256, 1))
    node_commission_share: int = attrs.field(validator=_FRACTION)
    voter_share: int = attrs.field(validator=_FRACTION)
    pdao_share: int = attrs.field(validator=_FRACTION)
    base_bond_array: tuple[int, ...] = attrs.field(validator=checks.field(_bonds))
    reduced_bond: int = attrs.field(validator=_AMOUNT)
    minipool_rewards_below: int = attrs.field(validator=_AMOUNT)

    def __attrs_post_init__(self) -> None:
        if not self.node_fee_minimum <= self.node_fee_target <= self.node_fee_maximum:
            rule = (
                f"must be in [node_fee_minimum, node_fee_maximum], {self.node_fee_minimum} to {self.node_fee_maximum}"
            )
            checks.refuse("Settings.node_fee_target", rule, self.node_fee_target)
        shares = self.node_commission_share + self.voter_share + self.pdao_share
        if shares > CALC_BASE:
            rule = f"must add up to at most {CALC_BASE} with the other two shares"
            checks.refuse("Settings.node_commission_share", rule, shares)

    @property
    def reth_share(self) -> int:
        """Share of rETH holders in the rewards on the ether that nodes borrow from them."""
        return CALC_BASE - self.node_commission_share - self.voter_share - self.pdao_share


SATURN = Settings(
    name="Saturn",
    as_of="2026-04-17",
    deposit_minimum=ETHER // 100,
    deposit_pool_maximum=160 * ETHER,
    assign_deposits_enabled=True,
    deposit_fee=5 * 10**14,
    reth_collateral_target=10**17,
    max_reth_balance_delta=2 * 10**16,
    node_fee_minimum=15 * 10**16,
    node_fee_target=15 * 10**16,
    node_fee_maximum=15 * 10**16,
    node_fee_demand_range=160 * ETHER,
    node_commission_share=5 * 10**16,
    voter_share=9 * 10**16,
    pdao_share=0,
    base_bond_array=(4 * ETHER, 8 * ETHER),
    reduced_bond=4 * ETHER,
    minipool_rewards_below=8 * ETHER,
)
"""The defaults of the code. Governance has changed some on mainnet since: the deposit pool's maximum is said to be
18,000 ETH there (press), and RPIP-42 has planned a reduced bond of 1.5 ETH; neither was found in code."""
