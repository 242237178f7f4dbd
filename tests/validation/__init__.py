"""What was checked against what: the figures of the page on validation. ``python -m tests.validation``."""
