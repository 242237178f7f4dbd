#!/usr/bin/env bash
# copulae 0.8.0 (PyPI): its Student copula says too little of how often two things fail together.
#
# One would guess: lambda_ of StudentCopula is the coefficient of tail dependence of Demarta and McNeil (The t copula
# and related copulas, 2005, proposition 1), 2 t(-sqrt((df + 1) (1 - rho) / (1 + rho))) with df + 1 degrees of
# freedom: in what share of the very worst cases of one the other is as bad.
#
# What happens: the division by 1 + rho is not made. With 4 degrees of freedom and a correlation of 0.5 it is 0.175
# instead of 0.253, with one of -0.5 it is 0.041 instead of 0.012. Only 0 and 1 are right. What the package draws from
# the same copula agrees with the formula (the share within the worst thousandth lies a little above its limit).
#
# Why it matters: a t copula is chosen for operators, custodians or pegs that fail in the same crash. Described by
# lambda_, joint failures are a fifth (correlation 0.9) to three tenths (0.5) too rare, fewer than those that the same
# copula draws, and a hedge fails with what it hedges three times too often.
#
# Seen with Python 3.11, scipy 1.16.3, numpy 2.3.5: the lines under "seen" below.
set -euo pipefail

seen='correlation -0.5: lambda_ 0.041, formula 0.012, drawn 0.02
correlation 0.0: lambda_ 0.076, formula 0.076, drawn 0.07
correlation 0.3: lambda_ 0.120, formula 0.162, drawn 0.18
correlation 0.5: lambda_ 0.175, formula 0.253, drawn 0.27
correlation 0.9: lambda_ 0.511, formula 0.630, drawn 0.64'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    copulae==0.8.0 scipy==1.16.3 numpy==2.3.5 pandas==2.3.3

cat > "$folder/tails.py" <<'PY'
from copulae import StudentCopula
from scipy.stats import t

DF, DRAWS, WORST = 4, 2_000_000, 0.001
for rho in (-0.5, 0.0, 0.3, 0.5, 0.9):
    copula = StudentCopula(2, df=DF)
    copula[0, 1] = rho
    formula = 2 * t.cdf(-(((DF + 1) * (1 - rho) / (1 + rho)) ** 0.5), DF + 1)
    drawn = copula.random(DRAWS, seed=1)
    bad = drawn < WORST
    together = bad.all(axis=1).sum() / bad[:, 0].sum()
    print(f"correlation {rho}: lambda_ {copula.lambda_.lower[0]:.3f}, formula {formula:.3f}, drawn {together:.2f}")
PY
now=$("$folder/venv/bin/python" "$folder/tails.py")

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'copulae does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
