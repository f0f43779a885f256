"""Writes XML: elements with text or other elements, indented, in UTF-8.

Reading is in `xml_tree.py`. Characters that XML has no place for are left out, so that no text can
break a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INDENT: Final = "  "
# Written so, line ends are not moved by the indentation and not changed by whoever reads them.
_LINE_ENDS: Final = {"\n": "&#10;", "\r": "&#13;"}
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_element(name: str, text: str) -> str:
    """An element that holds `text`."""
    return f"<{name}>{escape(_NOT_IN_XML.sub('', text), _LINE_ENDS)}</{name}>"


def group_element(name: str, children: Iterable[str]) -> str:
    """An element that holds elements, each on its own line."""
    inner = "\n".join(children)
    if not inner:
        return f"<{name}/>"
    indented = "\n".join(_INDENT + line for line in inner.split("\n"))
    return f"<{name}>\n{indented}\n</{name}>"


def document(root: str, namespace: str, children: Iterable[str]) -> bytes:
    """A whole document whose elements are in `namespace`."""
    body = group_element(root, children)
    declared = body.replace(f"<{root}", f'<{root} xmlns="{escape(namespace)}"', 1)
    return f"{_DECLARATION}{declared}\n".encode()
