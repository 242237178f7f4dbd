#!/usr/bin/env bash
# ethers 6.17.0 (npm): FixedNumber rounds losses towards nought, and its ceiling is the floor.
#
# One would guess: round(0) of -1.6 is -2, the nearest whole number; ceiling of 1.2 is 2 and floor of -1.2 is -2, as
# their descriptions say.
#
# What happens: round adds a half and cuts off the rest, which for a negative number is always towards 0: -1.6
# becomes -1 and -0.9 becomes 0. floor and ceiling work out the step down or up and then cut the number as it was
# (an open pull request, 5160 of ethers-io/ethers.js, describes these two). For positive numbers round is right.
#
# Why it matters: returns in percent to one decimal are right on good days and too good on bad ones, by up to a whole
# unit of the last place: a year of days that swing between +0.06 % and -0.06 % is +0.1 % and 0.0 % by turns. And
# ceiling(80 / 32) says that 80 ETH at 32 each take two validators. Round the integers (BigInt) yourself.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='round(0): 1.6 -> 2.0, -1.6 -> -1.0, -0.9 -> 0.0
round(1): 0.06 -> 0.1, -0.06 -> 0.0, -1.58 -> -1.5
ceiling: 1.2 -> 1.0, 2.5 -> 2.0
floor: -1.2 -> -1.0, -2.5 -> -2.0'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts ethers@6.17.0

cat > "$folder/rounding.cjs" <<'JS'
const { FixedNumber } = require("ethers");

function show(name, rounding, texts) {
    const pairs = texts.map((text) => `${text} -> ${rounding(FixedNumber.fromString(text)).toString()}`);
    console.log(`${name}: ${pairs.join(", ")}`);
}

show("round(0)", (number) => number.round(0), ["1.6", "-1.6", "-0.9"]);
show("round(1)", (number) => number.round(1), ["0.06", "-0.06", "-1.58"]);
show("ceiling", (number) => number.ceiling(), ["1.2", "2.5"]);
show("floor", (number) => number.floor(), ["-1.2", "-2.5"]);
JS
now=$(cd "$folder" && node rounding.cjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'ethers does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
