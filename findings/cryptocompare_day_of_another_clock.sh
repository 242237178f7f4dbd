#!/usr/bin/env bash
# cryptocompare 0.7.6 (PyPI): a datetime in UTC is asked for as if it were local time, and "now" is the day of import.
#
# One would guess: a datetime that carries its time zone is a point in time, so 2025-01-01 00:00 UTC becomes
# 1735689600 on every machine; and get_historical_price_day without toTs ends today.
#
# What happens: the zone is thrown away (time.mktime of its timetuple) and the clock reading is taken for local
# time. On a machine in Taipei the request is for 2024-12-31 16:00 UTC, in New York for 05:00 UTC of the day itself.
# The default of toTs is worked out when the module is loaded: two seconds later it still names the second of the
# import, and a process that runs for weeks gets history that ends weeks ago.
#
# Why it matters: rewards are valued at the price of the day they came in. East of Greenwich each one gets the
# price of the day before, without an error. Pass int(moment.timestamp()), and pass toTs always.
#
# No request is sent: the function that would send it is replaced by one that notes the address. TZ is set here.
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='UTC: 2025-01-01T00:00:00+00:00 is asked for as 2025-01-01T00:00:00+00:00
Asia/Taipei: 2025-01-01T00:00:00+00:00 is asked for as 2024-12-31T16:00:00+00:00
America/New_York: 2025-01-01T00:00:00+00:00 is asked for as 2025-01-01T05:00:00+00:00
two seconds after the import the default is the second of the import: True'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cryptocompare==0.7.6

cat > "$folder/clock.py" <<'PY'
import datetime
import os
import re
import time

UTC = datetime.timezone.utc

before = int(time.time())
import cryptocompare.cryptocompare as client  # noqa: E402  (the time of the import is what is looked at)

after = int(time.time())

asked = []
client._query_cryptocompare = lambda url, *args, **options: asked.append(url) or {}


def moment_asked_for():
    return int(re.search(r"[?&](?:ts|toTs)=(\d+)", asked[-1]).group(1))


midnight = datetime.datetime(2025, 1, 1, tzinfo=UTC)
for zone in ("UTC", "Asia/Taipei", "America/New_York"):
    os.environ["TZ"] = zone
    time.tzset()
    client.get_historical_price("ETH", "USD", midnight)
    found = datetime.datetime.fromtimestamp(moment_asked_for(), UTC)
    print(f"{zone}: {midnight.isoformat()} is asked for as {found.isoformat()}")

time.sleep(after + 2 - time.time())
client.get_historical_price_day("ETH", "USD", limit=30)
print(f"two seconds after the import the default is the second of the import: {before <= moment_asked_for() <= after}")
PY
now=$("$folder/venv/bin/python" "$folder/clock.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'cryptocompare does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
