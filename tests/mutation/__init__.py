"""Mutation testing: what the tests of a room notice of small faults, each planted in a fork of one warm process.

``python -m tests.mutation ROOM`` first runs the room's tests once under coverage (which test runs which line, how
long each takes, which branches none takes), then plants one fault after the other in the functions of the room:
`mutants` makes them, `planted` puts them into the live functions, `forked` runs the tests that reach the line, the
quickest first, until one fails. `survivors.toml` holds those that nothing can notice, each with its reason.

Not mutated: module and class bodies, such as constants and the fields of attrs classes (they are computed at import),
texts of errors and of display, annotations, docstrings. What functions compute at import or while tests are collected
is counted apart: no test can see a fault there.
"""
