#!/usr/bin/env bash
# bitcoinlib 0.7.10 (PyPI): Value("1 uBTC") is a whole bitcoin, and so is "1 bit".
#
# One would guess: a micro-bitcoin, written uBTC where the Greek letter is not at hand, is 100 satoshi, and a
# bit, which is another name for it, too; a unit that the class does not know is refused.
#
# What happens: "1 mBTC" and "1 µBTC" are read rightly, but "1 uBTC" and "1 bit" are 100,000,000 satoshi, a million
# times too much, and 100 "usat" are a hundred bitcoin. A unit that is neither a currency nor begins with one of the
# prefixes the class knows is passed over without a word, and the number counts as whole coins.
#
# Why it matters: pools and wallets state balances and pay-outs of small miners in uBTC or bits; read through this
# class, a month's pay of 350 uBTC is 350 bitcoin. Turn such amounts into satoshi before the class sees them.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='1 BTC: 100000000 satoshi
1 mBTC: 100000 satoshi
1 µBTC: 100 satoshi
1 uBTC: 100000000 satoshi
350 uBTC: 35000000000 satoshi
1 bit: 100000000 satoshi
100 usat: 10000000000 satoshi'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bitcoinlib==0.7.10

# the library writes settings below the home folder; here they go with the rest
export HOME="$folder" PYTHONIOENCODING=utf-8
cat > "$folder/units.py" <<'PY'
from bitcoinlib.values import Value

for amount in ("1 BTC", "1 mBTC", "1 µBTC", "1 uBTC", "350 uBTC", "1 bit", "100 usat"):
    print(f"{amount}: {Value(amount).value_sat} satoshi")
PY
now=$("$folder/venv/bin/python" "$folder/units.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'bitcoinlib does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
