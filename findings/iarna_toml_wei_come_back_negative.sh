#!/usr/bin/env bash
# @iarna/toml 3.0.0 (npm): 32 ETH in wei come back as -4.89 ETH; the hazard 1e-7 is written as "1e-7.undefined".
#
# One would guess: what stringify has written parse reads back as the same number, or one of the two refuses it.
#
# What happens: whole numbers are written with all their digits, however large, and read into 64 bits, beyond which
# they wrap round, without an error. 9 ETH in wei survive, 9.3 ETH are negative, and so are 32, given as a number or
# as a BigInt. A whole power of ten below 1e-6 has no decimal point where the number's own text is split at one, and
# the missing part is written as the word undefined; parse then refuses the file. 1.5e-7 is written rightly.
#
# Why it matters: stakes are kept in wei and rare failures as powers of ten in just such files of assumptions. A
# stake that turns negative passes every check of its type. Keep wei as text, and powers of ten as 0.0000001.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='9 ETH: "stake = 9_000_000_000_000_000_000" read back as 9000000000000000000
9.3 ETH: "stake = 9_300_000_000_000_000_000" read back as -9146744073709551616
32 ETH: "stake = 32_000_000_000_000_000_000" read back as -4893488147419103232
32 ETH, BigInt: "stake = 32_000_000_000_000_000_000" read back as -4893488147419103232
hazard 1.5e-7: "hazard = 1.5e-7" read back as 1.5e-7
hazard 1e-7: "hazard = 1e-7.undefined" refused: TomlError'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @iarna/toml@3.0.0

cat > "$folder/toml.cjs" <<'JS'
const { parse, stringify } = require("@iarna/toml");
const show = (name, key, value) => {
    const text = stringify({ [key]: value }).trim();
    let back;
    try {
        back = `read back as ${parse(text)[key]}`;
    } catch (error) {
        back = `refused: ${error.name}`;
    }
    console.log(`${name}: "${text}" ${back}`);
};
show("9 ETH", "stake", 9e18);
show("9.3 ETH", "stake", 9.3e18);
show("32 ETH", "stake", 32e18);
show("32 ETH, BigInt", "stake", 32n * 10n ** 18n);
show("hazard 1.5e-7", "hazard", 1.5e-7);
show("hazard 1e-7", "hazard", 1e-7);
JS
now=$(cd "$folder" && node toml.cjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf '@iarna/toml does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
