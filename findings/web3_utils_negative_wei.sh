#!/usr/bin/env bash
# web3-utils 4.3.3 (npm): fromWei puts the minus sign of a small negative amount in the midst of its digits.
#
# One would guess: fromWei("-50000000000000000", "ether") is "-0.05", as toWei("-0.05", "ether") leads back to it.
#
# What happens: it is "0.-5". A penalty of 9,000 Gwei is "0.0000-9" ether: Number makes NaN of that, parseFloat
# makes 0. Losses of a tenth of the unit and more come out as "-.5" or "-1.5" and are read rightly, so the fault
# does not show in a test with round numbers. The zeros are put before the sign when the digits are padded.
#
# Why it matters: the balance of a validator falls by some thousand Gwei in each epoch that it misses. A table of
# daily changes made with fromWei loses just those days, as NaN or as days without any loss.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='toWei("-0.05"): -50000000000000000
fromWei("-50000000000000000"): "0.-5" Number NaN parseFloat 0
fromWei("-9000000000000"): "0.0000-9" Number NaN parseFloat 0
fromWei("-500000000000000000"): "-.5" Number -0.5 parseFloat -0.5
fromWei("9000000000000"): "0.000009" Number 0.000009 parseFloat 0.000009'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts web3-utils@4.3.3

cat > "$folder/wei.cjs" <<'JS'
const { fromWei, toWei } = require("web3-utils");
console.log(`toWei("-0.05"): ${toWei("-0.05", "ether")}`);
for (const wei of ["-50000000000000000", "-9000000000000", "-500000000000000000", "9000000000000"]) {
    const ether = fromWei(wei, "ether");
    console.log(`fromWei("${wei}"): "${ether}" Number ${Number(ether)} parseFloat ${parseFloat(ether)}`);
}
JS
now=$(cd "$folder" && node wei.cjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'web3-utils does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
