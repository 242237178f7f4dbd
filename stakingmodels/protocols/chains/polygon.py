"""Polygon: how much POL is minted, for whom, and what that pays per staked coin.

One contract mints for stakers and for the treasury, at a rate that governance has lowered twice; each upgrade starts
again from the supply of its day. The versions are `EmissionRules` values.

Source: 0xPolygon/pol-token, src/DefaultEmissionManager.sol and src/lib/PowUtil.sol; commits at each value.
"""

import math
from fractions import Fraction

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.ratios import ratio
from stakingmodels.rates import APR

WEI_PER_POL = 10**18
SECONDS_PER_YEAR = 365 * 86_400
_SCALE = 10**18
_SUPPLY_LIMIT = 2**128
_ELAPSED_LIMIT = 1_000 * SECONDS_PER_YEAR
_FIXED_BITS = 64
_ROOT_BITS = 256


def exp2(x: int) -> int:
    """``2**x`` as the contract computes it; argument and result are scaled by 10**18.

    Parameters
    ----------
    x
        At least 0.

    Notes
    -----
    The fractional part is taken to 64 binary digits; for each digit set, the result is multiplied by
    ``2**(2**-i)`` held to 64 digits, and rounded down. The contract lists the 64 factors; here each is the square root
    of the one before it, which gives the same numbers.

    Source: src/lib/PowUtil.sol, exp2 (after PaulRBerg/prb-math).
    """
    fixed = (checks.integer("exp2: x", x, 0, 64 * _SCALE) << _FIXED_BITS) // _SCALE
    result, root = 1 << 191, 2 << _ROOT_BITS
    for digit in reversed(range(_FIXED_BITS)):
        root = math.isqrt(root << _ROOT_BITS)
        if fixed >> digit & 1:
            result = result * _rounded(root) >> _FIXED_BITS
    return result * _SCALE >> (191 - (fixed >> _FIXED_BITS))


def _rounded(root: int) -> int:
    spare = _ROOT_BITS - _FIXED_BITS
    return (root + (1 << (spare - 1))) >> spare


