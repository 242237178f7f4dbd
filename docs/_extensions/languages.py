"""Lets the choice of a language stay on the page: its links lead to the page's twin, and to the home page without one.

The two languages are two sites, the Chinese one in the folder zh-TW/ of the English one.
"""

from pathlib import Path
from typing import Any

_CHINESE = "zh-TW"


def on_page_context(context: dict[str, Any], page: Any, config: Any, **_: Any) -> dict[str, Any]:
    """Called by mkdocs before a page is put into its frame, which reads the links from the configuration."""
    links = alternates(Path(config["docs_dir"]), page.file.src_uri, page.url)
    for link in config["extra"]["alternate"]:
        link["link"] = links[link["lang"]]
    return context


def alternates(docs: Path, source: str, url: str) -> dict[str, str]:
    """Links to a page in each language, as seen from the root of its own site: ``.`` is the home page.

    `docs` is the folder of the site's pages, `source` the page's file in it, `url` where the page is served.
    """
    here = "" if url == "./" else url  # so mkdocs serves its home page
    is_chinese = docs.name == _CHINESE
    other = docs.parent if is_chinese else docs / _CHINESE
    twin = here if (other / source).is_file() else ""
    if is_chinese:
        return {_CHINESE: here or ".", "en": f"../{twin}"}
    return {"en": here or ".", _CHINESE: f"{_CHINESE}/{twin}"}
