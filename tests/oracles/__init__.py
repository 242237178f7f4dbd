"""The products once more, by hand: one path at a time, in plain Python, from what their documentation says.

Nothing of `stakingmodels.products` or `stakingmodels.ledger` is used here but the names of their lines.
"""
