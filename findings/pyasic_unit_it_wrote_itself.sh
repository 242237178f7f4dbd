#!/usr/bin/env bash
# pyasic 0.79.0 (PyPI): a unit read back from its own text is another one: "GH/s" is TH/s, "Sol/s" is KSol/s.
#
# One would guess: SHA256Unit.from_str(text) knows what str(unit) writes, and auto_unit brings a hash rate to the unit
# that a person would choose, 1500 TH/s to 1.5 PH/s.
#
# What happens: from_str knows "GH" but not "GH/s", and for what it does not know it answers with the usual unit of
# the algorithm, without a word: TH/s for Bitcoin, KSol/s for Zcash. auto_unit leaves 1500 TH/s as they are and turns
# 500 PH/s into 5e17 H/s, since it takes the number for one of hashes.
#
# Why it matters: model_dump of this package states the unit so. Read back, a miner of
# 500 GH/s earns as one of 500 TH/s, and a farm of 20 PH/s as one of 20 TH/s. Cut the "/s" off first, or take the
# number that is stored beside it.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='SHA-256: GH -> GH/s, GH/s -> TH/s, TH/s -> TH/s, PH/s -> TH/s, EH/s -> TH/s
Equihash: Sol/s -> KSol/s, KSol/s -> KSol/s, MSol/s -> KSol/s
model_dump: PH/s -> TH/s
auto_unit: 1500 TH/s -> 1500 TH/s, 500 PH/s -> 5e+17 H/s'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyasic==0.79.0

cat > "$folder/units.py" <<'PY'
from pyasic.device.algorithm import MinerAlgo

sha256, equihash = MinerAlgo.SHA256, MinerAlgo.EQUIHASH


def show(name, pairs):
    print(f"{name}: {', '.join(f'{before} -> {after}' for before, after in pairs)}")


def text_of(rate):
    return f"{rate.rate:g} {rate.unit}"


of_sha256 = ["GH", *(str(unit) for unit in (sha256.unit.GH, sha256.unit.TH, sha256.unit.PH, sha256.unit.EH))]
show("SHA-256", [(text, sha256.unit.from_str(text)) for text in of_sha256])
of_equihash = [str(unit) for unit in (equihash.unit.H, equihash.unit.KH, equihash.unit.MH)]
show("Equihash", [(text, equihash.unit.from_str(text)) for text in of_equihash])
rates = [sha256.hashrate(rate=1500, unit=sha256.unit.TH), sha256.hashrate(rate=500, unit=sha256.unit.PH)]
stored = rates[1].model_dump()["unit"]["suffix"]
show("model_dump", [(stored, sha256.unit.from_str(stored))])
show("auto_unit", [(text_of(rate), text_of(rate.auto_unit())) for rate in rates])
PY
now=$("$folder/venv/bin/python" "$folder/units.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'pyasic does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
