"""What goes out with a release agrees with itself."""

import re
from pathlib import Path

import pytest

from stakingmodels._version import VERSION

ROOT = Path(__file__).resolve().parents[1]
SENT = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md")


def test_the_citation_is_of_this_version():
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", cited, re.MULTILINE) == [VERSION]


@pytest.mark.parametrize("name", SENT)
def test_papers_of_a_release_are_there_and_their_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.strip()
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []
