"""Reading XML from somebody else: no DTD, no entities, no network, bounded in size and depth.

Gives plain elements of one namespace, each with its line; what the elements mean is `parse.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from fullmakt.access.policy.errors import PolicyRefused

LARGEST_DOCUMENT: Final = 2 * 1024 * 1024
DEEPEST: Final = 64
_TOO_DEEP: Final = f"elements are nested deeper than {DEEPEST}"
# Hints to validating editors (xsi:schemaLocation) say nothing about the policy.
_SCHEMA_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the namespace: local name, attributes without namespace, children, text."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    text: str
    line: int

    def refused(self, why: str) -> PolicyRefused:
        """A refusal that names this element's line."""
        return PolicyRefused(why, line=self.line)

    def required(self, attribute: str) -> str:
        """The attribute's text. Raises PolicyRefused when it is missing or blank."""
        text = self.attributes.get(attribute, "").strip()
        if not text:
            raise self.refused(f"`{self.name}` needs the attribute `{attribute}`")
        return text

    def check_attributes(self, *known: str) -> None:
        """Refuse an attribute that is not known here."""
        for attribute in self.attributes:
            if attribute not in known and not attribute.startswith(_SCHEMA_INSTANCE):
                raise self.refused(f"`{self.name}` has the attribute `{attribute}`, not known here")

    def check_no_text(self) -> None:
        """Refuse text where only elements belong."""
        text = self.text.strip()
        if text:
            raise self.refused(f"`{self.name}` holds the text `{text[:80]}` where none belongs")

    def check_content(self, *stages: tuple[str, ...]) -> None:
        """Refuse an element that is not known here, stands too late, or stands twice.

        A stage with one name has at most one element; one with several has any number of each.
        """
        self.check_no_text()
        reached, seen = 0, set[str]()
        for child in self.children:
            stage = next((at for at, names in enumerate(stages) if child.name in names), None)
            if stage is None:
                raise child.refused(f"`{child.name}` inside `{self.name}` is not accepted")
            if child.name in seen and len(stages[stage]) == 1:
                raise child.refused(f"`{self.name}` has more than one `{child.name}`")
            if stage < reached:
                raise child.refused(f"`{child.name}` stands too late inside `{self.name}`")
            reached = stage
            seen.add(child.name)

    def all_named(self, name: str) -> tuple[Element, ...]:
        """The children of that name."""
        return tuple(child for child in self.children if child.name == name)

    def first_named(self, name: str) -> Element | None:
        """The first child of that name, if there is one."""
        return next(iter(self.all_named(name)), None)

    def check_no_children(self) -> None:
        """Refuse elements where only text, or nothing, belongs."""
        for child in self.children:
            raise child.refused(f"`{child.name}` does not belong inside `{self.name}`")


def read_document(
    document: bytes, *, namespace: str, opaque: frozenset[str] = frozenset()
) -> Element:
    """The root element. Raises PolicyRefused: unsafe, malformed or of another namespace.

    What stands inside an element named in `opaque` is left out, whatever it is.
    """
    _check_text(document)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 1
        if "Excessive depth" in fault.msg:
            raise PolicyRefused(_TOO_DEEP, line=line) from None
        raise PolicyRefused(
            f"the document is not well-formed XML: {fault.msg}", line=line
        ) from None
    return _element(root, namespace=namespace, opaque=opaque, depth=1)


def _check_text(document: bytes) -> None:
    if len(document) > LARGEST_DOCUMENT:
        raise PolicyRefused(
            f"the document has {len(document)} bytes, more than {LARGEST_DOCUMENT}", line=1
        )
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = document.count(b"\n", 0, fault.start) + 1
        raise PolicyRefused("the document is not UTF-8", line=line) from None
    if "\x00" in text:
        raise PolicyRefused("the document is not UTF-8: it holds a zero byte", line=1)
    # INVARIANT: the text is UTF-8 without zero bytes, so no other encoding can hide a declaration.
    for declaration in ("<!DOCTYPE", "<!ENTITY"):
        place = text.find(declaration)
        if place >= 0:
            line = text.count("\n", 0, place) + 1
            raise PolicyRefused(f"`{declaration}` is not accepted: no DTD, no entities", line=line)


def _element(
    node: etree._Element, *, namespace: str, opaque: frozenset[str], depth: int
) -> Element:
    # The stubs of lxml leave the type of this attribute out.
    line = cast(int | None, node.sourceline) or 1
    if depth > DEEPEST:
        raise PolicyRefused(_TOO_DEEP, line=line)
    tag = str(node.tag)
    name = tag.removeprefix(f"{{{namespace}}}")
    if name == tag:
        raise PolicyRefused(f"element `{tag}` is not of the namespace `{namespace}`", line=line)
    inside = () if name in opaque else node
    children = tuple(
        _element(child, namespace=namespace, opaque=opaque, depth=depth + 1) for child in inside
    )
    texts = [node.text or "", *(child.tail or "" for child in node)]
    return Element(
        name=name,
        attributes={str(key): str(value) for key, value in node.attrib.items()},
        children=children,
        text="".join(texts),
        line=line,
    )
