"""Lets the choice of a language stay on the page: its links lead to the page's twin, and to the home page without one.

The two languages are two sites, the Chinese one in the folder zh-TW/ of the English one.
"""

import os
import re
from pathlib import Path
from typing import Any

_CHINESE = "zh-TW"
_LINK = re.compile(r'href="[^"]*"(?= hreflang="(en|zh-TW)")')


def on_post_page(output: str, page: Any, config: Any, **_: Any) -> str:
    """Called by mkdocs for the whole HTML of each page; its own links lead to the home pages."""
    links = alternates(Path(config["docs_dir"]), page.file.src_uri, page.url)
    return _LINK.sub(lambda link: f'href="{links[link[1]]}"', output)


def alternates(docs: Path, source: str, url: str) -> dict[str, str]:
    """Links of a page to itself in each language.

    `docs` is the folder of the site's pages, `source` the page's file in it, `url` the folder where it is served.
    """
    here = "" if url == "./" else url  # so mkdocs calls that of the home page
    is_chinese = docs.name == _CHINESE
    english = docs.parent if is_chinese else docs
    folders = {"en": (english, "/site/"), _CHINESE: (english / _CHINESE, f"/site/{_CHINESE}/")}
    start = folders[_CHINESE if is_chinese else "en"][1] + here
    return {
        language: os.path.relpath(served + (here if (pages / source).is_file() else ""), start).replace(os.sep, "/")
        + "/"
        for language, (pages, served) in folders.items()
    }
