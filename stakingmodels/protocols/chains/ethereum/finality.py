"""Justification and finality: two-thirds votes of the stake.

Source: ethereum/consensus-specs at commit a08d8a6e2b45f0b8c0d379abc15583427c643689, specs/phase0/beacon-chain.md
(weigh_justification_and_finalization).
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.integers import INT64_MAX

_EPOCHS = 2**53
_EPOCH = checks.field(checks.integer, 0, _EPOCHS)


@attrs.frozen
class Finality:
    """Justified and finalised epochs, as far as later decisions need them.

    Parameters
    ----------
    justified
        Whether the last four epochs are justified, the latest first.
    previous_justified_epoch, current_justified_epoch, finalized_epoch
        Epochs of the checkpoints.
    """

    justified: tuple[bool, bool, bool, bool]
    previous_justified_epoch: int = attrs.field(validator=_EPOCH)
    current_justified_epoch: int = attrs.field(validator=_EPOCH)
    finalized_epoch: int = attrs.field(validator=_EPOCH)

    def __attrs_post_init__(self) -> None:
        """Finality never overtakes justification."""
        if not self.finalized_epoch <= self.previous_justified_epoch <= self.current_justified_epoch:
            rule = "must not be before previous_justified_epoch, nor that before finalized_epoch"
            checks.refuse("Finality.current_justified_epoch", rule, attrs.astuple(self)[1:])

    @classmethod
    def finalizing(cls, epoch: int) -> "Finality":
        """The state in an epoch of a network that finalises without a break, from the third epoch on."""
        current = checks.integer("Finality.finalizing: epoch", epoch, 2, _EPOCHS)
        return cls((True, True, True, True), current - 2, current - 1, current - 2)


def weigh_justification_and_finalization(
    finality: Finality,
    current_epoch: int,
    total_active_balance: int,
    previous_epoch_target_balance: int,
    current_epoch_target_balance: int,
) -> Finality:
    """Finality after the transition at the end of an epoch.

    Parameters
    ----------
    current_epoch
        The epoch that ends; at least 2, the first two have no checkpoints to weigh.
    total_active_balance, previous_epoch_target_balance, current_epoch_target_balance
        Of all validators, and of those unslashed with the target flag of the previous and of this epoch, Gwei. An
        epoch is justified by ``target * 3 >= total * 2``.

    Raises
    ------
    InputError
        For balances or epochs outside their range, and epochs that do not go forward.
    """
    where = "weigh_justification_and_finalization"
    epoch = checks.integer(f"{where}: current_epoch", current_epoch, 2, _EPOCHS)
    if finality.current_justified_epoch >= epoch:
        rule = f"must be after the justified epoch {finality.current_justified_epoch}"
        checks.refuse(f"{where}: current_epoch", rule, epoch)
    total = checks.integer(f"{where}: total_active_balance", total_active_balance, 1, INT64_MAX)
    previous = checks.integer(f"{where}: previous_epoch_target_balance", previous_epoch_target_balance, 0, INT64_MAX)
    current = checks.integer(f"{where}: current_epoch_target_balance", current_epoch_target_balance, 0, INT64_MAX)
    previous_is, current_is = previous * 3 >= total * 2, current * 3 >= total * 2
    before = finality.justified
    bits = (current_is, before[0] or previous_is, before[1], before[2])
    justified = epoch if current_is else epoch - 1 if previous_is else finality.current_justified_epoch
    return Finality(bits, finality.current_justified_epoch, justified, _finalized(finality, bits, epoch))


def _finalized(old: Finality, bits: tuple[bool, bool, bool, bool], epoch: int) -> int:
    """The finalised epoch: one that is justified, with a justified source, and all between them justified too."""
    finalized = old.finalized_epoch
    if all(bits[1:4]) and old.previous_justified_epoch + 3 == epoch:
        finalized = old.previous_justified_epoch
    if all(bits[1:3]) and old.previous_justified_epoch + 2 == epoch:
        finalized = old.previous_justified_epoch
    if all(bits[0:3]) and old.current_justified_epoch + 2 == epoch:
        finalized = old.current_justified_epoch
    if all(bits[0:2]) and old.current_justified_epoch + 1 == epoch:
        finalized = old.current_justified_epoch
    return finalized
