#!/usr/bin/env bash
# fractal-defi 1.3.1 (PyPI): the apy of a strategy is not compounded, and can be a loss of more than everything.
#
# One would guess: apy of get_metrics is what a year of growth at the same pace brings, (1 + gain) ^ (365 / days) - 1,
# as APY means compounding in this field and APR does not; 5 % in half a year are 10.25 %.
#
# What happens: the gain is multiplied by 365 / days, which is an APR: 10 %. A strategy that loses 40 % in 90 days has
# an apy of -162 %, more than there was, and one that doubles the money in three years has 33.3 % instead of 26.0 %.
#
# Why it matters: the figure is laid beside the APY that a protocol states and beside runs of another length. Runs
# below a year gain too little by it, longer ones too much: doubling in three years (33.3 %) beats 16 % in half a
# year (32 %), which grows faster. Compound accumulated_return over the days instead.
#
# Seen with Python 3.11, pandas 2.3.3, numpy 2.4.6: the lines under "seen" below.
set -euo pipefail

seen='182.5 days, 100 to 105: apy 10.00 %, compounded 10.25 %
90 days, 100 to 60: apy -162.22 %, compounded -87.40 %
1095 days, 100 to 200: apy 33.33 %, compounded 25.99 %
182.5 days, 100 to 116: apy 32.00 %, compounded 34.56 %'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fractal-defi==1.3.1 pandas==2.3.3 numpy==2.4.6

cat > "$folder/metrics.py" <<'PY'
import numpy
import pandas
from fractal.core.base.strategy.result import StrategyResult

result = StrategyResult(timestamps=[], internal_states=[], global_states=[], balances=[])
for days, last in ((182.5, 105.0), (90, 60.0), (1095, 200.0), (182.5, 116.0)):
    steps = int(2 * days) + 1  # two a day
    run = pandas.DataFrame(
        {
            "timestamp": pandas.date_range("2023-01-01", periods=steps, freq="12h"),
            "net_balance": numpy.geomspace(100.0, last, steps),
        }
    )
    apy = result.get_metrics(run).apy
    compounded = (last / 100.0) ** (365 / days) - 1
    print(f"{days} days, 100 to {last:.0f}: apy {100 * apy:.2f} %, compounded {100 * compounded:.2f} %")
PY
now=$("$folder/venv/bin/python" "$folder/metrics.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'fractal-defi does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
