#!/usr/bin/env bash
# CurrencyConverter 0.18.23 (PyPI): without a date it is the last day of the money that one gives, not of both.
#
# One would guess: a conversion without a date uses the newest day that has both rates, and what goes one way goes the
# other; or, if a currency is no longer quoted, both ways are refused.
#
# What happens: the package holds the reference rates of the European Central Bank to 2026-10-30. Roubles are turned
# into dollars at the rate of 2022-03-01, their last day, as if it were today's; dollars into roubles are refused. The
# lev, which is 1.95583 to the euro for good, is worth 5 % more dollars than the euros that it is worth, since the
# dollar, too, is taken from the last day of the lev, 2025-12-31. With fallback_on_wrong_date both ways are answered,
# of different days, and nothing is said.
#
# Why it matters: a purchase of coins recorded in a currency that has ended since is valued with a dollar of another
# year, and a portfolio with one such line mixes days. Give the date always, and look at bounds before.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='newest rate of USD: 2026-10-30, of BGN: 2025-12-31, of RUB: 2022-03-01
100 RUB in USD: 0.95
100 USD in RUB: RateNotFoundError
100 BGN in USD: 60.08
100 BGN in EUR, and those in USD: 57.12
with fallback_on_wrong_date: 100 USD in RUB: 10490.60
with fallback_on_wrong_date: 100 USD in RUB and back in USD: 99.91'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: CurrencyConverter==0.18.23

cat > "$folder/rates.py" <<'PY'
from currency_converter import CurrencyConverter, RateNotFoundError

rates = CurrencyConverter()
lenient = CurrencyConverter(fallback_on_wrong_date=True)


def shown(amount, source, target):
    try:
        return f"{amount} {source} in {target}: {rates.convert(amount, source, target):.2f}"
    except RateNotFoundError as error:
        return f"{amount} {source} in {target}: {type(error).__name__}"


last = {code: rates.bounds[code].last_date for code in ("USD", "BGN", "RUB")}
print("newest rate of " + ", of ".join(f"{code}: {day}" for code, day in last.items()))
print(shown(100, "RUB", "USD"))
print(shown(100, "USD", "RUB"))
print(shown(100, "BGN", "USD"))
print(f"100 BGN in EUR, and those in USD: {rates.convert(rates.convert(100, 'BGN', 'EUR'), 'EUR', 'USD'):.2f}")
roubles = lenient.convert(100, "USD", "RUB")
print(f"with fallback_on_wrong_date: 100 USD in RUB: {roubles:.2f}")
print(f"with fallback_on_wrong_date: 100 USD in RUB and back in USD: {lenient.convert(roubles, 'RUB', 'USD'):.2f}")
PY
now=$("$folder/venv/bin/python" "$folder/rates.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'CurrencyConverter does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
