"""Parameters measured on a recorded history, with their errors."""

__all__: list[str] = []  # public names are in stakingmodels.scenarios
