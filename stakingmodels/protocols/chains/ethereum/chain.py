"""Ethereum's answers to the questions that every chain is asked."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.chains.ethereum.issuance import Issuance, issuance
from stakingmodels.protocols.chains.ethereum.losses import slashing_loss
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, GWEI_PER_ETH, Ruleset
from stakingmodels.protocols.chains.ethereum.waits import STAKED_ETH, exit_wait
from stakingmodels.rates import APR

_SPECIFICATION = "ethereum/consensus-specs, commit a08d8a6e (2026-08-07), specs/electra/beacon-chain.md"


@attrs.frozen
class Ethereum(Chain):
    """Ethereum's main network on one day; amounts in whole ETH.

    Parameters
    ----------
    staked
        Effective balance of the active validators. Default 42,228,608 (etheralpha/validatorqueue-com, commit f6a337c,
        historical_data.json, 2026-08-22; upstream beaconcha.in).
    supply
        All ETH. Default 121,953,481, the same row.
    as_of
        The day of `staked`, `supply` and `validators`.
    burned_per_year
        Base fees burned (EIP-1559), ETH in 365 days. They follow the demand for block space; no rule fixes them.
        Default 59,000 a year: 0.658 M ETH issued on the stake of each day from 2026-01-01 to 2026-08-22 if all did all
        their duties, less the 0.620 M by which supply rose in the same file; 42,000 if a network online for 99 % of the
        time was paid 98.3 % of it. By the same reckoning it was 113,000 in 2025.
    validators
        Number of validators that hold the stake, which the sweep goes round. Default, None: one for every 46.83 ETH
        staked, as the 901,697 of the same row hold it; more stake has come with fewer validators since 0x02 credentials
        may hold 2,048 ETH each.
    compounding_credentials
        Whether the validator looked at has 0x02 credentials (default), so that its rewards earn too, in whole ETH.
    ruleset
        Constants of the fork; default the one live since 2025-12-03, whose economics are those since 2025-05-07.
    """

    asset: str = attrs.field(default="ETH", init=False)
    supply: float = attrs.field(default=121_953_481.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=float(STAKED_ETH), validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2026-08-22", validator=checks.TEXT)
    burned_per_year: float = attrs.field(default=59_000.0, validator=checks.NON_NEGATIVE)
    compounding_credentials: bool = attrs.field(default=True, validator=checks.FLAG)
    validators: int | None = attrs.field(default=None, validator=checks.field(checks.integer, 1, 2**40, optional=True))
    ruleset: Ruleset = attrs.field(default=FULU, validator=checks.field(checks.instance, Ruleset, "ethereum.FULU"))

    def __attrs_post_init__(self) -> None:
        """Refuse a stake above the supply, and one of which a single validator would be half."""
        least = 2.0 * self.minimum_stake()
        if not least <= self.staked <= self.supply:
            checks.refuse("Ethereum.staked", f"must be in [{least:g}, supply of {self.supply:g}]", self.staked)
        ejected, most = (
            each / GWEI_PER_ETH for each in (self.ruleset.ejection_balance, self.ruleset.max_effective_balance_electra)
        )
        if self.validators is not None and not ejected <= self.staked / self.validators <= most:
            rule = f"must hold the stake of {self.staked:g} ETH at {ejected:g} to {most:g} ETH each"
            checks.refuse("Ethereum.validators", rule, self.validators)
        super().__attrs_post_init__()

    def issuance(self) -> Issuance:
        """Issuance of the protocol on the stake, by duty."""
        return issuance(self._total(), ruleset=self.ruleset)

    def nominal_apr(self) -> APR:
        """Issuance over stake if every validator performs every duty in time, 365 days, without tips and MEV.

        The network's realised rewards were 96 % of it in the 59 days after the Merge.
        """
        return self.issuance().apr()

    def supply_growth(self) -> APR:
        """Issuance less burned coins, over the supply, 365 days."""
        issued = float(self.issuance().per_year.total) * self.staked
        return APR((issued - self.burned_per_year) / self.supply)

    def minimum_stake(self) -> float:
        """32 ETH, a validator's own; the protocol has no delegation."""
        return self.ruleset.min_activation_balance / GWEI_PER_ETH

    def unbonding(self) -> Unbonding:
        """5 epochs to the exit, 256 more until withdrawable, and half a round of the sweep, which pays.

        The sweep's round is that of `validators`, all of which it pays [assumption]: those of 0x02 credentials below
        2,048 ETH, which have nothing to skim, are passed over and make it shorter.
        Rewards go on until the exit epoch only, a validator can be slashed until it is withdrawable.
        """
        own = self.ruleset.min_activation_balance
        wait = exit_wait(self._total(), 0, own, self.ruleset, payable_validators=self.validators)
        source = f"{_SPECIFICATION}, initiate_validator_exit, get_expected_withdrawals"
        return Unbonding(days=float(wait.days), earns=False, slashable=True, source=source)

    def slashing(self) -> tuple[Offense, ...]:
        """Two blocks for one slot, or two votes that contradict each other; the same penalty for each.

        The least is what one validator of 32 ETH loses alone until it is withdrawable; all is lost when a third of the
        stake is slashed within 8,192 epochs. Being offline is no offense.
        """
        own = self.ruleset.min_activation_balance
        least = slashing_loss(own, self._total(), ruleset=self.ruleset).total / own
        names = ("double proposal", "double vote", "surround vote")
        return tuple(Offense(name, least, 1.0, f"{_SPECIFICATION}, slash_validator") for name in names)

    def compounding(self) -> bool:
        """Whether rewards stay and earn, up to 2,048 ETH; 0x01 credentials pay them out instead."""
        return self.compounding_credentials

    def _total(self) -> int:
        return round(self.staked) * GWEI_PER_ETH
