"""What a bare word stands for in YAML and CSV, where numbers and truth values have no marks.

Numbers of organisations and people, post codes and names are text whatever they look like; which
members are so is listed here. Elsewhere a word that is a number, written as a number is, is one.
"""

from __future__ import annotations

import json
from typing import Final

TEXT: Final = frozenset(
    {
        "accessListMode",
        "accessPackages",
        "accountNumber",
        "action",
        "actionFilters",
        "actions",
        "adresse",
        "allowedRedirectUrls",
        "availableForType",
        "beskrivelse",
        "borettslag",
        "category",
        "clientId",
        "clients",
        "company",
        "consentTemplate",
        "contactPage",
        "description",
        "domainTime",
        "email",
        "en",
        "enhet",
        "etternavn",
        "externalRef",
        "filedAhead",
        "filedUntil",
        "fodselsdato",
        "fornavn",
        "fra",
        "from",
        "givenBy",
        "grantedTo",
        "homepage",
        "id",
        "identifier",
        "innehaverEnhet",
        "inntektsmottaker",
        "integrationTitle",
        "isPartOf",
        "key",
        "kjoenn",
        "kode",
        "kommune",
        "kommunenummer",
        "land",
        "landkode",
        "language",
        "meldingskategori",
        "members",
        "name",
        "navn",
        "nb",
        "nn",
        "note",
        "notes",
        "opplysningspliktig",
        "org",
        "organisasjonsnummer",
        "organisation",
        "orgcode",
        "orgSeries",
        "overordnetEnhet",
        "owner",
        "partyUuid",
        "payer",
        "person",
        "personidentifikator",
        "personSeries",
        "policy",
        "policyFile",
        "postnummer",
        "poststed",
        "produces",
        "reference",
        "referenceSource",
        "referenceType",
        "registreringsdatoEnhetsregisteret",
        "reportee",
        "reportingUnit",
        "resource",
        "resources",
        "resourceType",
        "roles",
        "rolle",
        "rollegruppe",
        "sameie",
        "scope",
        "scopes",
        "skattleggingsperiodeType",
        "slettedato",
        "spatial",
        "status",
        "systemId",
        "telephone",
        "thematicAreas",
        "til",
        "to",
        "toPerson",
        "type",
        "userType",
        "uuidNamespace",
        "value",
        "vendor",
        "version",
        "virksomhet",
        "word",
    }
)
"""The members whose words are always text."""

LISTS: Final = frozenset(
    {
        "accessPackages",
        "actionFilters",
        "actions",
        "adresse",
        "allowedRedirectUrls",
        "availableForType",
        "clientId",
        "clients",
        "filedAhead",
        "grantedTo",
        "members",
        "notes",
        "produces",
        "resources",
        "rights",
        "roles",
        "scopes",
        "spatial",
        "thematicAreas",
    }
)
"""The members that are lists of words in a cell of CSV."""

_NULL: Final = "null"
_TRUTH: Final = {"true": True, "false": False}


def plain_value(name: str, word: str) -> object:
    """What the bare `word` says as the value of the member `name`."""
    if word == _NULL:
        return None
    if name in TEXT:
        return word
    if word in _TRUTH:
        return _TRUTH[word]
    return _number(word)


def _number(word: str) -> int | float | str:
    # A number is one only as it would be written: `0301` and `10.710` are codes, and stay text.
    try:
        value = json.loads(word) if len(word) <= 30 and word[:1] in "-0123456789" else word
    except ValueError:
        return word
    is_number = isinstance(value, int | float) and json.dumps(value) == word
    return value if is_number else word


def is_plain(name: str, value: object, word: str) -> bool:
    """Whether the bare `word` reads back as `value`."""
    found = plain_value(name, word)
    return type(found) is type(value) and found == value
