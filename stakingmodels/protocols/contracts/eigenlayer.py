"""EigenLayer: shares of restakers, effects of slashings on them, and withdrawals in escrow.

A staker's deposit shares stay when an operator is slashed. What can be withdrawn is these shares times a scaling factor
of the staker's (which forgives slashings from before the deposit) times the operator's slashing factor. All factors
are whole numbers scaled by 1e18, all roundings down, but for the slashed part of an operator's magnitude.

Source: Layr-Labs/eigenlayer-contracts @ f84a515 (2026-05-01), src/contracts/libraries/SlashingLib.sol,
src/contracts/core/DelegationManager.sol and AllocationManager.sol; settings from docs/core/AllocationManager.md,
docs/core/DelegationManager.md and script/configs/mainnet.json.
"""

from collections.abc import Iterable

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.evm import uint256

WAD = 10**18
"""Representation of a factor of 1."""
_INT64 = 2**63 - 1
_AMOUNT = checks.field(uint256)
_BLOCK = checks.field(checks.integer, 0, _INT64)
_MAGNITUDE = checks.field(checks.integer, 0, WAD)


@attrs.frozen(kw_only=True)
class Settings:
    """Settings of the deployed contracts; `attrs.evolve` makes a variant. Delays are blocks of the chain.

    Parameters
    ----------
    as_of
        Day of the source.
    min_withdrawal_delay_blocks
        Wait of a withdrawal, slashable throughout: 100,800 blocks, 14 days.
    allocation_configuration_delay
        Until a change of an operator's allocation delay takes effect: 126,000 blocks, 17.5 days.
    deallocation_delay
        Time that stake taken off an operator set stays slashable by it: 100,800 blocks, 14 days.
    seconds_per_block
        12 on Ethereum.
    default_operator_split_bips
        Part of the rewards that an operator keeps unless it sets another, in parts of 10,000.
    """

    as_of: str = attrs.field(validator=checks.TEXT)
    min_withdrawal_delay_blocks: int = attrs.field(validator=_BLOCK)
    allocation_configuration_delay: int = attrs.field(validator=_BLOCK)
    deallocation_delay: int = attrs.field(validator=_BLOCK)
    seconds_per_block: int = attrs.field(validator=checks.field(checks.integer, 1, _INT64))
    default_operator_split_bips: int = attrs.field(validator=checks.field(checks.integer, 0, 10_000))

    def days(self, blocks: int) -> float:
        """Days of 86,400 seconds that a number of blocks takes."""
        return checks.integer("days: blocks", blocks, 0, _INT64) * self.seconds_per_block / 86_400


MAINNET = Settings(
    as_of="2026-05-01",
    min_withdrawal_delay_blocks=100_800,
    allocation_configuration_delay=126_000,
    deallocation_delay=100_800,
    seconds_per_block=12,
    default_operator_split_bips=1_000,
)
"""EigenLayer on Ethereum's mainnet."""


def mul_wad(x: int, y: int) -> int:
    """``floor(x * y / 1e18)``."""
    return uint256("mul_wad: x", x) * uint256("mul_wad: y", y) // WAD


def div_wad(x: int, y: int) -> int:
    """``floor(x * 1e18 / y)``; `y` above 0."""
    return uint256("div_wad: x", x) * WAD // uint256("div_wad: y", y, 1)


