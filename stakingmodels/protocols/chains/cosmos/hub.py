"""The Cosmos Hub, whose coin is ATOM, on one day."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.chains.cosmos.legacy_dec import ONE, UNIT_DEC, LegacyDec
from stakingmodels.protocols.chains.cosmos.mint import HUB_MINT, MintParams
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
        521,135,314 ATOM on 2026-07-24 (Kekos94/cosmos-hub-monitor, commit e9f18e1: the bank module's supply).
    staked
        332,484,330 ATOM: 63.8 % of it, the bonded ratio that proposal text 16993 of forum.cosmos.network gives (2026).
        335.65 million bonded on 2026-08-19 (Zoltan118/atomprice, commit 232ffa3) are as much of the supply of that day.
    as_of
        The day of the supply.
    inflation
        10 %, the cap of proposal 848, at which the parameter stood on 2026-07-24 (the same monitor). A move to 4 to 8 %
        was proposed.
    community_tax
        2 % since proposal 996, May 2025 (cosmos.dungeongames.io/proposals/996); 10 % before it.
    blocks_a_year
        Blocks that the chain makes in 365 days. Each mints a part of `mint_params.blocks_per_year` of the inflation,
        so that more of them mint more than the parameter says. Default 5,493,600, one in 5.74 s: 1.26 times the
        parameter's 4,360,000, as the supply grew from 494.12 million on 2026-02-19 to 521.14 million on 2026-07-24
        (the same monitor; month by month 1.25 to 1.27 times).
    mint_params, slashing_params, staking_params
        Parameter sets.
    """

    asset: str = attrs.field(default="ATOM", validator=checks.TEXT)
    supply: float = attrs.field(default=521_135_314.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=332_484_330.332, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2026-07-24", validator=checks.TEXT)
    inflation: LegacyDec = attrs.field(default=LegacyDec.from_str("0.10"), validator=UNIT_DEC)
    community_tax: LegacyDec = attrs.field(default=LegacyDec.from_str("0.02"), validator=UNIT_DEC)
    blocks_a_year: float = attrs.field(default=5_493_600.0, validator=checks.POSITIVE)
    mint_params: MintParams = attrs.field(
        default=HUB_MINT, validator=checks.field(checks.instance, MintParams, "HUB_MINT")
    )
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
        """``inflation * (1 - tax) / bonded ratio``, by the parameter: before commission and without transaction fees.

        It is what wallets and explorers show. `realized_apr` counts the blocks that are made.
        """
        rewards = self.inflation.mul(ONE.sub(self.community_tax))
        return APR(float(rewards.quo(self.bonded_ratio())))

    def realized_apr(self) -> APR:
        """Realised rate: the nominal one times the actual blocks of a year over those that the parameters assume."""
        return APR(self.nominal_apr().value * self._pace())

    def supply_growth(self) -> APR:
        """The inflation rate at the chain's own pace; the tax is minted too."""
        return APR(float(self.inflation) * self._pace())

    def _pace(self) -> float:
        return self.blocks_a_year / self.mint_params.blocks_per_year

    def minimum_stake(self) -> float:
        """One millionth of an ATOM."""
        return 1.0 / UATOM_PER_ATOM

    def unbonding(self) -> Unbonding:
        """Unbonding rule: three weeks without reward in which stake can still be slashed for earlier offenses."""
        params = self.staking_params
        days = params.unbonding_time / _SECONDS_PER_DAY
        return Unbonding(days=days, earns=False, slashable=True, source=params.source)

    def slashing(self) -> tuple[Offense, ...]:
        """Double signing and downtime, each at a fixed part of the stake; delegators lose with their validator."""
        params = self.slashing_params
        double_sign, downtime = float(params.slash_fraction_double_sign), float(params.slash_fraction_downtime)
        return (
            Offense("double signing", double_sign, double_sign, params.source),
            Offense("downtime", downtime, downtime, params.source),
        )

    def compounding(self) -> bool:
        """No: rewards wait until they are withdrawn and delegated."""
        return False
