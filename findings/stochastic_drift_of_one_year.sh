#!/usr/bin/env bash
# stochastic 0.6.0 (PyPI): a geometric Brownian motion over two years has volatility of two and drift of one.
#
# One would guess: GeometricBrownianMotion(drift, volatility, t).sample(n) is the process of its documents,
# S exp((drift - volatility^2 / 2) t + volatility W), on [0, t], so that the mean at its end is S exp(drift t).
#
# What happens: the drift less half the variance is spread over [0, 1] whatever t is, and the volatility over [0, t].
# Prices of 10 % drift and 80 % volatility have a mean of exp(0.42) = 1.52 after two years instead of 1.22, and 0.87
# after a quarter instead of 1.03; without volatility, 20 years at 5 % bring 5 %. Only t = 1 is right. sample_at has
# each time as it should be. Of the same kind: the variance of VarianceGammaProcess at t = 1 is that of the documents
# for sample(1), a quarter of it for sample(4) and a sixteenth for sample(16), since t / n enters it twice.
#
# Why it matters: terms of a quarter or of two years are drawn with t, and days as n. The price is then a sixth too low
# or a quarter too high on average, at exactly the right volatility, so that neither a chart nor the spread of the log
# returns tells; what pays in coin and what pays in dollars are compared at prices that nobody asked for.
#
# pip takes 0.6.0 with Python 3.11; 0.7.0, which wants an older Python, gives the same figures.
# Seen with Python 3.11, scipy 1.17.1, numpy 1.26.4: the lines under "seen" below.
set -euo pipefail

seen='20 years at 5 %: 1.051, sample_at 2.718
t = 0.25: mean 0.87, sample_at 1.02, formula 1.03, volatility a year 0.79
t = 1: mean 1.11, sample_at 1.10, formula 1.11, volatility a year 0.80
t = 2: mean 1.53, sample_at 1.23, formula 1.22, volatility a year 0.80
variance gamma, 1 steps: variance at the end 0.64, documents 0.64
variance gamma, 4 steps: variance at the end 0.16, documents 0.64
variance gamma, 16 steps: variance at the end 0.04, documents 0.64'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check stochastic==0.6.0 scipy==1.17.1 numpy==1.26.4

cat > "$folder/years.py" <<'PY'
import numpy
from stochastic import random
from stochastic.processes import GeometricBrownianMotion, VarianceGammaProcess

PATHS = 40_000
random.seed(1)  # of the whole package: what is drawn inside of a process does not take the process's own rng
steady = GeometricBrownianMotion(drift=0.05, volatility=1e-12, t=20)
print(f"20 years at 5 %: {steady.sample(20)[-1]:.3f}, sample_at {steady.sample_at([0, 20])[-1]:.3f}")
for years in (0.25, 1, 2):
    price = GeometricBrownianMotion(drift=0.10, volatility=0.80, t=years)
    ends = numpy.array([price.sample(8)[-1] for _ in range(PATHS)])
    others = numpy.array([price.sample_at([0, years])[-1] for _ in range(PATHS)])
    spread = numpy.log(ends).std() / years**0.5
    print(
        f"t = {years}: mean {ends.mean():.2f}, sample_at {others.mean():.2f}, "
        f"formula {numpy.exp(0.10 * years):.2f}, volatility a year {spread:.2f}"
    )
for steps in (1, 4, 16):
    gamma = VarianceGammaProcess(drift=0, variance=0.5, scale=0.8, t=1)
    ends = numpy.array([gamma.sample(steps)[-1] for _ in range(PATHS)])
    print(f"variance gamma, {steps} steps: variance at the end {ends.var():.2f}, documents 0.64")
PY
now=$("$folder/venv/bin/python" "$folder/years.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'stochastic does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
