"""A sheet of one's own for the catalogue, for tests that add to it or spoil it."""

HEAD = """
name = "My pool"
provider = "Me"
chain = "Solana"
coin = "SOL"
kind = "StakingPool"
held_by = "self"
as_of = "2026-11-30"

[documents.terms]
title = "Terms of my pool"
url = "https://example.org/terms"
read = "2026-11-30"

[terms.commission]
value = 0.05
said = "5 %"
document = "terms"
"""
"""A pool with a commission: the other terms, a rate and attributes may follow."""
