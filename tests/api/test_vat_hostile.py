"""Returns that are meant to break the reader: each is answered with a result that says where."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from tests.api.vat_calls import (
    RESULT,
    VALIDATION,
    XML,
    a_vat_world,
    address_of,
    call,
    read,
    send_return,
    start,
    step,
)
from tests.unit.apps.app_world import AppWorld
from tests.unit.tax.vat_builders import a_return, an_envelope, envelope_xml, return_xml

GOOD = return_xml(a_return())
_ROOT = b"<mvaMeldingDto "
_LAUGHS = b"".join(
    b'<!ENTITY e%d "%b">' % (number, b"&e%d;" % (number - 1) * 10) for number in range(1, 10)
)


def with_doctype(inside: bytes, text: bytes) -> bytes:
    return (b"<!DOCTYPE mvaMeldingDto [" + inside + b"]>" + GOOD).replace(b"bakeri-2026-t4", text)


HOSTILE = {
    "entities that multiply": (
        with_doctype(b'<!ENTITY e0 "ha">' + _LAUGHS, b"&e9;"),
        "har en DOCTYPE",
    ),
    "a file of the server": (
        with_doctype(b'<!ENTITY f SYSTEM "file:///etc/passwd">', b"&f;"),
        "har en DOCTYPE",
    ),
    "a definition fetched elsewhere": (
        b'<!DOCTYPE mvaMeldingDto SYSTEM "http://127.0.0.1:1/x.dtd">' + GOOD,
        "har en DOCTYPE",
    ),
    "an entity nobody declared": (GOOD.replace(b"bakeri-2026-t4", b"&x;"), "undefined entity"),
    "no end": (GOOD[:-9], "ikke velformet XML"),
    "two roots": (GOOD + GOOD, "junk after document element"),
    "depth": (b"<a>" * 100_000, "dypere enn 16"),
    "size": (GOOD + b" " * 1_000_000, "høyst 1000000"),
    "elements": (b"<a>" + b"<b/>" * 60_000 + b"</a>", "flere enn 50000"),
    "another namespace": (
        GOOD.replace(b"v1.0", b"v2.0", 1),
        "skattemeldingformerverdiavgift:v2.0}mvaMeldingDto`",
    ),
    "a part in another namespace": (
        GOOD.replace(b"<meldingskategori>", b'<meldingskategori xmlns="urn:x">'),
        "{urn:x}meldingskategori",
    ),
    "an inclusion": (
        GOOD.replace(
            b"<meldingskategori>", b'<i xmlns="urn:x" href="file:///x"/><meldingskategori>'
        ),
        "{urn:x}i",
    ),
    "another encoding than declared": (
        b'<?xml version="1.0" encoding="UTF-16"?>' + GOOD,
        "ikke velformet XML",
    ),
    "bytes that are no UTF-8": (GOOD.replace(b"bakeri", b"b\xe5keri"), "ikke velformet XML"),
    "an encoding nobody knows": (
        b'<?xml version="1.0" encoding="x-ukjent"?>' + GOOD,
        "ikke velformet XML",
    ),
    "a character XML lacks": (GOOD.replace(b"bakeri", b"&#0;"), "ikke velformet XML"),
    "an attribute twice": (GOOD.replace(_ROOT, _ROOT + b'a="1" a="2" '), "duplicate attribute"),
    "a number of many digits": (GOOD.replace(b"35500", b"9" * 5000), "et beløp med høyst 15"),
    "JSON": (b'{"mvaMeldingDto": {}}', "ikke velformet XML"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppWorld]:
    # Nothing is stored of what cannot be read, so one engine will do.
    with a_vat_world(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/world.db") as made:
        yield made


def validated(world: AppWorld, xml: bytes) -> ET.Element:
    token = world.headers(scopes="skatteetaten:mvameldingvalidering")
    answer = world.client.post(VALIDATION, headers={**token, **XML}, content=xml)
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.content)


@pytest.mark.parametrize("xml, reason", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_return_is_answered_with_what_is_wrong_and_where(
    world: AppWorld, xml: bytes, reason: str
) -> None:
    result = validated(world, xml)

    reasons = [each.text or "" for each in result.iter(f"{RESULT}begrunnelse")]
    places = [each.text or "" for each in result.iter(f"{RESULT}stiTilAvvik")]
    assert {each.text for each in result.iter(f"{RESULT}regelDefinisjon")} == {"R001"}
    assert any(reason in told for told in reasons), reasons
    assert all(place.startswith("/") for place in places)
    assert all(len(told) < 2000 for told in reasons)
    if len(xml) < 1_000_000:
        assert result.find(f"{RESULT}avvik/{RESULT}xmlLinjenummer") is not None


@pytest.mark.parametrize(
    "xml",
    [
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + GOOD.replace(b"bakeri", b"b\xe5keri"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + GOOD.decode()).encode("utf-16"),
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"bakeri", b"<![CDATA[b]]>akeri<!-- t4 -->"),
    ],
    ids=["latin-1", "utf-16", "byte order mark", "cdata and comment"],
)
def test_a_return_in_another_dress_is_read_all_the_same(world: AppWorld, xml: bytes) -> None:
    result = validated(world, xml)

    assert result.findtext(f"{RESULT}avvikVedMeldingslevering") == "ingen avvik"


@pytest.mark.parametrize("name", ["entities that multiply", "no end", "depth", "JSON"])
def test_a_hostile_return_is_stopped_in_the_app_with_a_result(world: AppWorld, name: str) -> None:
    instance = start(world).json()
    address = address_of(instance)
    element = instance["data"][0]["id"]
    envelope = envelope_xml(an_envelope())
    call(world, "PUT", f"{address}/data/{element}", headers=XML, content=envelope)
    send_return(world, address, HOSTILE[name][0])

    answer = step(world, address)

    assert (answer.status_code, answer.text) == (409, "Valideringsfeil: Ugyldig mva-melding")
    assert read(world, address)["data"][-1]["dataType"] == "valideringsresultat"


@pytest.mark.parametrize("name", ["entities that multiply", "no end", "depth", "JSON"])
def test_a_hostile_envelope_is_stopped_with_its_fault(world: AppWorld, name: str) -> None:
    instance = start(world).json()
    address = address_of(instance)
    element = instance["data"][0]["id"]
    xml, reason = HOSTILE[name]
    call(world, "PUT", f"{address}/data/{element}", headers=XML, content=xml)
    send_return(world, address, GOOD)

    answer = step(world, address)

    assert answer.status_code == 409
    assert answer.text.startswith("Valideringsfeil: konvolutten er ikke gyldig: /")
    assert reason in answer.text
