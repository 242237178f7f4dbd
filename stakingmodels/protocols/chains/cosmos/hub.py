"""The Cosmos Hub, whose coin is ATOM, on one day."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offence, Unbonding
from stakingmodels.protocols.chains.cosmos.legacy_dec import ONE, UNIT_DEC, LegacyDec
from stakingmodels.protocols.chains.cosmos.slashing import HUB_SLASHING, SlashingParams
from stakingmodels.protocols.chains.cosmos.staking import HUB_STAKING, StakingParams
from stakingmodels.rates import APR

UATOM_PER_ATOM = 1_000_000
_SECONDS_PER_DAY = 86_400.0


@attrs.frozen
class Cosmos(Chain):
    """The Cosmos Hub on one day.

    Parameters
    ----------
    supply
        487,000,000 ATOM [press: levex.com on ATOM's tokenomics, 2026].
    staked
        310,706,000 ATOM: 63.8 % of it, the bonded ratio that proposal text 16993 of forum.cosmos.network gives (2026).
    as_of
        The month of that proposal [assumption].
    inflation
        10 %, the cap of proposal 848, at which it stood (the same text). A move to 4 to 8 % was proposed.
    community_tax
        10 % [unconfirmed].
    slashing_params, staking_params
        Parameter sets.
    """

    asset: str = attrs.field(default="ATOM", validator=checks.TEXT)
    supply: float = attrs.field(default=487_000_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=310_706_000.0, validator=amounts.staked_within_supply)
    as_of: str = attrs.field(default="2026-06-01", validator=checks.TEXT)
    inflation: LegacyDec = attrs.field(default=LegacyDec.from_str("0.10"), validator=UNIT_DEC)
    community_tax: LegacyDec = attrs.field(default=LegacyDec.from_str("0.10"), validator=UNIT_DEC)
    slashing_params: SlashingParams = attrs.field(
        default=HUB_SLASHING, validator=checks.field(checks.instance, SlashingParams, "HUB_SLASHING")
    )
    staking_params: StakingParams = attrs.field(
        default=HUB_STAKING, validator=checks.field(checks.instance, StakingParams, "HUB_STAKING")
    )

    def bonded_ratio(self) -> LegacyDec:
        """Bonded tokens over the supply, as x/staking computes it."""
        bonded = LegacyDec.from_int(amounts.base_units(self.staked, UATOM_PER_ATOM))
        return bonded.quo_int(amounts.base_units(self.supply, UATOM_PER_ATOM))

    def nominal_apr(self) -> APR:
        """``inflation * (1 - tax) / bonded ratio``, before a validator's commission and without transaction fees."""
        rewards = self.inflation.mul(ONE.sub(self.community_tax))
        return APR(float(rewards.quo(self.bonded_ratio())))

    def supply_growth(self) -> APR:
        """The inflation rate; the tax is minted too."""
        return APR(float(self.inflation))

    def minimum_stake(self) -> float:
        """One millionth of an ATOM."""
        return 1.0 / UATOM_PER_ATOM

    def unbonding(self) -> Unbonding:
        """Three weeks without reward in which stake can still be slashed for what came before."""
        params = self.staking_params
        days = params.unbonding_time / _SECONDS_PER_DAY
        return Unbonding(days=days, earns=False, slashable=True, source=params.source)

    def slashing(self) -> tuple[Offence, ...]:
        """Double signing and downtime, each at a fixed part of the stake; delegators lose with their validator."""
        params = self.slashing_params
        double_sign, downtime = float(params.slash_fraction_double_sign), float(params.slash_fraction_downtime)
        return (
            Offence("double signing", double_sign, double_sign, params.source),
            Offence("downtime", downtime, downtime, params.source),
        )

    def compounding(self) -> bool:
        """No: rewards wait until they are withdrawn and delegated."""
        return False
