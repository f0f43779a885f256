"""Documents with something wrong in them, perhaps: a sound one, changed in a place or three."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree

from fullmakt.access.policy.data_types import DATA_TYPES
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.special_functions import HIGHER_ORDER_FUNCTIONS, LOGICAL_FUNCTIONS
from tests.unit.policy.test_functions import SAMPLES

FUNCTION_IDS = [*FUNCTIONS, *LOGICAL_FUNCTIONS, *HIGHER_ORDER_FUNCTIONS]
TEXTS = [
    *(text for samples in SAMPLES.values() for text in samples),
    *("", "(", "-1", "9" * 2000, "\u0660", "Permit"),
]


def mutated(document: bytes, chance: Random) -> bytes:
    """The document, changed as chance has it; mostly no longer sound."""
    root = etree.fromstring(document)
    for _ in range(chance.randint(1, 3)):
        chance.choice(_CHANGES)(chance.choice(list(root.iter())), chance)
    return etree.tostring(root)


def _remove(element: etree._Element, _: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, chance: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(chance.randint(0, 5), deepcopy(element))


def _swallow(element: etree._Element, _: Random) -> None:
    element.append(deepcopy(element))


def _rename(element: etree._Element, chance: Random) -> None:
    element.tag = chance.choice(list(element.getroottree().iter())).tag


def _retell(element: etree._Element, chance: Random) -> None:
    element.text = chance.choice(TEXTS)


def _forget(element: etree._Element, chance: Random) -> None:
    if element.attrib:
        del element.attrib[chance.choice(sorted(map(str, element.attrib)))]


def _reset(element: etree._Element, chance: Random) -> None:
    for name in sorted(map(str, element.attrib)):
        if name in {"FunctionId", "MatchId"}:
            element.set(name, chance.choice(FUNCTION_IDS))
        elif name == "DataType":
            element.set(name, chance.choice(list(DATA_TYPES)))
        elif chance.random() < 0.3:
            element.set(name, chance.choice(TEXTS))


_CHANGES: list[Callable[[etree._Element, Random], None]] = [
    _remove,
    _double,
    _swallow,
    _rename,
    _retell,
    _forget,
    _reset,
    _reset,
]
