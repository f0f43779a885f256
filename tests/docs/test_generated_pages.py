"""The reference pages that are made from the code are as they would be made now."""

from __future__ import annotations

import pytest

from docs.generate import PAGES, REFERENCE


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_made_from_the_code_is_as_make_openapi_writes_it(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name]()
