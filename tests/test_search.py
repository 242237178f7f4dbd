"""Who searches the site for a word finds the page that answers first, by the site's own index and search engine."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NODE = shutil.which("node")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(NODE is None, reason="node is not installed")]
SOUGHT = {
    "mkdocs.yml": {"save": "how-to/saving/", "plot": "how-to/pictures/"},
    "mkdocs.zh-TW.yml": {"儲存": "how-to/saving/", "圖": "how-to/pictures/"},
}


def index_of(name, folder):
    """Search index of the site; reference pages, which take minutes, are left as they are written, without entries."""
    config = pytest.importorskip("mkdocs.config")
    pytest.importorskip("material")
    build = pytest.importorskip("mkdocs.commands.build").build
    whole = config.load_config(str(ROOT / name), site_dir=str(folder), strict=False)
    whole["plugins"].pop("mkdocstrings", None)
    for hooks in whole["plugins"].events.values():
        hooks[:] = [hook for hook in hooks if "mkdocstrings" not in type(getattr(hook, "__self__", hook)).__module__]
    build(whole)
    return json.loads((folder / "search" / "search_index.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SOUGHT)
@pytest.mark.filterwarnings("ignore")
def test_the_page_that_answers_is_found_first(name, tmp_path):
    search = pytest.importorskip("mkdocs.contrib.search")
    found = index_of(name, tmp_path)
    engine = Path(search.__file__).parent / "templates" / "search" / "lunr.js"
    given = {"lunr": str(engine), "docs": found["docs"], "separator": found["config"]["separator"]}
    done = subprocess.run(
        [NODE or "node", ROOT / "tests" / "search.mjs"],
        input=json.dumps({**given, "words": [*SOUGHT[name]]}),
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    pages = json.loads(done.stdout)
    assert {word: each[:1] for word, each in pages.items()} == {word: [page] for word, page in SOUGHT[name].items()}
