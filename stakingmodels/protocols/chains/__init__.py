"""Rules of chains."""
