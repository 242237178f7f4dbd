#!/usr/bin/env bash
# ccxt 4.5.90 (PyPI): weekly bars built from trades open on Thursdays, "monthly" ones on days of no calendar.
#
# One would guess: build_ohlcvc(trades, "1w") cuts the weeks where round_timeframe("1w", time) of the same class
# does, Monday 00:00 UTC, as Binance does; "1M" is the calendar month, as it is for round_timeframe.
#
# What happens: round_timeframe says Monday 13 and the 1st of January. build_ohlcvc divides the time since
# 1970-01-01, which was a Thursday, by 7 or 30 days: its weeks open on Thursday 9 and 16 January, its months on
# 13 December and 12 January.
#
# Why it matters: bars from trades laid beside bars from such an exchange (fetch_ohlcv gives what the exchange
# sends) are three or four days off under labels of the same kind, and so are weekly returns beside weekly pay.
# Build daily bars and group those by week or month.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='1w: round_timeframe Mon 2025-01-13; build_ohlcvc Thu 2024-12-26, Thu 2025-01-02, Thu 2025-01-09, Thu 2025-01-16
1M: round_timeframe Wed 2025-01-01; build_ohlcvc Fri 2024-12-13, Sun 2025-01-12'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ccxt==4.5.90

cat > "$folder/bars.py" <<'PY'
import datetime

import ccxt


def day(milliseconds):
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).strftime("%a %Y-%m-%d")


noons = [ccxt.Exchange.parse8601(f"2025-01-{number:02d}T12:00:00Z") for number in range(1, 20)]
trades = [{"timestamp": noon, "price": 100.0, "amount": 1.0} for noon in noons]
for timeframe in ("1w", "1M"):
    rounded = ccxt.Exchange.round_timeframe(timeframe, noons[14])
    built = [day(bar[0]) for bar in ccxt.Exchange().build_ohlcvc(trades, timeframe)]
    print(f"{timeframe}: round_timeframe {day(rounded)}; build_ohlcvc {', '.join(built)}")
PY
now=$("$folder/venv/bin/python" "$folder/bars.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'ccxt does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
