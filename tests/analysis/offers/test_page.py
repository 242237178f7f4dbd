"""The table of the pages is what the check says."""

import pytest

from tests.analysis.offers.page import PAGES, parts, table


@pytest.mark.parametrize("language", PAGES)
def test_the_table_of_the_page_is_the_check(language):
    assert parts(PAGES[language].read_text(encoding="utf-8"))[1] == table(language)
