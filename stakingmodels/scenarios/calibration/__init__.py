"""Parameters measured on a recorded history, with their errors."""

__all__: list[str] = []  # the public names are those of stakingmodels.scenarios