def mul_wad_round_up(x: int, y: int) -> int:
    """``ceil(x * y / 1e18)``: a slashing is never rounded down to nothing."""
    return -(-uint256("mul_wad_round_up: x", x) * uint256("mul_wad_round_up: y", y) // WAD)


def get_slashing_factor(max_magnitude: int, beacon_chain_slashing_factor: int = WAD) -> int:
    """Fraction left of each share: the operator's magnitude, for native ETH times that of the staker's validators.

    Parameters
    ----------
    max_magnitude
        The operator's, 1e18 before any slashing.
    beacon_chain_slashing_factor
        The staker's, for restaked validators; 1e18 for tokens.
    """
    operator = checks.integer("get_slashing_factor: max_magnitude", max_magnitude, 0, WAD)
    own = checks.integer("get_slashing_factor: beacon_chain_slashing_factor", beacon_chain_slashing_factor, 0, WAD)
    return mul_wad(operator, own)


def calc_slashed_amount(operator_shares: int, prev_max_magnitude: int, new_max_magnitude: int) -> int:
    """Shares that a slashing takes: all less ``ceil(shares * new / prev)``, so never too many.

    Parameters
    ----------
    operator_shares
        Before the slashing.
    prev_max_magnitude, new_max_magnitude
        The operator's magnitude before, above 0, and after.
    """
    where = "calc_slashed_amount"
    shares = uint256(f"{where}: operator_shares", operator_shares)
    before = checks.integer(f"{where}: prev_max_magnitude", prev_max_magnitude, 1, WAD)
    after = checks.integer(f"{where}: new_max_magnitude", new_max_magnitude, 0, before)
    kept = -(-shares * after // before)
    return shares - kept


def scaling_factor(deposit_scaling_factor: int) -> int:
    """A stored scaling factor as it counts: 0 stands for 1e18."""
    return uint256("scaling_factor: deposit_scaling_factor", deposit_scaling_factor) or WAD


def calc_withdrawable(deposit_scaling_factor: int, deposit_shares: int, slashing_factor: int) -> int:
    """Shares that can be withdrawn: ``floor(floor(deposit_shares * scaling / 1e18) * slashing / 1e18)``."""
    shares = uint256("calc_withdrawable: deposit_shares", deposit_shares)
    factor = checks.integer("calc_withdrawable: slashing_factor", slashing_factor, 0, WAD)
    return mul_wad(mul_wad(shares, scaling_factor(deposit_scaling_factor)), factor)


def calc_deposit_shares(deposit_scaling_factor: int, withdrawable_shares: int, slashing_factor: int) -> int:
    """Deposit shares behind withdrawable ones, rounded down; the slashing factor must be above 0."""
    shares = uint256("calc_deposit_shares: withdrawable_shares", withdrawable_shares)
    factor = checks.integer("calc_deposit_shares: slashing_factor", slashing_factor, 1, WAD)
    return div_wad(div_wad(shares, scaling_factor(deposit_scaling_factor)), factor)


def update_scaling_factor(
    deposit_scaling_factor: int, prev_deposit_shares: int, added_shares: int, slashing_factor: int
) -> int:
    """The scaling factor after a deposit, such that the new shares bear no earlier slashing.

    Parameters
    ----------
    deposit_scaling_factor
        As stored, 0 for 1e18.
    prev_deposit_shares, added_shares
        Deposit shares before, and new ones.
    slashing_factor
        Of today, above 0.

    Raises
    ------
    InputError
        Where the factor would round down to 0, which would stand for 1.

    Notes
    -----
    Source: SlashingLib.update.
    """
    where = "update_scaling_factor"
    before = uint256(f"{where}: prev_deposit_shares", prev_deposit_shares)
    added = uint256(f"{where}: added_shares", added_shares)
    slashing = checks.integer(f"{where}: slashing_factor", slashing_factor, 1, WAD)
    if before == 0:
        return div_wad(scaling_factor(deposit_scaling_factor), slashing)
    worth = calc_withdrawable(deposit_scaling_factor, before, slashing) + added
    after = div_wad(div_wad(worth, before + added), slashing)
    if after == 0:
        checks.refuse(f"{where}: added_shares", "must leave a scaling factor above 0", added)
    return after


@attrs.frozen(kw_only=True)
class Allocation:
    """Allocation of an operator to one operator set, of one strategy. Magnitudes are parts of 1e18.

    Parameters
    ----------
    current_magnitude
        At stake for the set, at most `max_magnitude`.
    max_magnitude
        All that the operator's slashings of this strategy, by whatever set, have left.
    """

    current_magnitude: int = attrs.field(validator=_MAGNITUDE)
    max_magnitude: int = attrs.field(default=WAD, validator=_MAGNITUDE)

    def __attrs_post_init__(self) -> None:
        if self.current_magnitude > self.max_magnitude:
            rule = f"must be at most max_magnitude, {self.max_magnitude}"
            checks.refuse("Allocation.current_magnitude", rule, self.current_magnitude)

    def slash(self, wad_to_slash: int) -> "Allocation":
        """The allocation after a part of it (of 1e18, above 0) was slashed, rounded up.

        Only what stands behind the set can be slashed; all of the operator's stakers bear it alike.
        Source: AllocationManager._slashOperator.
        """
        part = checks.integer("slash: wad_to_slash", wad_to_slash, 1, WAD)
        slashed = mul_wad_round_up(self.current_magnitude, part)
        return Allocation(
            current_magnitude=self.current_magnitude - slashed, max_magnitude=self.max_magnitude - slashed
        )


@attrs.frozen(kw_only=True)
class Withdrawal:
    """Shares in escrow on their way out.

    Parameters
    ----------
    start_block
        When it was queued.
    scaled_shares
        Deposit shares times the staker's scaling factor; what they are worth is known at the end.
    """

    start_block: int = attrs.field(validator=_BLOCK)
    scaled_shares: int = attrs.field(validator=_AMOUNT)

    def slashable_until(self, settings: Settings = MAINNET) -> int:
        """The last block in which a slashing reaches it; it can be completed from the next on."""
        return self.start_block + settings.min_withdrawal_delay_blocks

    def is_completable(self, block: int, settings: Settings = MAINNET) -> bool:
        """Whether it can be completed in a block."""
        return checks.integer("is_completable: block", block, 0, _INT64) > self.slashable_until(settings)

    def complete(self, slashing_factor: int) -> int:
        """Shares that come out, by the slashing factor of the block `slashable_until`."""
        factor = checks.integer("complete: slashing_factor", slashing_factor, 0, WAD)
        return mul_wad(self.scaled_shares, factor)


def get_slashable_shares_in_queue(
    withdrawals: Iterable[Withdrawal],
    block: int,
    prev_max_magnitude: int,
    new_max_magnitude: int,
    settings: Settings = MAINNET,
) -> int:
    """Shares that a slashing in a block takes from an operator's withdrawals in escrow.

    Parameters
    ----------
    withdrawals
        Of stakers who were delegated to the operator, whether completed or not; those that no slashing reaches any
        more are passed over.
    block
        Of the slashing.
    prev_max_magnitude, new_max_magnitude
        The operator's magnitude before and after. An operator without any has nothing left to slash.
    """
    now = checks.integer("get_slashable_shares_in_queue: block", block, 0, _INT64)
    before = checks.integer("get_slashable_shares_in_queue: prev_max_magnitude", prev_max_magnitude, 0, WAD)
    if before == 0:
        return 0
    scaled = sum(
        each.scaled_shares for each in withdrawals if each.start_block <= now <= each.slashable_until(settings)
    )
    return calc_slashed_amount(mul_wad(scaled, before), before, new_max_magnitude)


@attrs.frozen
class Deposit:
    """A staker's deposit in one strategy; each step returns the deposit after it.

    Parameters
    ----------
    shares
        Deposit shares, that stand for the assets put in.
    deposit_scaling_factor
        Parts of 1e18; 0 is how the contract stores 1.
    """

    shares: int = attrs.field(default=0, validator=_AMOUNT)
    deposit_scaling_factor: int = attrs.field(default=0, validator=_AMOUNT)

    def withdrawable(self, slashing_factor: int) -> int:
        """Shares that could be withdrawn (see `calc_withdrawable`)."""
        return calc_withdrawable(self.deposit_scaling_factor, self.shares, slashing_factor)

    def add(self, added_shares: int, slashing_factor: int) -> "Deposit":
        """The deposit with shares more, none of which bear earlier slashings.

        Parameters
        ----------
        added_shares
            New deposit shares; nothing changes for 0.
        slashing_factor
            Of today, above 0: nobody can add to what has nothing left.
        """
        if uint256("add: added_shares", added_shares) == 0:
            return self
        factor = update_scaling_factor(self.deposit_scaling_factor, self.shares, added_shares, slashing_factor)
        return Deposit(self.shares + added_shares, factor)

    def delegate(self, max_magnitude: int) -> "Deposit":
        """The deposit of a staker without an operator who joins one: the operator's slashings so far do not count.

        Parameters
        ----------
        max_magnitude
            The operator's today, above 0.
        """
        magnitude = checks.integer("delegate: max_magnitude", max_magnitude, 1, WAD)
        if self.shares == 0:
            return self
        return Deposit(self.shares, update_scaling_factor(self.deposit_scaling_factor, 0, self.shares, magnitude))

    def queue_withdrawal(self, deposit_shares: int, block: int) -> tuple["Deposit", Withdrawal]:
        """The deposit after shares went into escrow, and the withdrawal.

        A deposit of which nothing is left forgets its scaling factor.

        Parameters
        ----------
        deposit_shares
            At most what there is.
        block
            In which it is queued.
        """
        leaving = uint256("queue_withdrawal: deposit_shares", deposit_shares)
        if leaving > self.shares:
            checks.refuse("queue_withdrawal: deposit_shares", f"must be at most the deposit's, {self.shares}", leaving)
        start = checks.integer("queue_withdrawal: block", block, 0, _INT64)
        scaled = mul_wad(leaving, scaling_factor(self.deposit_scaling_factor))
        left = self.shares - leaving
        return Deposit(left, self.deposit_scaling_factor if left else 0), Withdrawal(
            start_block=start, scaled_shares=scaled
        )


displays(__name__)
entrances(__name__)
