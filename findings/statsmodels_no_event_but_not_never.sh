#!/usr/bin/env bash
# statsmodels 0.15.0 (PyPI): after years without an event the mid-p interval of the rate is one number above zero.
#
# One would guess: with nothing counted in 36.1 contract-years the rate may be 0, so each interval begins there, and
# its upper end tells how frequent the event can be all the same.
#
# What happens: the exact interval is 0 to 0.102. The mid-p interval, by which one shortens it a little, has both
# ends at 0.083, and that of the square root both at 0.027: the observed rate of 0 is outside of either. The lower
# end of the mid-p interval is searched where there is none to find, and the search ends at the upper one; the other
# squares what is below zero. With one event or more both are as they should be. No warning is given.
#
# Why it matters: no event is what most records of staking contracts say. "0.083 a year, by 36 years without any" is
# taken for a precise estimate, and a product whose failure was never seen is charged one failure in twelve years.
#
# Seen with Python 3.11, scipy 1.17.1, numpy 2.4.6: the lines under "seen" below.
set -euo pipefail

seen='0 events in 36.1 years: exact-c 0.000 to 0.102, midp-c 0.083 to 0.083, sqrt 0.027 to 0.027
0 events in 100.0 years: exact-c 0.000 to 0.037, midp-c 0.030 to 0.030, sqrt 0.010 to 0.010
1 events in 36.1 years: exact-c 0.001 to 0.154, midp-c 0.001 to 0.137, sqrt 0.000 to 0.109
2 events in 36.1 years: exact-c 0.007 to 0.200, midp-c 0.009 to 0.183, sqrt 0.005 to 0.159'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 scipy==1.17.1 numpy==2.4.6 pandas==2.3.3

cat > "$folder/rates.py" <<'PY'
import warnings

from statsmodels.stats.rates import confint_poisson

warnings.simplefilter("error")
for events, years in ((0, 36.1), (0, 100.0), (1, 36.1), (2, 36.1)):
    ends = {method: confint_poisson(events, years, method=method) for method in ("exact-c", "midp-c", "sqrt")}
    shown = ", ".join(f"{method} {low:.3f} to {high:.3f}" for method, (low, high) in ends.items())
    print(f"{events} events in {years} years: {shown}")
PY
now=$("$folder/venv/bin/python" "$folder/rates.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'statsmodels does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
