"""Enhetsregisteret's open data, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from fullmakt.access.parties.routes import ROUTES
from tests.engines import ENGINES
from tests.unit.parties.builders import (
    ACCOUNTANT,
    AUDITED,
    BAKER,
    BAKERY,
    BERGEN,
    CHAIR,
    DELETED,
    ESTATE,
    MAIN,
    OWNERS,
    SUB_UNIT,
    SmallWorld,
)
from tests.unit.parties.served import BASE, served, shared_database
from tests.worlds import START, new_database

REGISTER = "/enhetsregisteret/api"
LINKS = f"{BASE}{REGISTER}"


@pytest.fixture(scope="module", params=ENGINES)
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """A client of a world that no test here changes."""
    with shared_database(request, tmp_path_factory) as database:
        SmallWorld(database)
        with served(ROUTES, database) as client:
            yield client


def code(place: str, of: str, name: str) -> dict[str, Any]:
    return {
        "kode": of,
        "beskrivelse": name,
        "_links": {"self": {"href": f"{LINKS}/{place}/{of}"}},
    }


def form(of: str, name: str) -> dict[str, Any]:
    return code("organisasjonsformer", of, name)


def test_a_unit_is_shown_to_anybody_with_what_the_register_tells(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTER}/enheter/{BAKERY}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "organisasjonsnummer": BAKERY,
        "navn": "FJORDGLØTT BAKERI AS",
        "organisasjonsform": form("AS", "Aksjeselskap"),
        "telefon": "55 00 00 00",
        "registreringsdatoEnhetsregisteret": "2010-06-15",
        "naeringskode1": {"kode": "10.710", "beskrivelse": "Produksjon av brød"},
        "antallAnsatte": 17,
        "forretningsadresse": BERGEN,
        "registrertIMvaregisteret": True,
        "frivilligRegistrertIMvaregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "registrertIStiftelsesregisteret": False,
        "registrertIPartiregisteret": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "erIKonsern": False,
        "harRegistrertAntallAnsatte": True,
        "registrertIForetaksregisteret": True,
        "konkurs": False,
        "maalform": "Bokmål",
        "_links": {"self": {"href": f"{LINKS}/enheter/{BAKERY}"}},
        "respons_klasse": "Enhet",
    }


def test_what_is_not_known_of_a_unit_is_left_out_and_never_null(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter/{OWNERS}").json()

    assert None not in body.values()
    assert not {"antallAnsatte", "forretningsadresse", "overordnetEnhet", "konkursdato"} & set(body)
    assert body["harRegistrertAntallAnsatte"] is False
    assert body["registrertIForetaksregisteret"] is False


def test_a_bankrupt_estate_says_since_when(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter/{ESTATE}").json()

    assert (body["konkurs"], body["konkursdato"]) == (True, "2026-02-01")


def test_a_deleted_unit_is_shown_in_a_reduced_form(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTER}/enheter/{DELETED}")

    assert answer.status_code == 200
    assert answer.json() == {
        "organisasjonsnummer": DELETED,
        "navn": "FORDUMS HANDEL AS",
        "organisasjonsform": form("AS", "Aksjeselskap"),
        "slettedato": "2024-06-30",
        "_links": {"self": {"href": f"{LINKS}/enheter/{DELETED}"}},
        "respons_klasse": "SlettetEnhet",
    }


def test_a_sub_unit_lies_somewhere_and_belongs_to_a_unit(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/underenheter/{SUB_UNIT}").json()

    assert body["respons_klasse"] == "Underenhet"
    assert body["overordnetEnhet"] == MAIN
    assert body["beliggenhetsadresse"] == BERGEN
    assert "forretningsadresse" not in body
    assert body["_links"] == {
        "self": {"href": f"{LINKS}/underenheter/{SUB_UNIT}"},
        "overordnetEnhet": {"href": f"{LINKS}/enheter/{MAIN}"},
    }


@pytest.mark.parametrize(
    "path",
    [
        "enheter/999999999",
        "enheter/123",
        "enheter/tull",
        f"enheter/{SUB_UNIT}",
        f"underenheter/{BAKERY}",
        "enheter/999999999/roller",
        f"enheter/{SUB_UNIT}/roller",
        f"enheter/{DELETED}/roller",
        "organisasjonsformer/XX",
        "roller/rolletyper/STYR",
        "roller/rollegruppetyper/LEDE",
    ],
)
def test_what_is_not_there_is_404_without_a_body(client: TestClient[Any], path: str) -> None:
    answer = client.get(f"{REGISTER}/{path}")

    assert (answer.status_code, answer.content) == (404, b"")


def test_roles_stand_in_groups_held_by_people_or_units(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter/{BAKERY}/roller").json()

    assert body == {
        "rollegrupper": [
            {
                "type": code("roller/rollegruppetyper", "DAGL", "Daglig leder"),
                "sistEndret": f"{START:%Y-%m-%d}",
                "roller": [
                    {
                        "type": code("roller/rolletyper", "DAGL", "Daglig leder"),
                        "person": {
                            "navn": {"fornavn": "Mild", "etternavn": "Surdeig"},
                            "erDoed": False,
                            "fodselsdato": "1983-12-08",
                        },
                        "fratraadt": False,
                        "avregistrert": False,
                        "rekkefolge": 0,
                    }
                ],
            },
            {
                "type": code("roller/rollegruppetyper", "REGN", "Regnskapsfører"),
                "sistEndret": f"{START:%Y-%m-%d}",
                "roller": [
                    {
                        "type": code("roller/rolletyper", "REGN", "Regnskapsfører"),
                        "enhet": {
                            "organisasjonsnummer": ACCOUNTANT,
                            "organisasjonsform": form("AS", "Aksjeselskap"),
                            "navn": ["RETT REVISJON AS"],
                            "erSlettet": False,
                            "_links": {"self": {"href": f"{LINKS}/enheter/{ACCOUNTANT}"}},
                        },
                        "fratraadt": False,
                        "avregistrert": False,
                        "rekkefolge": 0,
                    }
                ],
            },
        ],
        "_links": {
            "self": {"href": f"{LINKS}/enheter/{BAKERY}/roller"},
            "enhet": {"href": f"{LINKS}/enheter/{BAKERY}"},
        },
    }


def test_the_board_is_one_group_of_several_roles(client: TestClient[Any]) -> None:
    board = client.get(f"{REGISTER}/enheter/{AUDITED}/roller").json()["rollegrupper"][0]

    assert board["type"] == code("roller/rollegruppetyper", "STYR", "Styre")
    assert [(each["type"]["kode"], each["rekkefolge"]) for each in board["roller"]] == [
        ("LEDE", 0),
        ("MEDL", 1),
    ]
    assert board["roller"][0]["person"]["navn"] == {
        "fornavn": "Stø",
        "mellomnavn": "På",
        "etternavn": "Kai",
    }


def test_roles_that_the_platform_made_up_are_not_the_registers(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter/{ACCOUNTANT}/roller").json()

    assert body["rollegrupper"] == []


def test_a_role_that_ended_is_not_shown(place_url: str) -> None:
    world = SmallWorld(new_database(place_url))
    world.end_role(BAKERY, "regnskapsforer", ACCOUNTANT)

    with served(ROUTES, world.database) as client:
        groups = client.get(f"{REGISTER}/enheter/{BAKERY}/roller").json()["rollegrupper"]
    world.database.close()

    assert [group["type"]["kode"] for group in groups] == ["DAGL"]


@pytest.mark.parametrize(
    "path",
    [
        *(f"enheter/{digits}/roller" for digits in (BAKERY, AUDITED, OWNERS)),
        *(f"enheter/{digits}" for digits in (BAKERY, DELETED)),
        "enheter",
        "underenheter",
    ],
)
def test_open_data_holds_no_identity_number(client: TestClient[Any], path: str) -> None:
    text = client.get(f"{REGISTER}/{path}").text

    assert BAKER not in text
    assert CHAIR not in text


def test_our_own_facts_of_a_unit_are_not_the_registers(client: TestClient[Any]) -> None:
    assert not {"note", "orgcode", "partyId"} & set(
        client.get(f"{REGISTER}/enheter/{BAKERY}").json()
    )


# --- media types ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8",
    ],
)
def test_json_and_version_2_are_written(client: TestClient[Any], accept: str) -> None:
    answer = client.get(f"{REGISTER}/enheter/{BAKERY}", headers={"Accept": accept})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "accept", ["application/xml", "application/vnd.brreg.enhetsregisteret.enhet.v1+json"]
)
def test_other_media_types_and_version_1_are_406(client: TestClient[Any], accept: str) -> None:
    answer = client.get(f"{REGISTER}/enheter/{BAKERY}", headers={"Accept": accept})

    assert (answer.status_code, answer.content) == (406, b"")


# --- search ---------------------------------------------------------------------------------------


def found(client: TestClient[Any], query: str, place: str = "enheter") -> list[str]:
    body = client.get(f"{REGISTER}/{place}?{query}").json()
    return [each["organisasjonsnummer"] for each in body.get("_embedded", {}).get(place, [])]


EVERY_UNIT = [ACCOUNTANT, BAKERY, AUDITED, OWNERS, MAIN, ESTATE]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("", EVERY_UNIT),
        ("navn=bakeri", [BAKERY]),
        ("navn=fjordgløtt AS", [BAKERY]),
        ("navn=100%25", []),
        (f"organisasjonsnummer={BAKERY},{MAIN}", [BAKERY, MAIN]),
        (f"organisasjonsnummer={BAKERY}&organisasjonsnummer={MAIN}", [BAKERY, MAIN]),
        ("organisasjonsform=ESEK,KBO", [OWNERS, ESTATE]),
        ("konkurs=true", [ESTATE]),
        ("konkurs=false&organisasjonsform=KBO", []),
        ("naeringskode=10.710", [BAKERY]),
        ("kommunenummer=4601", [BAKERY]),
        ("forretningsadresse.poststed=BERGEN", [BAKERY]),
        ("registrertIMvaregisteret=true", [ACCOUNTANT, BAKERY]),
        ("fraAntallAnsatte=18", [ACCOUNTANT]),
        ("tilAntallAnsatte=17", [BAKERY]),
        ("fraAntallAnsatte=17&tilAntallAnsatte=34", [ACCOUNTANT, BAKERY]),
        ("fraRegistreringsdatoEnhetsregisteret=2010-06-15", [BAKERY]),
        ("fraRegistreringsdatoEnhetsregisteret=2010-06-16", []),
        ("tilRegistreringsdatoEnhetsregisteret=2010-06-15", [BAKERY]),
        ("organisasjonsform=AS&sort=navn,ASC", [MAIN, BAKERY, ACCOUNTANT, AUDITED]),
        ("organisasjonsform=AS&sort=organisasjonsnummer,DESC", [MAIN, AUDITED, BAKERY, ACCOUNTANT]),
    ],
)
def test_units_are_found_by_what_is_asked(
    client: TestClient[Any], query: str, expected: list[str]
) -> None:
    assert found(client, query) == expected


def test_deleted_units_are_not_found(client: TestClient[Any]) -> None:
    assert found(client, f"organisasjonsnummer={DELETED}") == []


@pytest.mark.parametrize(
    "query, expected",
    [("", [SUB_UNIT]), (f"overordnetEnhet={MAIN}", [SUB_UNIT]), (f"overordnetEnhet={BAKERY}", [])],
)
def test_sub_units_are_found_apart(
    client: TestClient[Any], query: str, expected: list[str]
) -> None:
    assert found(client, query, "underenheter") == expected


def test_a_page_says_how_many_there_are_and_where_the_others_are(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter?organisasjonsform=AS&size=2&page=1").json()

    pages = f"{LINKS}/enheter?organisasjonsform=AS&page="
    assert body["page"] == {"size": 2, "totalElements": 4, "totalPages": 2, "number": 1}
    assert body["_links"] == {
        "self": {"href": f"{pages}1&size=2"},
        "first": {"href": f"{pages}0&size=2"},
        "last": {"href": f"{pages}1&size=2"},
        "prev": {"href": f"{pages}0&size=2"},
    }


@pytest.mark.parametrize("query", ["organisasjonsform=AS", "registrertIMvaregisteret=false"])
def test_pages_hold_every_hit_once(client: TestClient[Any], query: str) -> None:
    whole = found(client, f"{query}&size=100")

    pages = [found(client, f"{query}&size=2&page={number}") for number in range(4)]

    assert [digits for page in pages for digits in page] == whole


def test_the_links_lead_to_the_next_page(client: TestClient[Any]) -> None:
    first = client.get(f"{REGISTER}/enheter?navn=as&size=1").json()

    following = client.get(first["_links"]["next"]["href"]).json()

    assert following["page"]["number"] == 1
    assert following["_embedded"] != first["_embedded"]


def test_without_hits_nothing_is_embedded(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/enheter?navn=finnes-ikke").json()

    assert body == {
        "_links": {"self": {"href": f"{LINKS}/enheter?navn=finnes-ikke&page=0&size=20"}},
        "page": {"size": 20, "totalElements": 0, "totalPages": 0, "number": 0},
    }


@pytest.mark.parametrize(
    "query, parameter, value, why",
    [
        ("postadresse.land=Norge", "postadresse.land", "Norge", "parameteren er ikke kjent her"),
        ("konkurs=kanskje", "konkurs", "kanskje", "verdien må være true eller false"),
        (
            "organisasjonsnummer=123",
            "organisasjonsnummer",
            "123",
            "`123` er ikke et organisasjonsnummer",
        ),
        ("navn=a%00b", "navn", "a\x00b", "verdien kan ikke ha styretegn"),
        ("size=0", "size", "0", "verdien må være et heltall fra 1"),
        ("page=-1", "page", "-1", "verdien må være et heltall fra 0"),
        ("page=500", "page", "500", "bare de første 10000 treffene kan hentes"),
        ("size=10001", "size", "10001", "bare de første 10000 treffene kan hentes"),
        ("fraAntallAnsatte=mange", "fraAntallAnsatte", "mange", "verdien må være et heltall fra 0"),
        (
            "sort=alder",
            "sort",
            "alder",
            "verdien må være navn eller organisasjonsnummer, og ASC eller DESC",
        ),
        (
            "fraRegistreringsdatoEnhetsregisteret=i fjor",
            "fraRegistreringsdatoEnhetsregisteret",
            "i fjor",
            "verdien må være en dato, som 2026-11-23",
        ),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(
    client: TestClient[Any], query: str, parameter: str, value: str, why: str
) -> None:
    answer = client.get(f"{REGISTER}/enheter?{query}")

    assert answer.status_code == 400
    assert answer.json() == {
        "tidsstempel": int(START.timestamp() * 1000),
        "status": 400,
        "feilmelding": "Feilaktig forespørsel",
        "valideringsfeil": [
            {
                "feilmelding": f"{parameter} er ugyldig: {why}",
                "parametere": [parameter],
                "feilaktigVerdi": f"[{value}]",
            }
        ],
        "sti": f"{REGISTER}/enheter",
        "antallFeil": 1,
    }


def test_every_bad_parameter_is_named_at_once(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTER}/underenheter?konkurs=x&size=y&ukjent=z").json()

    assert body["antallFeil"] == 3
    assert {name for each in body["valideringsfeil"] for name in each["parametere"]} == {
        "konkurs",
        "size",
        "ukjent",
    }


# --- codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place, name, one",
    [
        ("organisasjonsformer", "organisasjonsformer", "ESEK"),
        ("organisasjonsformer/enheter", "organisasjonsformer", "AS"),
        ("organisasjonsformer/underenheter", "organisasjonsformer", "BEDR"),
        ("roller/rolletyper", "rolletyper", "FFØR"),
        ("roller/rollegruppetyper", "rollegruppetyper", "STYR"),
    ],
)
def test_codes_are_listed_and_each_link_leads_to_its_code(
    client: TestClient[Any], place: str, name: str, one: str
) -> None:
    listed = client.get(f"{REGISTER}/{place}").json()["_embedded"][name]

    (wanted,) = (each for each in listed if each["kode"] == one)
    assert client.get(wanted["_links"]["self"]["href"]).json() == wanted


def test_the_forms_of_units_and_of_sub_units_are_apart(client: TestClient[Any]) -> None:
    def codes(place: str) -> set[str]:
        listed = client.get(f"{REGISTER}/organisasjonsformer{place}").json()["_embedded"]
        return {each["kode"] for each in listed["organisasjonsformer"]}

    assert codes("/underenheter") == {"AAFY", "BEDR"}
    assert codes("/enheter") == codes("") - codes("/underenheter")


def test_the_register_begins_with_links(client: TestClient[Any]) -> None:
    links = client.get(REGISTER).json()["_links"]

    assert links["enheter"] == {"href": f"{LINKS}/enheter"}
    assert links["rolletyper"] == {"href": f"{LINKS}/roller/rolletyper"}
