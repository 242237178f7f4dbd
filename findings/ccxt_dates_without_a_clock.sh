#!/usr/bin/env bash
# ccxt 4.5.90 (PyPI): parse8601("2025-01-03") is None, which means "no limit" where it is used; "+08" is dropped.
#
# One would guess: the date alone, the plainest form of ISO 8601, is its midnight, or else an error; and an offset in
# hours, as PostgreSQL writes it, counts like the same offset with minutes.
#
# What happens: a date without a time of day, or with one without seconds, gives None. As since that is no limit:
# parse_ohlcvs, through which the bars of every exchange pass, keeps all five bars and not the last three, and
# fetch_ohlcv(since=None) leaves the beginning to the exchange. Nothing is said. "+08:00" and "+0800" are honoured;
# of "+08" the clock reading is taken for UTC, eight hours late.
#
# Why it matters: a backtest of a year that began where the exchange pleased looks like any other, only its yield
# is that of some other period. Write the time in full, with Z, and check that what comes back is a number.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='2025-01-03T00:00:00Z is 2025-01-03T00:00:00.000Z; first of the bars since then: 2025-01-03T00:00:00.000Z
2025-01-03 is None; first of the bars since then: 2025-01-01T00:00:00.000Z
2025-01-03T00:00Z is None; first of the bars since then: 2025-01-01T00:00:00.000Z
2025-01-03 00:00:00+08:00 is 2025-01-02T16:00:00.000Z
2025-01-03 00:00:00+08 is 2025-01-03T00:00:00.000Z'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ccxt==4.5.90

cat > "$folder/dates.py" <<'PY'
import ccxt

exchange = ccxt.Exchange()
days = [exchange.parse8601(f"2025-01-{number:02d}T00:00:00Z") for number in range(1, 6)]
bars = [[day, 100.0, 110.0, 90.0, 105.0, 20.0] for day in days]


def shown(moment):
    return exchange.iso8601(moment) if moment is not None else None


for text in ("2025-01-03T00:00:00Z", "2025-01-03", "2025-01-03T00:00Z"):
    since = exchange.parse8601(text)
    first = exchange.parse_ohlcvs(bars, None, "1d", since)[0][0]
    print(f"{text} is {shown(since)}; first of the bars since then: {shown(first)}")
for text in ("2025-01-03 00:00:00+08:00", "2025-01-03 00:00:00+08"):
    print(f"{text} is {shown(exchange.parse8601(text))}")
PY
now=$("$folder/venv/bin/python" "$folder/dates.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'ccxt does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
