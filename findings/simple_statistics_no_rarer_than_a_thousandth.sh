#!/usr/bin/env bash
# simple-statistics 7.12.1 (npm): nothing is rarer than one case in a thousand.
#
# One would guess: cumulativeStdNormalProbability(z) is right to the four digits of the printed table that it is named
# after, so 0.0000 for z = -5 and 0.05 for z = -1.645, and probit, called its inverse, gives such a z back.
#
# What happens: the table ends at 3.09, and whatever lies beyond has its last entry: 0.001 for -4 and for -5, of which
# the first is 0.00003. Between two entries it takes the nearer one, so 5 % are 0.0495. probit(0.000001) is -4.74, for
# which the other gives 0.001; and probit(0) is that of 0.0001, -3.71, less far out than that of 0.000001.
#
# Why it matters: an offer that pays 4 % with a spread of 1 % loses money in 3 of 100,000 years and is said to in one
# of 1,000, as is one that pays 5 % or 8 %. Steady offers all have the same chance of loss, 30 times too large and
# more, which is as large as that of the real rare events (slashing) beside them. The documents of the package name
# another way, 0.5 + 0.5 * errorFunction(z / Math.SQRT2), but not where the table ends.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='z -1.645: 0.0495, by errorFunction 5.0e-2
z -3: 0.0013, by errorFunction 1.3e-3
z -3.1: 0.001, by errorFunction 9.7e-4
z -4: 0.001, by errorFunction 3.2e-5
z -5: 0.001, by errorFunction 2.9e-7
probit(0.000001) -4.740, and back 0.001
probit(0.0001) -3.706, and back 0.001
probit(0) -3.706, and back 0.001'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts simple-statistics@7.12.1

cat > "$folder/tails.mjs" <<'JS'
import { cumulativeStdNormalProbability, errorFunction, probit } from "simple-statistics";

for (const z of [-1.645, -3, -3.1, -4, -5]) {
    const other = 0.5 + 0.5 * errorFunction(z / Math.SQRT2);
    console.log(`z ${z}: ${cumulativeStdNormalProbability(z)}, by errorFunction ${other.toExponential(1)}`);
}
for (const chance of ["0.000001", "0.0001", "0"]) {
    const z = probit(Number(chance));
    console.log(`probit(${chance}) ${z.toFixed(3)}, and back ${cumulativeStdNormalProbability(z)}`);
}
JS
now=$(cd "$folder" && node tails.mjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'simple-statistics does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
