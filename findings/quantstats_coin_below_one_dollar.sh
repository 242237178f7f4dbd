#!/usr/bin/env bash
# quantstats 0.0.86 (PyPI): a price that stays below 1 is taken for a series of returns.
#
# One would guess: max_drawdown, whose argument is called prices, finds the same fall whatever the price is quoted
# in; a coin at 0.90 dollars that falls to 0.30 has lost two thirds, as one at 90 cents that falls to 30.
#
# What happens: prices and returns are told apart by their size. Prices that never reach 1 are compounded as if
# each were the gain of a day, and the greatest fall of a series of gains is 0. The same holds for stETH counted
# in ETH through its discount of 2022: nothing was lost. Volatility and ulcer index of such a price are wrong, too.
#
# Why it matters: many coins that are staked cost less than a dollar (ADA, TRX, POL), and a discount of a
# liquid staking token is below 1 by its nature: the very risk that is asked for comes out as none. Quote such a
# price in cents, or hand over returns made with pct_change.
#
# Seen with Python 3.11, pandas 3.1.1, numpy 2.4.6: the lines under "seen" below.
set -euo pipefail

seen='coin in dollars: drawdown 0.0000 ulcer index 0.0000
coin in cents: drawdown -0.6667 ulcer index 0.4811
stETH in ETH: drawdown 0.0000 ulcer index 0.0000
stETH in mETH: drawdown -0.0643 ulcer index 0.0429'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check quantstats==0.0.86 pandas==3.1.1 numpy==2.4.6

cat > "$folder/drawdown.py" <<'PY'
import warnings

import pandas
import quantstats

warnings.simplefilter("ignore")  # of fonts, in packages that quantstats brings along
coin = pandas.Series([0.90, 0.45, 0.30, 0.90], index=pandas.date_range("2025-01-01", periods=4))
discount = pandas.Series([0.9990, 0.9820, 0.9348, 0.9510, 0.9740], index=pandas.date_range("2022-05-08", periods=5))
for name, price in (
    ("coin in dollars", coin),
    ("coin in cents", 100 * coin),
    ("stETH in ETH", discount),
    ("stETH in mETH", 1000 * discount),
):
    stats = quantstats.stats
    print(f"{name}: drawdown {stats.max_drawdown(price):.4f} ulcer index {stats.ulcer_index(price):.4f}")
PY
now=$("$folder/venv/bin/python" "$folder/drawdown.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'quantstats does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
