#!/usr/bin/env bash
# dnum 2.17.0 (npm): -31.9997 ETH to two digits is -30, and -1.996 is -0.
#
# One would guess: format(amount, 2) and toNumber(amount, 2) of -31.9997 are -32, as 31.9997 becomes 32 and as
# setDecimals(amount, 2) of the same package says.
#
# What happens: they are -30. Where the digits that are left carry into the whole part, one is added to it, which for
# a negative amount leads towards 0: from -31 to -30. -1234.999 is "-1,233" and -1.996 is "-0". Amounts whose rounding
# does not reach the whole part, such as -31.99, are right, and so are all amounts above 0.
#
# Why it matters: a validator that leaves with 31.9997 ETH is shown as a change of -30, and a loss of just under two
# coins as none at all, between neighbours that are right. It strikes just below whole numbers, where stakes of
# 32 ETH less a small penalty lie. Use setDecimals(amount, 2) first; its result needs no more rounding.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='31.9997: format 32, toNumber 32, setDecimals 32
-31.9997: format -30, toNumber -30, setDecimals -32
-1234.999: format -1,233, toNumber -1233, setDecimals -1235
-1.996: format -0, toNumber 0, setDecimals -2
-31.99: format -31.99, toNumber -31.99, setDecimals -31.99'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts dnum@2.17.0

cat > "$folder/losses.cjs" <<'JS'
const { format, from, setDecimals, toNumber, toString } = require("dnum");

for (const text of ["31.9997", "-31.9997", "-1234.999", "-1.996", "-31.99"]) {
    const amount = from(text, 18);
    const number = String(toNumber(amount, 2)); // the sign of -0 is not written
    const right = toString(setDecimals(amount, 2));
    console.log(`${text}: format ${format(amount, 2)}, toNumber ${number}, setDecimals ${right}`);
}
JS
now=$(cd "$folder" && node losses.cjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'dnum does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
