"""Exact bits of many results, so that a change that should change no number can be checked.

``python -m tests.corpus --write FILE`` writes JSON {case: hash}; ``--check FILE`` computes them again, tells how many
there are, lists every one that differs or is missing, and exits with 1 if there is any. ``--only SUBSTRING`` takes only
the cases whose name holds it. Run it from the root of a checkout, before and after a change.

Hashes hold on one machine with one version of numpy: sums and exponentials differ in their last bits from one set of
processor instructions (SIMD) to another. So the file is written where it is checked, and is not committed.

What is hashed is values in the order that `tests.corpus.read` gives, never a name of the library: where something is
renamed, the functions here are renamed with it and the hashes stay.
"""
