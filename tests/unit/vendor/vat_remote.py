"""The tax administration's app on the other side of the network, in one world with one return."""

from __future__ import annotations

import httpx

from fullmakt.vendor import (
    OrganizationNumber,
    PeriodLength,
    VatLine,
    VatPeriod,
    VatReturn,
)
from tests.unit.vendor.remote import Remote

APP = "/skd/mva-melding-innsending-v1"
INSTANCE_ID = "51000005/7b0c6d3e-1f57-4a8e-9a55-1f0d3c2b4a10"
INSTANCE = f"{APP}/instances/{INSTANCE_ID}"
ENVELOPE_ID = "11111111-1111-4111-8111-111111111111"
PAYMENT_ID = "22222222-2222-4222-8222-222222222222"
RESULT_ID = "33333333-3333-4333-8333-333333333333"
PDF_ID = "44444444-4444-4444-8444-444444444444"
ENVELOPE_TYPE = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0"
BAKERY = OrganizationNumber("312400014")
RETURN = VatReturn(
    organization=BAKERY,
    period=VatPeriod(2026, 4, PeriodLength.TWO_MONTHS),
    reference="bakeri-2026-t4",
    created_by="RETT REVISJON AS",
    lines=(
        VatLine(code="31", base=400000, rate="15", vat=60000),
        VatLine(code="3", base=10000, rate="25", vat=2500),
        VatLine(code="1", vat=-18000),
        VatLine(code="11", vat=-9000),
    ),
)
RESULT = """<?xml version="1.0" encoding="UTF-8"?>
<valideringsresultat xmlns="no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1">
  <avvikVedMeldingslevering>{outcome}</avvikVedMeldingslevering>{deviations}
</valideringsresultat>"""
DEVIATION = """
  <avvik>
    <stiTilAvvik>/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt</stiTilAvvik>
    <mvaKode>31</mvaKode>
    <avviksinformasjon>
      <begrunnelse>{reason}</begrunnelse>
      <avvikstype>{outcome}</avvikstype>
      <avvikKode>MVA_MELDINGSINNHOLD</avvikKode>
      <regelDefinisjon>{rule}</regelDefinisjon>
    </avviksinformasjon>
  </avvik>"""
PAYMENT = """<?xml version="1.0" encoding="UTF-8"?>
<betalingsinformasjon xmlns="no:skatteetaten:fastsetting:avgift:mva:betalingsinformasjon:v1.0">
  <innsendingsreferanse>51000005/7b0c6d3e-1f57-4a8e-9a55-1f0d3c2b4a10</innsendingsreferanse>
  <skattepliktig><organisasjonsnummer>312400014</organisasjonsnummer></skattepliktig>
  <kundeidentifikasjonsnummer>3124000142026041</kundeidentifikasjonsnummer>
  <beloep>35500</beloep>
  <betaleTil>Syntetisk skatteetat</betaleTil>
  <betalingsfrist>2026-10-12</betalingsfrist>
  <betalesTilKonto><norskKontonummer>12345678903</norskKontonummer></betalesTilKonto>
</betalingsinformasjon>"""


def result(outcome: str, *, rule: str = "", reason: str = "") -> str:
    deviations = DEVIATION.format(outcome=outcome, rule=rule, reason=reason) if rule else ""
    return RESULT.format(outcome=outcome, deviations=deviations)


def instance(*documents: tuple[str, str], task: str | None = "Utfylling") -> httpx.Response:
    is_ended = task is None
    return httpx.Response(
        201,
        json={
            "id": INSTANCE_ID,
            "appId": "skd/mva-melding-innsending-v1",
            "org": "skd",
            "instanceOwner": {"partyId": "51000005", "organisationNumber": "312400014"},
            "selfLinks": {"apps": f"https://elsewhere.example{INSTANCE}"},
            "process": (
                {"currentTask": None, "ended": "2026-09-01T10:00:00Z", "endEvent": "EndEvent_1"}
                if is_ended
                else {"currentTask": {"name": task}, "ended": None}
            ),
            "status": {
                "isArchived": is_ended,
                **({"substatus": {"label": "Mottatt"}} if is_ended else {}),
            },
            "data": [
                {
                    "id": identifier,
                    "dataType": data_type,
                    "contentType": "application/xml",
                    "selfLinks": {"apps": f"https://elsewhere.example/{identifier}"},
                }
                for data_type, identifier in ((ENVELOPE_TYPE, ENVELOPE_ID), *documents)
            ],
        },
    )


def element(data_type: str) -> httpx.Response:
    members = {"id": "55555555-5555-4555-8555-555555555555", "dataType": data_type}
    return httpx.Response(201, json=members)


def prepare(remote: Remote, *, steps: tuple[httpx.Response, ...] = ()) -> None:
    """Everything that filing the return takes; `steps` are other answers to process/next."""
    documents = (
        ("betalingsinformasjon", PAYMENT_ID),
        ("valideringsresultat", RESULT_ID),
        ("kvittering", PDF_ID),
    )
    moved_on = httpx.Response(200, json={"currentTask": {"name": "Bekreftelse"}})
    no_deviation = result("ingen avvik")
    remote.on("POST", f"{APP}/instances", instance())
    remote.on("GET", INSTANCE, instance(("valideringsresultat", RESULT_ID)))
    remote.on("PUT", f"{INSTANCE}/data/{ENVELOPE_ID}", httpx.Response(200, json={}))
    remote.on("POST", f"{INSTANCE}/data", element("mvamelding"))
    remote.on("PUT", f"{INSTANCE}/process/next", *(steps or (moved_on,)))
    remote.on("GET", f"{INSTANCE}/feedback", instance(*documents, task=None))
    remote.on("GET", f"{INSTANCE}/data/{PAYMENT_ID}", httpx.Response(200, text=PAYMENT))
    remote.on("GET", f"{INSTANCE}/data/{RESULT_ID}", httpx.Response(200, text=no_deviation))
    remote.on("GET", f"{INSTANCE}/data/{PDF_ID}", httpx.Response(200, content=b"%PDF-1.7"))
