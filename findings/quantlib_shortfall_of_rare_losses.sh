#!/usr/bin/env bash
# QuantLib 1.44 (PyPI): a loss in one year of a hundred is the 95 % expected shortfall in full, one in ten has none.
#
# One would guess: expectedShortfall(0.95) of RiskStatistics is the mean of the worst 5 % of the outcomes as a loss.
# An offer that loses half of the money in one case of 100 and gains 5 % in the others has (50 - 4 x 5) / 5 = 6 %,
# and less by the same amount as each outcome is lifted.
#
# What happens: it is 50 %. Where the quantile is a gain, valueAtRisk is cut to 0, and the expected shortfall is then
# the mean of all losses, few as they are: one of another level, 99 % here. Lifting each outcome by 10 % takes 50 to
# 40 where -4 % is right. An offer that loses 8 % in one case of ten has no expected shortfall at all: only outcomes
# below the value at risk of 8 % count, none is, and the call is refused with "no data below the target".
#
# Why it matters: slashing, a peg that breaks and a firm that fails are rare losses beside a steady yield. Offers that
# fail rarely seem to be the worst, nothing that a sure yield adds seems to help, and equal losses (a fixed penalty)
# cannot be measured. The help of the method is its signature; that of C++ says "at a given percentile" and no more.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='1 of 100 loses 50 %, others gain 5 %: value at risk 0.0 %, expected shortfall 50.0 % (worst 5 %: 6.0 %)
all of that lifted by 10 %: value at risk 0.0 %, expected shortfall 40.0 % (worst 5 %: -4.0 %)
4 of 100 lose 20 %, others gain 5 %: value at risk 0.0 %, expected shortfall 20.0 % (worst 5 %: 15.0 %)
10 of 100 lose 8 %, others gain 5 %: value at risk 8.0 %, no data below the target (worst 5 %: 8.0 %)
10 of 100 lose 8, 9, ... 17 %, others gain 5 %: value at risk 12.0 %, expected shortfall 15.0 % (worst 5 %: 15.0 %)'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check QuantLib==1.44

cat > "$folder/shortfall.py" <<'PY'
from QuantLib import RiskStatistics

CASES = {
    "1 of 100 loses 50 %, others gain 5 %": [-50.0] + 99 * [5.0],
    "all of that lifted by 10 %": [-40.0] + 99 * [15.0],
    "4 of 100 lose 20 %, others gain 5 %": 4 * [-20.0] + 96 * [5.0],
    "10 of 100 lose 8 %, others gain 5 %": 10 * [-8.0] + 90 * [5.0],
    "10 of 100 lose 8, 9, ... 17 %, others gain 5 %": [-float(loss) for loss in range(8, 18)] + 90 * [5.0],
}
for name, outcomes in CASES.items():
    statistics = RiskStatistics()
    for outcome in outcomes:
        statistics.add(outcome)
    at_risk = abs(statistics.valueAtRisk(0.95))  # the sign of -0 is not written
    try:
        shortfall = f"expected shortfall {statistics.expectedShortfall(0.95):.1f} %"
    except RuntimeError as refusal:
        shortfall = str(refusal)
    worst = -sum(sorted(outcomes)[:5]) / 5
    print(f"{name}: value at risk {at_risk:.1f} %, {shortfall} (worst 5 %: {worst:.1f} %)")
PY
now=$("$folder/venv/bin/python" "$folder/shortfall.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'QuantLib does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
