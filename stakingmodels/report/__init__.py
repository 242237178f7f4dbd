"""A comparison as one HTML file to send: the answer, its pictures, what it rests on, and how to repeat it.

The file needs no network and no script. Needs ``stakingmodels[report]``.
"""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.report.fingerprints import fingerprint
from stakingmodels.report.writing import write

__all__ = ["fingerprint", "write"]

displays(__name__)
entrances(__name__)
