#!/usr/bin/env bash
# pandas 3.1.1 (PyPI) reads the newer spot files of Binance, times in microseconds, as days of the year 56971.
#
# One would guess: to_datetime(column, unit="ms"), right for Binance's kline files up to 2024, refuses the files
# since 2025-01-01, whose spot times are in microseconds (github.com/binance/binance-public-data/issues/386).
# pandas 2 does: OutOfBoundsDatetime, since its times end in the year 2262.
#
# What happens: pandas 3 keeps dates in microseconds, which reach far enough, and answers without a warning. Where the
# files of two years are joined the series jumps by 20 million days, and what is chosen by the label of the year
# 2025 is empty: no prices, hence no rewards valued and nothing to complain of.
#
# Why it matters: a guard that held by accident is gone with an upgrade. Tell milliseconds from microseconds by
# size, line by line (both stand in a joined file), and check that the years are of this century.
#
# Seen with Python 3.11: the lines under "seen" below. The two bars are in the layout of the files, of the last day
# in milliseconds and the first in microseconds; the prices are made up.
set -euo pipefail

seen='pandas 2.3.3: OutOfBoundsDatetime
pandas 3.1.1: 2024-12-31, 56971-10-25; bars labelled 2025: 0'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/BTCUSDT-1d.csv" <<'CSV'
1735603200000,100.0,110.0,90.0,105.0,20.0,1735689599999,2000.0,9,10.0,1000.0,0
1735689600000000,105.0,115.0,95.0,108.0,20.0,1735775999999999,2000.0,9,10.0,1000.0,0
CSV
cat > "$folder/years.py" <<'PY'
import sys

import pandas

bars = pandas.read_csv(sys.argv[1], header=None)
try:
    days = pandas.to_datetime(bars[0], unit="ms")
except pandas.errors.OutOfBoundsDatetime as refusal:
    print(f"pandas {pandas.__version__}: {type(refusal).__name__}")
else:
    labels = ", ".join(str(day.date()) if day.year < 10_000 else f"{day.year}-{day.month}-{day.day}" for day in days)
    closes = bars.set_index(days)[4]
    print(f"pandas {pandas.__version__}: {labels}; bars labelled 2025: {len(closes.loc['2025'])}")
PY
now=$(
    for version in 2.3.3 3.1.1; do
        python3 -m venv "$folder/$version"
        "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "pandas==$version" numpy==2.4.6
        "$folder/$version/bin/python" "$folder/years.py" "$folder/BTCUSDT-1d.csv"
    done
)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'pandas does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
