"""The numbers of Bitcoin's consensus that a network chooses, as one frozen value."""

import attrs

from stakingmodels import checks

_BITS_OF_ARITH_UINT256 = 256


@attrs.frozen(kw_only=True)
class ConsensusParams:
    """Constants of one network. Source: bitcoin/bitcoin src/consensus/params.h, struct Params.

    Parameters
    ----------
    subsidy_halving_interval
        Blocks between halvings of the subsidy.
    pow_limit
        The easiest target: a hash must not be above it.
    pow_target_timespan
        Seconds that a retarget period should take.
    pow_target_spacing
        Seconds that a block should take.

    Raises
    ------
    InputError
        Where ``4 * pow_target_timespan * pow_limit`` does not fit the 256 bits in which the protocol multiplies.
    """

    subsidy_halving_interval: int = attrs.field(validator=checks.field(checks.integer, 1, 2**31 - 1))
    pow_limit: int = attrs.field(validator=checks.field(checks.integer, 1, 2**256 - 1))
    pow_target_timespan: int = attrs.field(validator=checks.field(checks.integer, 4, 2**31 - 1))
    pow_target_spacing: int = attrs.field(validator=checks.field(checks.integer, 1, 2**31 - 1))

    def __attrs_post_init__(self) -> None:
        if (4 * self.pow_target_timespan * self.pow_limit).bit_length() > _BITS_OF_ARITH_UINT256:
            rule = "must leave 4 * pow_target_timespan * pow_limit within 256 bits"
            checks.refuse("ConsensusParams.pow_limit", rule, self.pow_limit)
        if self.difficulty_adjustment_interval < 2:
            rule = "must hold two blocks of pow_target_spacing at least"
            checks.refuse("ConsensusParams.pow_target_timespan", rule, self.pow_target_timespan)

    @property
    def difficulty_adjustment_interval(self) -> int:
        """Blocks of a retarget period. Source: the same, DifficultyAdjustmentInterval."""
        return self.pow_target_timespan // self.pow_target_spacing


MAIN = ConsensusParams(
    subsidy_halving_interval=210_000,
    pow_limit=2**224 - 1,
    pow_target_timespan=14 * 24 * 60 * 60,
    pow_target_spacing=600,
)
"""The main network since 2009. Source: bitcoin/bitcoin src/kernel/chainparams.cpp, CMainParams; read November 2026."""

HALVING_INTERVAL = MAIN.subsidy_halving_interval
"""Blocks between halvings on the main network."""
BLOCK_SECONDS = MAIN.pow_target_spacing
"""Target spacing of blocks on the main network, seconds."""