@attrs.frozen(kw_only=True)
class EmissionRules:
    """One version of the emission manager.

    Parameters
    ----------
    version, live_from
        As the contract says, and the day on which it took effect on mainnet.
    interest_per_year_log2
        ``log2(1 + rate)`` scaled by 10**18: supply is multiplied by ``1 + rate`` in 365 days.
    treasury_share
        The treasury's part of what is minted; the rest is the stakers'.
    start_supply
        Total supply at the upgrade, in wei.
    """

    version: str = attrs.field(validator=checks.TEXT)
    live_from: str = attrs.field(validator=checks.TEXT)
    interest_per_year_log2: int = attrs.field(validator=checks.field(checks.integer, 1, _SCALE))
    treasury_share: Fraction = attrs.field(validator=checks.field(ratio))
    start_supply: int = attrs.field(validator=checks.field(checks.integer, 1, _SUPPLY_LIMIT))

    def inflated_supply_after(self, time_elapsed: int, *, start_supply: int | None = None) -> int:
        """Total supply so many seconds after the upgrade, in wei, rounded down.

        Parameters
        ----------
        time_elapsed
            Seconds, at least 0.
        start_supply
            Another supply to start from, in wei.

        Notes
        -----
        Source: inflatedSupplyAfter.
        """
        where = "EmissionRules.inflated_supply_after"
        elapsed = checks.integer(f"{where}: time_elapsed", time_elapsed, 0, _ELAPSED_LIMIT)
        start = self.start_supply if start_supply is None else start_supply
        checked = checks.integer(f"{where}: start_supply", start, 1, _SUPPLY_LIMIT)
        return exp2(self.interest_per_year_log2 * elapsed // SECONDS_PER_YEAR) * checked // _SCALE

    def split(self, minted: int) -> tuple[int, int]:
        """Wei for the treasury, rounded down, and for the stakers, who get the rest. Source: mint."""
        amount = checks.integer("EmissionRules.split: minted", minted, 0, _SUPPLY_LIMIT)
        treasury = amount * self.treasury_share.numerator // self.treasury_share.denominator
        return treasury, amount - treasury


V1_1 = EmissionRules(
    version="1.1.0",
    live_from="2023-10-25",
    interest_per_year_log2=42_644_337_408_493_720,
    treasury_share=Fraction(1, 3),
    start_supply=10_000_000_000 * WEI_PER_POL,
)
"""3 % a year: 2 % for stakers, 1 % for the treasury. Source: the parent of commit 01bc269 (PIP-26)."""
V1_2 = EmissionRules(
    version="1.2.0",
    live_from="2024-09-04",
    interest_per_year_log2=35_623_909_730_721_220,
    treasury_share=Fraction(2, 5),
    start_supply=10_248_739_753_465_028_590_240_000_886,
)
"""2.5 % a year: 1.5 % for stakers, 1 % for the treasury. Version 1.3.0 (commit 4cb7792) changed no number. Source:
commit 01bc269 (2024-06-14); start supply as read from mainnet at block 20,678,332 by a public indexer's migrations."""
V1_4 = EmissionRules(
    version="1.4.0",
    live_from="2025-07-09",
    interest_per_year_log2=28_569_152_196_770_890,
    treasury_share=Fraction(1, 2),
    start_supply=10_466_456_329_199_769_051_012_729_173,
)
"""2 % a year: 1 % for stakers (PIP-26, PIP-78), 1 % for the treasury. Live in November 2026. Source: the mainnet test
of script/1.4.0/UpgradeEmissionManager.s.sol; start supply as for V1_2, at block 22,884,776."""


@attrs.frozen(kw_only=True)
class Polygon(Chain):
    """Polygon's proof of stake, which lives in contracts on Ethereum.

    Parameters
    ----------
    asset
        POL.
    supply
        Whole coins. The rule of version 1.4.0 gives 10,742.7 M for 2026-11-01; the token's own total was read as
        10,648.05 M in spring 2026, which the rule gives for 22 May.
    staked
        Whole coins. 2.5 billion [press, October 2025].
    as_of
        The month of the stake, which is older than the supply; its day is not known.
    rules
        Amount minted.
    unbonding_checkpoints, checkpoint_minutes
        80 checkpoints of 25 minutes: from July 2025 to January 2026 there were 10,603 in 185 days (PIP-78), which makes
        it 1.4 days. Documentation says 2 to 4. Blocks have become faster since, 1.75 s and then 1.5 s (PIP-86, final on
        2026-06-09): about 18 minutes and 1.0 day if a checkpoint holds as many as before [assumption].
    delegator_minimum
        1 POL [documentation]. A validator's own stake is 10,000 POL at least [documentation], if a seat is free.

    Notes
    -----
    Base fees of the chain are burned and priority fees shared with stakers, both as the chain is used: neither is in
    these rates.
    """

    asset: str = attrs.field(default="POL", validator=checks.TEXT)
    supply: float = attrs.field(default=10_742_700_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=2_500_000_000.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2025-10-01", validator=checks.TEXT)
    rules: EmissionRules = V1_4
    unbonding_checkpoints: int = attrs.field(default=80, validator=checks.field(checks.integer, 0, 100_000))
    checkpoint_minutes: float = attrs.field(default=25.0, validator=checks.NON_NEGATIVE)
    delegator_minimum: float = attrs.field(default=1.0, validator=checks.POSITIVE)

    def __attrs_post_init__(self) -> None:
        checks.instance("Polygon.rules", self.rules, EmissionRules, "polygon.V1_4")
        super().__attrs_post_init__()

    def supply_growth(self) -> APR:
        """Growth of the supply: emission of the next 365 days over the supply, 2 % under version 1.4.0.

        See `EmissionRules`.
        """
        return APR(exp2(self.rules.interest_per_year_log2) / _SCALE - 1.0)

    def nominal_apr(self) -> APR:
        """The stakers' part of what the next 365 days mint, over the stake. See `Chain.nominal_apr`."""
        minted = self.supply_growth().value * self.supply
        return APR(minted * float(1 - self.rules.treasury_share) / self.staked)

    def minimum_stake(self) -> float:
        """A delegator's minimum. See `Chain.minimum_stake`."""
        return self.delegator_minimum

    def unbonding(self) -> Unbonding:
        """Counted in checkpoints on Ethereum, so it lasts longer when those are slow."""
        return Unbonding(
            days=self.unbonding_checkpoints * self.checkpoint_minutes / 1_440.0,
            earns=False,
            slashable=False,
            source="Polygon documentation, delegation: 80 checkpoints, 25 minutes each to January 2026 (PIP-78)",
        )

    def slashing(self) -> tuple[Offense, ...]:
        """Nothing: slashing is written into the contracts but not switched on.

        A validator that does not sign earns less and is forced out in the end; its delegators' coins stay whole.
        """
        return ()

    def compounding(self) -> bool:
        """No: rewards wait until the delegator claims or restakes them."""
        return False


displays(__name__)
entrances(__name__)
