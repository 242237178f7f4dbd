"""Offers held against what hash rate, machines and chains can pay."""

__all__: list[str] = []  # public names are in stakingmodels.analysis
