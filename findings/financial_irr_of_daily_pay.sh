#!/usr/bin/env bash
# financial 0.2.4 (npm, a JavaScript port of numpy-financial): the irr of a contract that pays daily is Infinity.
#
# One would guess: the port finds what numpy-financial 1.0.0 (PyPI) finds on the same flows, and where its search
# does not end it answers NaN, as its code does after 100 steps.
#
# What happens: for the flows of a mining contract, -100 and then 110 / 360 a day, irr is Infinity, where 0.0537 %
# a day is right. It is Infinity, too, for 50 / 360 a day (-0.3476 % a day) and for the plainest loss there is,
# -100 and then 50 (-50 %). Twelve monthly payments come out right. The first Newton step from the guess of 10 %
# a period lands below -100 %; what follows runs away, and a difference that is not a number ends the search as if
# it had converged.
#
# Why it matters: a loss, or a sound 21.6 % a year, is ranked above every other offer. A guess near the rate of a
# period (0.001 a day) helps with the first two; a check with Number.isFinite is needed in any case.
#
# Seen with Node.js 20 and Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='monthly gain: financial 0.01497666 numpy-financial 0.01497666
daily gain: financial Infinity numpy-financial 0.00053679
daily loss: financial Infinity numpy-financial -0.00347600
half lost: financial Infinity numpy-financial -0.50000000
daily gain, guess 0.001: financial 0.00053679'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts financial@0.2.4
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy-financial==1.0.0 numpy==2.4.6

cat > "$folder/port.cjs" <<'JS'
const { irr } = require("financial");
const even = (total, parts) => [-100, ...Array(parts).fill(total / parts)];
console.log(irr(even(110, 12)).toFixed(8));
console.log(irr(even(110, 360)).toFixed(8));
console.log(irr(even(50, 360)).toFixed(8));
console.log(irr([-100, 50]).toFixed(8));
console.log(irr(even(110, 360), 0.001).toFixed(8));
JS
cat > "$folder/original.py" <<'PY'
import numpy_financial

for total, parts in ((110, 12), (110, 360), (50, 360), (50, 1)):
    print(f"{numpy_financial.irr([-100] + [total / parts] * parts):.8f}")
PY
mapfile -t port < <(cd "$folder" && node port.cjs)
mapfile -t original < <("$folder/venv/bin/python" "$folder/original.py")

now=$(
    names=('monthly gain' 'daily gain' 'daily loss' 'half lost')
    for each in 0 1 2 3; do
        echo "${names[each]}: financial ${port[each]} numpy-financial ${original[each]}"
    done
    echo "daily gain, guess 0.001: financial ${port[4]}"
)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'financial does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
