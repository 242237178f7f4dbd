#!/usr/bin/env bash
# eth-consensus-specs 1.7.0a13 (PyPI): from the Gloas fork on, stake leaves Ethereum four times as fast as it enters.
#
# One would guess: entries and exits go on sharing one limit, 256 ETH an epoch since Electra, so that the wait behind
# a queue of exits is the wait behind an equal queue of deposits, and a wait measured today holds after the fork.
#
# What happens: with 34.8 million ETH at stake the specification of Gloas lets 1,062 ETH exit in an epoch and still
# only 256 enter; consolidations no longer take what the two leave over but have 531 ETH of their own. Behind a
# million ETH an exit waits 4.2 days instead of 17.4 (an epoch has 384 seconds). The limit of exits has no cap: it
# is one part in 32,768 of the stake.
#
# Why it matters: the wait to get out prices every liquid staking token and every offer with a term. A model with
# one queue for both ways, or with waits drawn from the record before the fork, has it four times too long.
#
# No date of the fork on the main network is in this release (GLOAS_FORK_EPOCH is the far future). 1.7.0b4, which
# needs Python 3.12, gives the same figures. ckzg is named here because the package imports it without requiring it.
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='stake 34816000 ETH
fulu: ETH an epoch in 256, out 256, consolidated 275; behind 1,000,000 ETH an exit waits 17.4 days
gloas: ETH an epoch in 256, out 1062, consolidated 531; behind 1,000,000 ETH an exit waits 4.2 days'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eth-consensus-specs==1.7.0a13 ckzg==2.1.8

cat > "$folder/queues.py" <<'PY'
from eth_consensus_specs.fulu import mainnet as fulu
from eth_consensus_specs.gloas import mainnet as gloas

ETH = 10**9  # in Gwei
NOW = 1000


def state_of(spec):
    """17,000 validators with the highest effective balance there is."""
    state = spec.BeaconState()
    state.slot = spec.Slot(NOW * spec.SLOTS_PER_EPOCH)
    validator = spec.Validator(
        effective_balance=spec.MAX_EFFECTIVE_BALANCE_ELECTRA,
        exit_epoch=spec.FAR_FUTURE_EPOCH,
        withdrawable_epoch=spec.FAR_FUTURE_EPOCH,
    )
    for _ in range(17_000):
        state.validators.append(validator)
    return state


def describe(name, spec, state, limit_in, limit_out):
    consolidated = spec.get_consolidation_churn_limit(state)
    last = spec.compute_exit_epoch_and_update_churn(state, spec.Gwei(1_000_000 * ETH))
    days = (int(last) - NOW) * int(spec.SLOTS_PER_EPOCH) * 12 / 86_400
    print(
        f"{name}: ETH an epoch in {int(limit_in) // ETH}, out {int(limit_out) // ETH}, "
        f"consolidated {int(consolidated) // ETH}; behind 1,000,000 ETH an exit waits {days:.1f} days"
    )


now, then = state_of(fulu), state_of(gloas)
print(f"stake {int(fulu.get_total_active_balance(now)) // ETH} ETH")
shared = fulu.get_activation_exit_churn_limit(now)
describe("fulu", fulu, now, shared, shared)
describe("gloas", gloas, then, gloas.get_activation_churn_limit(then), gloas.get_exit_churn_limit(then))
PY
now=$("$folder/venv/bin/python" "$folder/queues.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'the specification does not say what was recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
