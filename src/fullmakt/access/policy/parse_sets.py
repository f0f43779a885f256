"""From policy documents that hold or refer to each other to one sound `PolicyTree`.

The first document is the root, the others can be referred to by id and version. References are
resolved here, once: one that leads nowhere, or in a circle, is refused, and of several versions
that match the latest is taken. XACML 3.0 core sections 5.1 and 5.10 to 5.13.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.check import check_set
from fullmakt.access.policy.combining import POLICY_COMBINING
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.model import Member, Policy, PolicyReference, PolicySet, PolicyTree
from fullmakt.access.policy.parse import read_policy
from fullmakt.access.policy.parse_parts import (
    check_header,
    check_parameters,
    check_parameters_of,
    read_all_directives,
    read_description,
    read_own_target,
    read_version,
)
from fullmakt.access.policy.versions import (
    Version,
    accepts,
    is_version_pattern,
    version_order,
)
from fullmakt.access.policy.xml_document import Element, read_document

LARGEST_TREE: Final = 10_000
DEEPEST_TREE: Final = 64
_IN_SET: Final = (
    ("Description",),
    ("PolicyIssuer",),
    ("PolicySetDefaults",),
    ("Target",),
    (
        "PolicySet",
        "Policy",
        "PolicySetIdReference",
        "PolicyIdReference",
        "CombinerParameters",
        "PolicyCombinerParameters",
        "PolicySetCombinerParameters",
    ),
    ("ObligationExpressions",),
    ("AdviceExpressions",),
)
_MEMBERS: Final = frozenset({
    "PolicySet", "Policy", "PolicySetIdReference", "PolicyIdReference",
})  # fmt: skip


def parse_policies(root: bytes, *referenced: bytes) -> PolicyTree:
    """The tree of policies that documents write, the first being its root.

    Every document is read, also one that nothing refers to. Raises PolicyRefused.
    """
    documents: list[Policy | PolicySet] = []
    for number, document in enumerate((root, *referenced), start=1):
        try:
            documents.append(_read_any(read_document(document, namespace=names.NAMESPACE)))
        except PolicyRefused as refusal:
            raise PolicyRefused(refusal.why, line=refusal.line, document=number) from refusal
    return _Resolver(documents).tree()


def _read_any(element: Element) -> Policy | PolicySet:
    match element.name:
        case "Policy":
            return read_policy(element)
        case "PolicySet":
            return _read_set(element)
        case _:
            raise element.refused(
                f"the document is a `{element.name}`, neither `Policy` nor `PolicySet`"
            )


def _read_set(element: Element) -> PolicySet:
    element.check_attributes("PolicySetId", "Version", "PolicyCombiningAlgId", "MaxDelegationDepth")
    element.check_content(*_IN_SET)
    check_header(element, defaults="PolicySetDefaults")
    combining = element.required("PolicyCombiningAlgId")
    if combining not in POLICY_COMBINING:
        raise element.refused(f"unknown policy combining algorithm `{combining}`")
    found = PolicySet(
        policy_id=element.required("PolicySetId"),
        version=read_version(element),
        combining=combining,
        target=read_own_target(element),
        members=tuple(_read_member(child) for child in element.children if child.name in _MEMBERS),
        directives=read_all_directives(element),
        description=read_description(element),
        line=element.line,
    )
    check_parameters(element)
    for kind in ("Policy", "PolicySet"):
        check_parameters_of(
            element,
            f"{kind}CombinerParameters",
            of=f"{kind}IdRef",
            known=[held.policy_id for held in found.members if _kind(held) == kind],
        )
    check_set(found)
    return found


def _read_member(element: Element) -> Member:
    if not element.name.endswith("Reference"):
        return _read_any(element)
    element.check_attributes("Version", "EarliestVersion", "LatestVersion")
    element.check_no_children()
    policy_id = element.text.strip()
    if not policy_id:
        raise element.refused(f"`{element.name}` names no policy")
    for name, pattern in element.attributes.items():
        if not name.startswith("{") and not is_version_pattern(pattern):
            raise element.refused(f"`{name}` is not a pattern of versions: `{pattern[:80]}`")
    return PolicyReference(
        policy_id,
        is_set=element.name == "PolicySetIdReference",
        version=element.attributes.get("Version"),
        earliest=element.attributes.get("EarliestVersion"),
        latest=element.attributes.get("LatestVersion"),
        line=element.line,
    )


def _kind(member: Member) -> str:
    is_set = member.is_set if isinstance(member, PolicyReference) else isinstance(member, PolicySet)
    return "PolicySet" if is_set else "Policy"


class _Resolver:
    """Finds what references stand for, and how far the tree they make reaches."""

    def __init__(self, documents: Sequence[Policy | PolicySet]) -> None:
        self._documents = documents
        self._document_of = {
            id(held): number
            for number, document in enumerate(documents, start=1)
            for held in _all_in(document)
        }
        self._referenced: dict[PolicyReference, Policy | PolicySet] = {}
        self._sizes: dict[int, int] = {}
        self._open: list[Policy | PolicySet] = []

    def tree(self) -> PolicyTree:
        self._check_names()
        for document in self._documents:
            self._size(document)
        return PolicyTree(self._documents[0], MappingProxyType(self._referenced))

    def _check_names(self) -> None:
        seen: set[tuple[str, str, Version]] = set()
        for document in self._documents:
            for held in _all_in(document):
                kind, policy_id = _kind(held), held.policy_id
                name = (kind, policy_id, version_order(held.version))
                if name in seen:
                    raise self._refused(
                        held, held.line, f"the {kind} `{policy_id}` {held.version} is given before"
                    )
                seen.add(name)

    def _size(self, held: Policy | PolicySet) -> int:
        """How many policies and sets an evaluation may ask, references followed."""
        if id(held) not in self._sizes:
            self._open.append(held)
            if len(self._open) > DEEPEST_TREE:
                raise self._refused(
                    held, held.line, f"policy sets are nested deeper than {DEEPEST_TREE}"
                )
            members = held.members if isinstance(held, PolicySet) else ()
            size = 1 + sum(self._size(self._found(held, member)) for member in members)
            if size > LARGEST_TREE:
                raise self._refused(
                    held, held.line, f"more than {LARGEST_TREE} policies, references followed"
                )
            self._sizes[id(held)] = size
            self._open.pop()
        return self._sizes[id(held)]

    def _found(self, holder: Policy | PolicySet, member: Member) -> Policy | PolicySet:
        if not isinstance(member, PolicyReference):
            return member
        found = self._best(member)
        what = f"`{_kind(member)}IdReference` to `{member.policy_id}`"
        if found is None:
            raise self._refused(holder, member.line, f"{what}: no such document of that version")
        if any(held is found for held in self._open):
            raise self._refused(holder, member.line, f"{what} leads in a circle")
        self._referenced[member] = found
        return found

    def _best(self, reference: PolicyReference) -> Policy | PolicySet | None:
        matching = (
            document
            for document in self._documents
            if _kind(document) == _kind(reference)
            and document.policy_id == reference.policy_id
            and accepts(reference, document.version)
        )
        return max(matching, key=lambda held: version_order(held.version), default=None)

    def _refused(self, holder: Policy | PolicySet, line: int, why: str) -> PolicyRefused:
        return PolicyRefused(why, line=line, document=self._document_of[id(holder)])


def _all_in(held: Policy | PolicySet) -> Iterator[Policy | PolicySet]:
    """A policy or set and all that it holds itself, in document order."""
    yield held
    members: Iterable[Member] = held.members if isinstance(held, PolicySet) else ()
    for member in members:
        if not isinstance(member, PolicyReference):
            yield from _all_in(member)
