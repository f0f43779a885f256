"""Writes a folder of CSV files: an accountant with 199 clients, for `fullmakt world load FOLDER`.

    python3 examples/two_hundred_organisations.py clients
    fullmakt world load clients

It goes into the default world: its vendor Maestro has the system that the accountant's system user
is made in. Everybody is made up, and the same every time. Needs Python alone.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path

ORGANIZATIONS = 200
LINKED = 50
SYSTEM = "312300109_maestro_aarsoppgjoer"
PACKAGE = "regnskapsforer-med-signeringsrettighet"

_FIRST = ("Solvik", "Granli", "Fjordheim", "Bjørkås", "Myrdal", "Høgåsen", "Strandby", "Elvestad")
_SECOND = ("Bakeri", "Snekkeri", "Blomster", "Transport", "Kafé", "Verksted", "Sykkel", "Maling")
_GIVEN = ("Rask", "Blid", "Stille", "Modig", "Rolig", "Klok", "Sindig", "Lystig", "Myk", "Tydelig")
_FAMILY = ("Paraply", "Spade", "Sirkel", "Lanterne", "Koffert", "Vimpel", "Trekant", "Ski", "Hatt")

Row = dict[str, object]


def organization_numbers(first: int) -> Iterator[str]:
    """Numbers that pass mod 11, from one whose first eight digits are `first`."""
    for base in count(first):
        digits = str(base)
        weights = (3, 2, 7, 6, 5, 4, 3, 2)
        check = -sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        if check < 10:
            yield f"{digits}{check}"


def person_numbers() -> Iterator[str]:
    """Synthetic identity numbers (80 is added to the month), of people born from 1960 on."""
    for n in count():
        digits = f"{n % 28 + 1:02}{n % 12 + 81:02}{60 + n % 40:02}{100 + n // 840:03}"
        first = -_weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
        second = -_weighted(f"{digits}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
        if first < 10 and second < 10:
            yield f"{digits}{first}{second}"


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=False))


def sections() -> dict[str, list[Row]]:
    """The rows of each file."""
    numbers = list(islice(organization_numbers(31500000), ORGANIZATIONS))
    people = list(islice(person_numbers(), ORGANIZATIONS))
    accountant, *clients = numbers
    managers: list[Row] = [
        {"rolle": "DAGL", "enhet": number, "person": person}
        for number, person in zip(numbers, people, strict=True)
    ]
    relations: list[Row] = [
        {"rolle": "REGN", "enhet": client, "innehaverEnhet": accountant} for client in clients
    ]
    return {
        "organisations": [_organization(n, number) for n, number in enumerate(numbers)],
        "persons": [_person(n, number) for n, number in enumerate(people)],
        "roles": [*managers, *relations],
        "systemUsers": [
            {
                "reportee": accountant,
                "systemId": SYSTEM,
                "userType": "agent",
                "accessPackages": PACKAGE,
                "clients": "|".join(clients[:LINKED]),
                "externalRef": "klienter",
                "integrationTitle": "Maestro for alle klientene",
            }
        ],
        "vatObligations": [
            {
                "org": client,
                "meldingskategori": "alminnelig",
                "skattleggingsperiodeType": "toMaaned",
                "fra": "2022-01-01",
                "filedUntil": "2026-08-31",
            }
            for client in clients
        ],
    }


def _organization(n: int, number: str) -> Row:
    first, second = _FIRST[n % len(_FIRST)], _SECOND[n // len(_FIRST) % len(_SECOND)]
    name = "Tallfesten Regnskap AS" if n == 0 else f"{first} {second} {n} AS"
    return {
        "organisasjonsnummer": number,
        "navn": name.upper(),
        "organisasjonsform.kode": "AS",
        "registrertIMvaregisteret": "true",
        "antallAnsatte": n % 30,
        "forretningsadresse.adresse": f"Storgata {n + 1}",
        "forretningsadresse.postnummer": "0150",
        "forretningsadresse.poststed": "OSLO",
        "forretningsadresse.landkode": "NO",
    }


def _person(n: int, number: str) -> Row:
    return {
        "personidentifikator": number,
        "fornavn": _GIVEN[n % len(_GIVEN)],
        "etternavn": f"{_FAMILY[n % len(_FAMILY)]}{_FAMILY[n // 9 % len(_FAMILY)].lower()}",
    }


def main(folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sections().items():
        header = list(dict.fromkeys(member for row in rows for member in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    sys.stdout.write(f"{ORGANIZATIONS} organisations in {folder}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: two_hundred_organisations.py FOLDER")
    main(Path(sys.argv[1]))
