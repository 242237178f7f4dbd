"""Vectors for programs in other languages, in examples/vectors: what the library says to inputs made by a rule.

``python -m tests.vectors --write`` writes the files that are not up to date, and the JSON Schema beside them;
``--check`` computes all again and exits with 1 where a file differs. Run it from the root of a checkout.

Inputs are made from SHA-256 of their names (`seeded.py`), and nothing is copied from the vectors of others, which
tests/golden holds. A vector is a name, its arguments and answers with their kinds, how its inputs are drawn, and a
question to the library.
"""
