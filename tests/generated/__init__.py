"""Generated calls: a good call of each public callable, and one argument at a time replaced by a bad value.

``python -m tests.generated`` prints counts by room and every raw error; ``--against PATH`` calls the library of another
checkout, of which only the names that exist there are called. What may stay raw stands in `tests.generated.allowed`,
each entry with its reason.
"""
