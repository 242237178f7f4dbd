"""A comparison of few paths, its pages, and a headless browser that is spoken to through pipes."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from stakingmodels import TimeGrid, compare, products, report, scenarios, simulate

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

START = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""Program that puts the pipes where the protocol looks for them, and becomes the browser."""


class Browser:
    """A page of a headless Chromium, over the DevTools protocol."""

    def __init__(self, program: str, profile: str) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"]
        flags += [f"--user-data-dir={profile}", "--no-first-run", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, str(to_read), str(to_write), program, *flags],
            pass_fds=(to_read, to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(to_write)
        self._count, self._left = 0, b""
        self._session: str | None = None
        self.told: list[dict[str, Any]] = []
        page = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **given: Any) -> Any:
        self._count += 1
        asked = {"id": self._count, "method": method, "params": given}
        asked |= {} if self._session is None else {"sessionId": self._session}
        os.write(self._write, json.dumps(asked).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") == self._count:
                assert "error" not in message, message
                return message["result"]
            self.told.append(message)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            part = os.read(self._read, 65_536)
            assert part, "the browser is gone"
            self._left += part
        first, _, self._left = self._left.partition(b"\0")
        return json.loads(first)

    def open(self, path: object, *, width: int, scheme: str = "light", height: int = 900) -> None:
        self.told.clear()
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.do("Emulation.setEmulatedMedia", features=features)
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.do("Page.navigate", url=f"file://{path}")
        while not any(message.get("method") == "Page.loadEventFired" for message in self.told):
            self.told.append(self._next())

    def ask(self, script: str) -> Any:
        found = self.do("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def complaints(self) -> list[Any]:
        """Errors on the console and what the page asked of a network."""
        found = [m["params"] for m in self.told if m.get("method") in {"Log.entryAdded", "Runtime.exceptionThrown"}]
        asked = [m["params"]["request"]["url"] for m in self.told if m.get("method") == "Network.requestWillBeSent"]
        return [*found, *(url for url in asked if not url.startswith(("file:", "data:")))]

    def shot(self) -> bytes:
        size = self.do("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        made = self.do("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(made["data"])

    def pdf(self) -> bytes:
        made = self.do("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(made["data"])

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._write)
            os.close(self._read)
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        found = Browser(program, profile)
        try:
            yield found
        finally:
            found.close()


def _small(names: dict[str, str]) -> Any:
    rows = products.reference()
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=90, settlement_days=30)
    world = scenarios.reference(cash_rate="assumed")
    chosen = {names[old]: rows[old] for old in names}
    return compare(
        simulate(chosen, world, grid, capital=100_000.0, n_paths=64, rng=7, keep="flows", event_sampling="stratified")
    )


@pytest.fixture(scope="session")
def small() -> Any:
    return _small({"staking pool": "pool", "liquid token": "token", "hold ETH": "hold"})


@pytest.fixture(scope="session")
def renamed() -> Any:
    return _small({"staking pool": '<script>alert("1")</script> & pool', "hold ETH": "hold"})


@pytest.fixture(scope="session")
def stopped(small: Any) -> Any:
    return compare(attrs.evolve(small.results, n_paths_requested=128))


@pytest.fixture(scope="session")
def pages(small: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for form in ("full", "committee"):
        for language in ("en", "zh-TW"):
            found[form, language] = folder / f"{form}-{language}.html"
            policy = {"name": "treasury", "max_days_to_cash": 10, "max_es_vs_holding": 0.05}
            report.write(small, found[form, language], form=form, language=language, policy=policy)
    return found
