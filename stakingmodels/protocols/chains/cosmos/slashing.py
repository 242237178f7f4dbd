"""Punishment of a Cosmos validator: the window of signed blocks, the fractions slashed, the jail."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.cosmos.legacy_dec import UNIT_DEC, LegacyDec

_COUNT = checks.field(checks.integer, 0, 2**63 - 1)


def _bits(where: str, value: object) -> int:
    """A set of bits as a whole number of any length, at least 0."""
    bits = checks.instance(where, value, int, "0")
    if bits < 0:
        checks.refuse(where, "must not be below 0", value)
    return bits


@attrs.frozen
class SlashingParams:
    """The parameters of x/slashing, from a date on.

    Parameters
    ----------
    signed_blocks_window
        Blocks over which signatures are counted.
    min_signed_per_window
        The part of them that must be signed, in [0, 1].
    downtime_jail_duration
        Seconds until a validator jailed for downtime may return; for double signing it never may.
    slash_fraction_double_sign, slash_fraction_downtime
        The part of the stake that is burned, in [0, 1].
    valid_from, source
        When and where.
    """

    signed_blocks_window: int = attrs.field(validator=checks.field(checks.integer, 1, 2**63 - 1))
    min_signed_per_window: LegacyDec = attrs.field(validator=UNIT_DEC)
    downtime_jail_duration: int = attrs.field(validator=_COUNT)
    slash_fraction_double_sign: LegacyDec = attrs.field(validator=UNIT_DEC)
    slash_fraction_downtime: LegacyDec = attrs.field(validator=UNIT_DEC)
    valid_from: str
    source: str


SDK_SLASHING = SlashingParams(
    signed_blocks_window=100,
    min_signed_per_window=LegacyDec.from_str("0.5"),
    downtime_jail_duration=600,
    slash_fraction_double_sign=LegacyDec.from_str("0.05"),
    slash_fraction_downtime=LegacyDec.from_str("0.01"),
    valid_from="2019-03-13",
    source="cosmos/cosmos-sdk x/slashing/types/params.go, DefaultParams (commit 086e5635)",
)
"""The SDK's defaults."""

HUB_SLASHING = attrs.evolve(
    SDK_SLASHING,
    signed_blocks_window=10_000,
    min_signed_per_window=LegacyDec.from_str("0.05"),
    slash_fraction_downtime=LegacyDec.from_str("0.0001"),
    source="Cosmos Hub genesis [press: forum.cosmos.network 1984; the window is unconfirmed]",
)
"""The Cosmos Hub: 5 % of 10,000 blocks must be signed, and downtime costs a hundredth of a percent."""


@attrs.frozen
class SigningInfo:
    """Record of a validator's signatures.

    Parameters
    ----------
    start_height
        Height at which it joined or returned.
    index_offset
        Blocks that it should have signed since.
    missed_blocks
        One bit for each place of the window, 1 where the block was missed.
    """

    start_height: int = attrs.field(default=0, validator=_COUNT)
    index_offset: int = attrs.field(default=0, validator=_COUNT)
    missed_blocks: int = attrs.field(default=0, validator=checks.field(_bits))

    @property
    def missed_blocks_counter(self) -> int:
        """Number of blocks of the window that were missed."""
        return self.missed_blocks.bit_count()


def min_signed_per_window(params: SlashingParams) -> int:
    """Blocks of a window that must be signed, halves rounded to even.

    Source: cosmos/cosmos-sdk x/slashing/types/params.go, MinSignedPerWindowInt.
    """
    return params.min_signed_per_window.mul_int(params.signed_blocks_window).round_int()


def max_missed_blocks(params: SlashingParams) -> int:
    """Blocks of a window that may be missed: one more is punished."""
    return params.signed_blocks_window - min_signed_per_window(params)


def handle_validator_signature(
    info: SigningInfo, height: int, params: SlashingParams, *, signed: bool
) -> tuple[SigningInfo, bool]:
    """One block of one validator that is not jailed: the new record, and whether it is slashed and jailed for downtime.

    It is punished once it has been there for a whole window and missed more than `max_missed_blocks` of the last; its
    record then starts anew.

    Parameters
    ----------
    info
        The record so far.
    height
        The block's height.
    signed
        Whether the validator signed it.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/slashing/keeper/infractions.go, HandleValidatorSignature (commit 02e221bc).
    """
    at = checks.integer("handle_validator_signature: height", height, info.start_height, 2**63 - 1)
    present = checks.flag("handle_validator_signature: signed", signed)
    window = params.signed_blocks_window
    place = 1 << info.index_offset % window
    missed = info.missed_blocks & ~place if present else info.missed_blocks | place
    updated = attrs.evolve(info, index_offset=info.index_offset + 1, missed_blocks=missed)
    late = at > info.start_height + window
    if late and updated.missed_blocks_counter > max_missed_blocks(params):
        return attrs.evolve(updated, index_offset=0, missed_blocks=0), True
    return updated, False


def blocks_down_until_jailed(params: SlashingParams) -> int:
    """Blocks in a row that a validator with a clean window misses until it is jailed."""
    return max_missed_blocks(params) + 1
