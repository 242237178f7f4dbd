"""Readers of a card agree: Python's, the wallet's in node, and the service's over HTTP; and refuse the same."""

import importlib.util
import json
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from stakingmodels import InputError, InputTypeError

WALLET = Path(__file__).resolve().parents[2] / "examples" / "wallet"
HERE = Path(__file__).parent
NODE = shutil.which("node")
TODAY = "2026-12-03"
pytestmark = pytest.mark.skipif(not WALLET.is_dir(), reason="the examples are not part of a source distribution")


def in_node(card, asks):
    """Answers of the wallet's reader, all in one process."""
    given = json.dumps({"card": card.to_dict(), "asks": asks})
    done = subprocess.run(
        [NODE or "node", HERE / "node_reader.mjs", WALLET / "ratecard.mjs"],
        input=given,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def asks_of(card, n):
    """Asks for amounts spread by ratio over the range of each offer, in cents."""
    random = np.random.default_rng(15)
    document = card.to_dict()
    entries, high = document["offers"], document["capital"]["high"]
    for number in range(n):
        entry = entries[number % len(entries)]
        low = entry["minimum"]
        amount = min(max(round(float(low * (high / low) ** random.random()), 2), low), high)
        yield [entry["product"], entry["term_days"], amount, TODAY]


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_node_never_says_more_than_the_quote_for_1000_amounts(card, world, products_of_card):
    asks = list(asks_of(card, 1_000))
    answers = in_node(card, asks)
    assert len(answers) == 1_000
    for (name, term, amount, today), answer in zip(asks, answers, strict=True):
        told = card.offer(name, term, amount, today=today)
        assert (answer["gain"], answer["cost"], answer["net_rate"]) == (told.gain, told.cost, told.net_rate)
        assert (answer["low"], answer["average"], answer["high"]) == (told.low, told.average, told.high)
    for name, term in {(ask[0], ask[1]) for ask in asks}:
        mine = [number for number, ask in enumerate(asks) if (ask[0], ask[1]) == (name, term)]
        amounts = [asks[number][2] for number in mine]
        gains, _ = world.quotes(products_of_card[name], term, amounts)
        assert (gains - np.array([answers[number]["gain"] for number in mine])).min() >= 0.0, (name, term)


REFUSED = {
    "stale": (["staking pool", 120, 500.0, "2026-12-09"], "holds from 2026-12-01 to 2026-12-08, today is 2026-12-09"),
    "early": (["staking pool", 120, 500.0, "2026-11-30"], "holds from 2026-12-01"),
    "no day": (["staking pool", 120, 500.0, "tomorrow"], "today is tomorrow"),
    "no today": (["staking pool", 120, 500.0], "today is undefined"),
    "too little": (["staking pool", 120, 99.99, TODAY], "the amount must be a number from 100 to 1000000, not 99.99"),
    "too much": (["staking pool", 120, 1_000_000.01, TODAY], "the amount must be"),
    "less than the minimum": (["solo validator", 120, 5_000.0, TODAY], "the amount must be a number from 96134.0"),
    "no number": (["staking pool", 120, None, TODAY], "the amount must be"),
    "a number as a text": (["staking pool", 120, "5000", TODAY], 'to 1000000, not "5000"'),
    "an amount in a list": (["staking pool", 120, [5000], TODAY], "not [5000]"),
    "a text": (["staking pool", 120, "lots", TODAY], "the amount must be"),
    "unknown product": (["pool", 120, 500.0, TODAY], "pool for 120 days is not in the card"),
    "unknown term": (["staking pool", 7, 500.0, TODAY], "staking pool for 7 days is not in the card"),
}


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_node_refuses_what_the_card_does_not_hold_for(card):
    told = in_node(card, [ask for ask, _ in REFUSED.values()])
    for name, message, (_, words) in zip(REFUSED, told, REFUSED.values(), strict=True):
        assert isinstance(message, str), name
        assert words in message, name


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_node_refuses_an_unknown_schema(card):
    class Newer:
        def to_dict(self):
            return {**card.to_dict(), "schema": 2}

    assert in_node(Newer(), [["staking pool", 120, 500.0, TODAY]]) == ["schema 2 is unknown: update this reader"]


def bare(typescript):
    """TypeScript without its types, which stand on lines of their own and in the function's head."""
    code = re.sub(r"^type .*\n", "", typescript, flags=re.MULTILINE)
    return re.sub(r"^export function.*$", lambda m: re.sub(r": \w+(?=[,) ])", "", m[0]), code, flags=re.MULTILINE)


def test_the_javascript_is_the_typescript_without_its_types():
    typescript = (WALLET / "ratecard.ts").read_text(encoding="utf-8")
    assert bare(typescript) == (WALLET / "ratecard.mjs").read_text(encoding="utf-8")
    assert len(typescript.splitlines()) <= 32


@pytest.mark.parametrize("page", ["docs/how-to/wallet.md", "docs/zh-TW/how-to/wallet.md"])
def test_the_pages_show_the_service_as_it_is(page):
    text = (WALLET.parents[1] / page).read_text(encoding="utf-8")
    assert f"```py\n{(WALLET / 'service.py').read_text(encoding='utf-8')}```\n" in text


PYTHON = {
    "stale": ("2026-12-09", "staking pool", 120, 500.0, "today: must be from 2026-12-01 to 2026-12-08"),
    "no day": ("tomorrow", "staking pool", 120, 500.0, "today: must be a day such as 2026-12-01"),
    "too little": (TODAY, "staking pool", 120, 99.99, r"amount: must be in \[100, 1,000,000\], got 99.99"),
    "unknown product": (TODAY, "staking pol", 120, 500.0, r"did you mean 'staking pool'"),
    "unknown term": (TODAY, "staking pool", 7, 500.0, "term_days: must be one of 40, 120, got 7"),
    "no number": (TODAY, "staking pool", 120, float("nan"), "amount: must be"),
}


@pytest.mark.parametrize("name", PYTHON)
def test_python_refuses_the_same(card, name):
    today, product, term, amount, words = PYTHON[name]
    with pytest.raises(InputError, match=rf"^RateCard\.offer: .*{words}"):
        card.offer(product, term, amount, today=today)


# The service


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  # of this machine
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


@pytest.fixture(scope="module")
def service(card):
    """Address of a running service, and the day that it believes in."""
    pytest.importorskip("fastapi")
    uvicorn = pytest.importorskip("uvicorn")
    spec = importlib.util.spec_from_file_location("wallet_service", WALLET / "service.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    day = {"today": "2026-12-03"}
    app = module.make_app(card, today=lambda: np.datetime64(day["today"]).astype(object))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        running.start()
        until = time.monotonic() + 10.0
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}", day
        server.should_exit = True
        running.join(timeout=10.0)


def test_the_card_comes_over_http_word_for_word(card, service):
    url, _ = service
    status, headers, text = get(f"{url}/ratecard.json")
    assert (status, text) == (200, card.text)
    assert headers["content-type"].startswith("application/json")
    assert headers["etag"].startswith('"')


def test_offers_over_http_are_those_of_the_card(card, service):
    url, _ = service
    for name, term, amount, _ in asks_of(card, 40):
        query = urllib.parse.urlencode({"product": name, "term_days": term, "amount": amount})
        status, _, text = get(f"{url}/offer?{query}")
        told = card.offer(name, term, amount, today=TODAY)
        assert (status, json.loads(text)["gain"]) == (200, told.gain)
        assert json.loads(text)["net_rate"] == told.net_rate


def test_http_refuses_in_one_sentence(service):
    url, day = service
    assert get(f"{url}/offer?product=staking+pool&term_days=120&amount=1")[0] == 422
    assert "did you mean" in get(f"{url}/offer?product=staking+pol&term_days=120&amount=500")[2]
    assert get(f"{url}/offer?product=staking+pool&term_days=120&amount=nan")[0] == 422
    day["today"] = "2027-01-01"
    try:
        for path in ("ratecard.json", "offer?product=staking+pool&term_days=120&amount=500"):
            status, _, text = get(f"{url}/{path}")
            assert (status, "the card holds from 2026-12-01 to 2026-12-08" in text) == (503, True)
    finally:
        day["today"] = "2026-12-03"


@pytest.mark.parametrize("ask", [([], 365), ("staking pool", []), ("staking pool", True), (None, 365)])
def test_python_refuses_what_is_no_name_and_no_term(card, ask):
    with pytest.raises((InputError, InputTypeError), match=r"^RateCard\.offer: (product|term_days): must be"):
        card.offer(*ask, 5_000.0, today=TODAY)
