"""`client_failure`: a bug of a client program, whose loss grows with the client's share of Ethereum.

A leak of n epochs leaves ``exp(-n**2 / 2**25)`` of the stake (`leak_balance`). It ends when the client is mended,
or when those online are two thirds of what is left: for a share s with ``(1 - s) / (2 s)`` of the stake left. Who
is offline after that leaks on while the score comes down, by 12 an epoch. Below the ejection balance (16 of 32 ETH)
validators queue to leave, and leak on in that queue, so that no end is set there.

Double votes cost `slashing_loss` of a validator at the head of the exit queue, with the share of all stake slashed
in the same epoch. Behind 3.08 million ETH of it the slashings are forgotten before the correlation penalty comes;
that mercy is left out, and so is a rescue by a fork that the community agrees on.

Source: ethereum/consensus-specs, and D. Feist, "Run the majority client at your own peril!" (2022-03-24).
"""

from typing import Literal

import numpy as np

from stakingmodels import checks
from stakingmodels.market import Event
from stakingmodels.market.factors import as_event
from stakingmodels.products.parts.failures import Failure
from stakingmodels.protocols.chains.ethereum import FULU, Ruleset, leak_balance, slashing_loss
from stakingmodels.protocols.chains.ethereum.rulesets import GWEI_PER_ETH, as_ruleset

ClientFault = Literal["offline", "wrong chain", "double votes"]
"""Effect of a bug: the client stops, it follows a chain that is not valid, or its validators contradict themselves."""
FAULTS: tuple[ClientFault, ...] = ("offline", "wrong chain", "double votes")
_VALIDATOR = 32 * GWEI_PER_ETH
_MOST_DAYS = 3_650.0


def client_failure(
    event: Event,
    *,
    share: float,
    own_share: float = 1.0,
    fault: ClientFault = "offline",
    offline_days: float = 1.0,
    staked: float = 35_555_714.0,
    ruleset: Ruleset = FULU,
) -> tuple[Failure, ...]:
    """Failure by a bug of a client: inactivity leak or slashing, by the share of Ethereum that runs it.

    Up to a third of the stake only duties are missed, which `uptime` knows. Above a third the chain cannot finalise and
    the client's validators leak until it is mended; above two thirds a wrong chain finalises by itself.

    Parameters
    ----------
    event
        The bug. Products that run the client share the event.
    share, own_share
        Shares of all stake, and of the product's own validators (default 1), that run the client; in [0, 1].
    fault
        ``"offline"`` (default): the client stops. ``"wrong chain"``: up to two thirds its validators come back as after
        a stop; above, they would contradict themselves, and leak until the others finalise, however soon it is mended.
        ``"double votes"``: its validators are all slashed, whatever the share.
    offline_days
        Days until the client is mended, in [0, 3,650]; default 1. Not felt by double votes.
    staked
        All stake, ETH, 64 or more; of 2026-01-01 (etheralpha/validatorqueue-com @ f6a337c). Only for double votes.
    ruleset
        Constants of a fork, Electra or later.

    Returns
    -------
    tuple of Failure
        One of the line ``"slashing"``, or none where nothing is lost: ``failures=client_failure(...)``. A leak is
        booked under `Line.SLASHING` too: there is no line of its own for it, and both are stake that the protocol
        takes. `Line.DOWNTIME` is the fine of a validator of one's own, and takes no stake at once.

    Examples
    --------
    >>> from stakingmodels import Event
    >>> from stakingmodels.products import client_failure
    >>> bug = {"event": Event("client:geth", hazard=0.01), "offline_days": 14.0}
    >>> [round(sum(each.severity for each in client_failure(**bug, share=share)), 3) for share in (0.3, 0.4, 0.55)]
    [0, 0.255, 0.255]
    """
    where = "client_failure"
    share = checks.fraction(f"{where}: share", share)
    own = checks.fraction(f"{where}: own_share", own_share)
    kind = checks.choice(f"{where}: fault", fault, FAULTS)
    days = checks.non_negative(f"{where}: offline_days", offline_days, _MOST_DAYS)
    total = round(checks.positive(f"{where}: staked", staked, 1e9, 64.0)) * GWEI_PER_ETH
    as_ruleset(where, ruleset)
    loss = _slashed(share, total, ruleset) if kind == "double votes" else _left_behind(share, kind, days, ruleset)
    event, severity = as_event(f"{where}: event", event, 'Event("client:geth", hazard=0.01)'), loss * own
    return (Failure(event, severity, line="slashing"),) if severity > 0.0 else ()


def _left_behind(share: float, fault: str, days: float, ruleset: Ruleset) -> float:
    """Fraction lost by who is not on the right chain for some days, or for good."""
    if 3.0 * share <= 1.0:
        return 0.0
    is_for_good = fault == "wrong chain" and 3.0 * share > 2.0
    return _leaked(share, np.inf if is_for_good else days * ruleset.epochs_per_day, ruleset)


def _slashed(share: float, total: int, ruleset: Ruleset) -> float:
    """Fraction lost by a validator that is slashed with a share of all stake."""
    others = max(min(round(share * total), total) - _VALIDATOR, 0)
    return min(slashing_loss(_VALIDATOR, total, other_slashed=others, ruleset=ruleset).total / _VALIDATOR, 1.0)


def _leaked(share: float, offline: float, ruleset: Ruleset) -> float:
    """Fraction that a share above a third leaks in epochs offline, until the others are two thirds."""
    wait = ruleset.min_epochs_to_inactivity_penalty
    twice = 2.0 * ruleset.inactivity_penalty_quotient
    left = (1.0 - share) / (2.0 * share)  # of their stake, when the others finalise without them
    alone = np.sqrt(-twice * np.log(left)) if left > 0.0 else np.inf
    leaks = max(min(offline - wait, alone), 0.0)
    if np.isinf(leaks):
        return 1.0
    kept = float(leak_balance(1.0, leaks, ruleset=ruleset))
    fall = ruleset.inactivity_score_recovery_rate - ruleset.inactivity_score_bias  # of the score, who is offline still
    score = ruleset.inactivity_score_bias * leaks
    rest = min(max(offline - wait - leaks, 0.0), score / fall)
    scores = score * rest - fall * rest**2 / 2.0
    return 1.0 - kept * float(np.exp(-scores / (ruleset.inactivity_score_bias * ruleset.inactivity_penalty_quotient)))
