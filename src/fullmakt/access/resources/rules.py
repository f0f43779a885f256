"""What a resource must be to be registered, what its policy must name.

Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from fullmakt.access.policy.model import Policy
from fullmakt.access.policy.outline import outline_of
from fullmakt.access.resources.errors import (
    PolicyNamesNoResource,
    PolicyNamesOtherResource,
    ScopesOfOthers,
)
from fullmakt.access.resources.model import (
    APP_TYPES,
    NewResource,
    ReferenceSource,
    ReferenceType,
    ResourceType,
)
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.problem import InvalidInput

_IDENTIFIER = re.compile(r"[a-z0-9_-]{4,}")
_MIGRATED_IDENTIFIER = re.compile(r"app_[a-z0-9]+_a1-.+:[a-z0-9.]+", re.IGNORECASE)
_LONGEST_IDENTIFIER = 255
_UNSAFE_IN_FILE_NAMES = ("/", "\\", "..", "\0")
_LANGUAGES = (("english", "en"), ("bokmal", "nb"), ("nynorsk", "nn"))


def is_identifier(text: str) -> bool:
    """Whether `text` can name a resource at all; what cannot is not asked of the database."""
    return text.isprintable() and len(text) <= _LONGEST_IDENTIFIER


def check_resource(new: NewResource) -> None:
    """Refuse a resource that the registry does not take. Raises: InvalidInput."""
    found = errors_of(new)
    if found:
        raise InvalidInput(found)


def errors_of(new: NewResource) -> dict[str, tuple[str, ...]]:
    """What is wrong with a resource, by member; all of it at once."""
    needs_right = new.is_delegable
    errors = {
        "Identifier": tuple(_identifier_errors(new)),
        "ResourceType": ("ResourceType needs to be set",)
        if new.resource_type is ResourceType.DEFAULT
        else (),
        "Description": () if new.description else missing_texts("Description", {}),
        "RightDescription": missing_texts("RightDescription", {})
        if needs_right and new.right_description is None
        else (),
        "ResourceReferences": tuple(_reference_errors(new)),
    }
    return {member: texts for member, texts in errors.items() if texts}


def missing_texts(member: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """What to say of a text that lacks one of the languages the registry wants."""
    return tuple(
        f"Missing {member} in {name} {language}"
        for name, language in _LANGUAGES
        if not texts.get(language, "").strip()
    )


def _identifier_errors(new: NewResource) -> list[str]:
    errors = []
    is_migrated = _MIGRATED_IDENTIFIER.fullmatch(new.identifier) is not None
    if not is_identifier(new.identifier):
        errors.append(f"Invalid id. At most {_LONGEST_IDENTIFIER} characters, all printable")
    elif not is_migrated and _IDENTIFIER.fullmatch(new.identifier) is None:
        errors.append(
            "Invalid id. Only a-z and 0-9 is allowed together with _ and -.  Minimum 4 characters"
        )
    if any(part in new.identifier for part in _UNSAFE_IN_FILE_NAMES):
        errors.append(f"Invalid id. `{new.identifier}` cannot be the name of a file")
    if new.identifier.startswith("app_") and new.resource_type not in APP_TYPES:
        errors.append("Invalid Prefix. app_ is only for Altinn Studio apps")
    if new.identifier.startswith("se_") and new.resource_type is not ResourceType.ALTINN_2_SERVICE:
        errors.append("Invalid prefix. Only to be used for Altinn 2 services")
    if new.resource_type in APP_TYPES and not _is_app_of_owner(new):
        errors.append(f"The identifier of an app must begin with `app_{new.owner_code}_`")
    return errors


def _is_app_of_owner(new: NewResource) -> bool:
    app = urns.app_of_resource(new.identifier)
    return app is not None and app[0].lower() == new.owner_code.lower()


def _reference_errors(new: NewResource) -> Iterator[str]:
    kinds = {each.reference_type for each in new.references}
    for each in new.references:
        if each.source not in set(ReferenceSource):
            yield f"`{each.source}` is not a referenceSource: {', '.join(ReferenceSource)}"
        if each.reference_type not in set(ReferenceType):
            yield f"`{each.reference_type}` is not a referenceType: {', '.join(ReferenceType)}"
    if new.resource_type in APP_TYPES and ReferenceType.APPLICATION_ID not in kinds:
        yield f"An app needs a reference of type `{ReferenceType.APPLICATION_ID}`"
    is_scheme = new.resource_type is ResourceType.MASKINPORTEN_SCHEMA
    if is_scheme and ReferenceType.MASKINPORTEN_SCOPE not in kinds:
        yield f"A MaskinportenSchema needs a reference of type `{ReferenceType.MASKINPORTEN_SCOPE}`"


def check_scope_prefixes(new: NewResource, prefixes: Collection[str]) -> None:
    """Hold the Maskinporten scopes of a resource to the prefixes that its owner has been given.

    Raises: ScopesOfOthers.
    """
    foreign = [
        scope
        for scope in new.maskinporten_scopes
        if not any(scope.startswith(f"{prefix}:") for prefix in prefixes)
    ]
    if foreign:
        raise ScopesOfOthers(foreign)


def check_policy_is_about(policy: Policy, identifier: str) -> None:
    """Hold every rule of a policy to the one resource it is uploaded for.

    Raises: PolicyNamesNoResource, PolicyNamesOtherResource.
    """
    for outline in map(outline_of, policy.rules):
        if outline.resources is None:
            raise PolicyNamesNoResource(outline.rule_id)
        if outline.resources != {identifier}:
            raise PolicyNamesOtherResource(outline.rule_id)
