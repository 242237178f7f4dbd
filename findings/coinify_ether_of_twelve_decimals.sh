#!/usr/bin/env bash
# @coinify/currency 1.3.43 (npm): the smallest unit of ether is a millionth of a millionth, and the yen has hundredths.
#
# One would guess: fromSmallestSubunit and toSmallestSubunit use the unit in which chain or bank count: wei, of which
# 1e18 are one ether; millionths of USDC; whole yen, as ISO 4217 has it.
#
# What happens: ether has 12 decimals, so 1e18 wei are a million ether; USDC and USDT have 8, so what is one dollar on
# the chain is a cent; 100 yen are 10,000 of their smallest unit. Bitcoin, SOL and DOT have those of their chains, and
# so has the Kuwaiti dinar the three of its bank, so that a test with them shows nothing. Its readme gives no numbers.
#
# Why it matters: rewards read from a chain come as whole numbers of its smallest unit. With this package they are
# right in bitcoin and wrong by a million in ether; what it wrote itself it reads rightly, and only that.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='1 BTC is 100000000 of the smallest unit, 8 decimals
1 SOL is 1000000000 of the smallest unit, 9 decimals
1 ETH is 1000000000000 of the smallest unit, 12 decimals
1 USDC is 100000000 of the smallest unit, 8 decimals
100 JPY is 10000 of the smallest unit, 2 decimals
1e18 wei are 1000000 ETH
1000000 of the smallest unit on the chain are 0.01 USDC'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @coinify/currency@1.3.43

cat > "$folder/units.cjs" <<'JS'
const { fromSmallestSubunit, getDecimalsForCurrency, toSmallestSubunit } = require("@coinify/currency");
for (const [amount, code] of [[1, "BTC"], [1, "SOL"], [1, "ETH"], [1, "USDC"], [100, "JPY"]]) {
    const units = toSmallestSubunit(amount, code);
    console.log(`${amount} ${code} is ${units} of the smallest unit, ${getDecimalsForCurrency(code)} decimals`);
}
console.log(`1e18 wei are ${fromSmallestSubunit(1e18, "ETH")} ETH`);
console.log(`1000000 of the smallest unit on the chain are ${fromSmallestSubunit(1000000, "USDC")} USDC`);
JS
now=$(cd "$folder" && node units.cjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf '@coinify/currency does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
