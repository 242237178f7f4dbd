#!/usr/bin/env bash
# pyxirr 0.10.8 (PyPI): the rate depends on the unit that the money is counted in.
#
# One would guess: a rate of return is a ratio, so the same flows in ETH, in Gwei or in wei have the same rate.
#
# What happens: the search ends on an absolute size of the net present value. One ETH that comes back as 1.1 ETH
# in twelve parts 30 days apart earns 19.825 % a year. Counted in wei the answer of xirr is None, without an
# error; in units that make the stake 1e-8 it is 10 % (and -10 % for a contract that loses a tenth, whose
# rate is -17.664 %): the rate from which the search set out. irr does likewise, from other sizes on.
#
# Why it matters: chain data come in wei, payouts of small miners in millionths of a bitcoin. None is dropped by
# most means and sums; 10 % looks like a yield. Scale the flows to about 1 before the call.
#
# Seen with Python 3.11: the lines under "seen" below.
set -euo pipefail

seen='gains a tenth, stake 1e+00: xirr 0.19825 irr 0.01498
gains a tenth, stake 1e+09: xirr 0.19825 irr 0.01498
gains a tenth, stake 1e+18: xirr None irr None
gains a tenth, stake 1e-06: xirr 0.19822 irr 0.01498
gains a tenth, stake 1e-08: xirr 0.10000 irr 0.00896
loses a tenth, stake 1e+00: xirr -0.17664 irr -0.01585
loses a tenth, stake 1e-08: xirr -0.10000 irr -0.01892'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: pyxirr==0.10.8

now=$("$folder/venv/bin/python" - <<'PY'
import datetime

import pyxirr

dates = [datetime.date(2025, 1, 1) + datetime.timedelta(days=30 * part) for part in range(13)]


def show(rate):
    return "None" if rate is None else f"{rate:.5f}"


for name, back, stakes in (("gains", 1.1, (1.0, 1e9, 1e18, 1e-6, 1e-8)), ("loses", 0.9, (1.0, 1e-8))):
    for stake in stakes:
        flows = [-stake] + [stake * back / 12] * 12
        xirr, irr = show(pyxirr.xirr(dates, flows)), show(pyxirr.irr(flows))
        print(f"{name} a tenth, stake {stake:.0e}: xirr {xirr} irr {irr}")
PY
)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'pyxirr does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
