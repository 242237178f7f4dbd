"""The errors of the library: few, each also a built-in error, each one sentence long."""


class StakingModelsError(Exception):
    """Base of every error that the library raises on purpose."""


class InputError(StakingModelsError, ValueError):
    """A value breaks a stated rule; the message names the argument, the rule, the value and the fix."""


class InputTypeError(StakingModelsError, TypeError):
    """A value is of a type that is not accepted here."""


class BookError(StakingModelsError, ValueError):
    """A position breaks a rule of its book, or its books do not close; the fault is the product's."""


class UnknownNameError(InputError, KeyError):
    """A name is unknown; the message lists the known ones, and the nearest."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes


class NumericalError(StakingModelsError, ArithmeticError):
    """A result does not fit a float64, though every input was valid."""


class ExecutionError(StakingModelsError, RuntimeError):
    """A run could not be carried out: an executor failed or was shut down."""


class ConformanceError(StakingModelsError, AssertionError):
    """A product, scenario, chain or reward function breaks a named check of `stakingmodels.testing`.

    Attributes
    ----------
    failures
        Message of each check that failed, in their order: one, unless they were collected.
    """

    def __init__(self, message: str = "", failures: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.failures = failures or (message,)


class MissingExtraError(StakingModelsError, ImportError):
    """An optional dependency is not installed; the message says what to install."""


class ScenarioWarning(UserWarning):
    """A scenario does not fit the run: an event that hits no product, numbers of another time than the grid's."""


class UnitWarning(UserWarning):
    """A valid value that looks like a mix-up of units (4.2 where 0.042 may be meant)."""


class DataWarning(UserWarning):
    """A valid series whose days, gaps or levels look wrong for its kind."""
