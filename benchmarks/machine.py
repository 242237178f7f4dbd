"""Which kind of machine measures: its processor, its versions, and whether numpy has AVX-512 there."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SWITCH = "NPY_DISABLE_CPU_FEATURES"
"""Environment variable by which numpy is told to leave vectors of a processor unused."""
WITHOUT, WITH = "without AVX-512", "with AVX-512"
_WIDE = ("AVX512", "X86_V4")
_ASK = "import numpy; print(*numpy.show_config(mode='dicts')['SIMD Extensions'].get('found', []))"


def wide_vectors() -> list[str]:
    """The AVX-512 features that numpy uses in this process."""
    return wide_of(np.show_config(mode="dicts")["SIMD Extensions"].get("found", []))


def wide_vectors_unswitched() -> list[str]:
    """The AVX-512 features that numpy would use on this machine if none were switched off."""
    free = {name: value for name, value in os.environ.items() if name != SWITCH}
    done = subprocess.run([sys.executable, "-c", _ASK], check=True, capture_output=True, text=True, env=free)  # noqa: S603
    return wide_of(done.stdout.split())


def wide_of(features: list[str]) -> list[str]:
    """Those of some features that are of AVX-512."""
    return [feature for feature in features if feature.startswith(_WIDE)]


def kind() -> str:
    """The kind of this process, by which limits are chosen."""
    return WITH if wide_vectors() else WITHOUT


def kinds() -> Iterator[tuple[str, dict[str, str]]]:
    """Every kind that this machine can play, with the environment of a process that plays it."""
    off = " ".join(wide_vectors_unswitched())
    if not off:
        yield WITHOUT, {}
        return
    yield WITHOUT, {SWITCH: off}
    if kind() == WITH:
        yield WITH, {}


def describe() -> str:
    """Processor, versions of Python and numpy, and what numpy found of AVX-512."""
    processor = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line.partition(":")[2] for line in described.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].strip() if names else processor
    return f"{processor}; Python {platform.python_version()}, numpy {np.__version__}; {_vectors()}"


def _vectors() -> str:
    found = wide_vectors()
    if found:
        return f"{WITH} ({' '.join(found)})"
    off = wide_vectors_unswitched()
    if off:
        return f"{WITHOUT}: {SWITCH} switched {' '.join(off)} off"
    return f"{WITHOUT}: numpy found none, so that nothing was measured with it"
