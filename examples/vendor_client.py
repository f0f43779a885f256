r"""A vendor's round with system users, written from Altinn's and Maskinporten's documentation.

It registers a system, asks every client of an accountant for a system user, has one request
approved the way the portal does it, lists the requests page by page, asks for a change, has that
approved too, and fetches a token as the system user. It knows nothing of Fullmakt but that its test
world hands out people's tokens, as Altinn's test-token generator does.

    pip install httpx joserfc
    python3 examples/two_hundred_organisations.py clients
    fullmakt world load clients
    fullmakt client create --organization 312300109 --key-out vendor.pem \
        --scope altinn:authentication/systemregister.write \
        --scope altinn:authentication/systemuser.request.write \
        --scope altinn:authentication/systemuser.request.read
    python3 examples/vendor_client.py --client-id=ID --key-id=KID --key=vendor.pem clients
"""

from __future__ import annotations

import argparse
import base64
import csv
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

Json = dict[str, Any]

VENDOR = "312300109"
SYSTEM = f"{VENDOR}_rundtur"
REGISTER_WRITE = "altinn:authentication/systemregister.write"
REQUEST_WRITE = "altinn:authentication/systemuser.request.write"
REQUEST_READ = "altinn:authentication/systemuser.request.read"
TAX = "urn:altinn:accesspackage:skattegrunnlag"
VAT = "urn:altinn:accesspackage:merverdiavgift"
REGISTER = "/authentication/api/v1/systemregister/vendor"
REQUESTS = "/authentication/api/v1/systemuser/request/vendor"
CHANGES = "/authentication/api/v1/systemuser/changerequest/vendor"
USERS = "/authentication/api/v1/systemuser/vendor"
PORTAL = "/accessmanagement/api/v1/systemuser"


@dataclass(frozen=True, slots=True)
class Client:
    """A Maskinporten client: its id, its private key, and the id of that key."""

    id: str
    key: RSAKey
    key_id: str


def authority(number: str) -> Json:
    """An organisation as ISO 6523 has it."""
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}


def fetch_token(http: httpx.Client, client: Client, scope: str, *details: Json) -> Json:
    """Maskinporten's answer to a signed grant (RFC 7523)."""
    server = ok(http.get("/maskinporten/.well-known/oauth-authorization-server")).json()
    now = int(time.time())  # noqa: TID251  the issuer compares it with its own clock
    claims: Json = {
        "aud": server["issuer"],
        "iss": client.id,
        "scope": scope,
        "iat": now,
        "exp": now + 100,
        "jti": str(uuid4()),
    }
    if details:
        claims["authorization_details"] = list(details)
    assertion = jwt.encode({"alg": "RS256", "kid": client.key_id}, claims, client.key)
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    answer: Json = ok(http.post(server["token_endpoint"], data=grant)).json()
    return answer


def ok(answer: httpx.Response) -> httpx.Response:
    """The answer, if it is not a refusal."""
    if answer.is_error:
        asked = f"{answer.request.method} {answer.request.url.path}"
        why = answer.text or answer.headers.get("www-authenticate", "")
        sys.exit(f"{asked}: {answer.status_code} {why}")
    return answer


class Vendor:
    """The calls a vendor makes with its own tokens."""

    def __init__(self, http: httpx.Client, client: Client) -> None:
        scope = f"{REGISTER_WRITE} {REQUEST_WRITE} {REQUEST_READ}"
        token = fetch_token(http, client, scope)["access_token"]
        self._client_id = client.id
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"}

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401  httpx's own
        return ok(self._http.request(method, path, headers=self._headers, **more))

    def register_system(self) -> None:
        """Register the system, with the packages it may ask for."""
        text = {"nb": "Rundtur", "nn": "Rundtur", "en": "Round trip"}
        body = {
            "id": SYSTEM,
            "vendor": authority(VENDOR),
            "name": text,
            "description": text,
            "rights": [],
            "accessPackages": [{"urn": TAX}, {"urn": VAT}],
            "clientId": [self._client_id],
            "isVisible": True,
            "allowedRedirectUrls": ["https://vendor.example/receipt"],
        }
        self._send("POST", REGISTER, json=body)

    def ask(self, organization: str) -> Json:
        """Ask an organisation for a system user for its tax."""
        body = {
            "systemId": SYSTEM,
            "partyOrgNo": organization,
            "rights": [],
            "accessPackages": [{"urn": TAX}],
            "redirectUrl": "https://vendor.example/receipt",
        }
        request: Json = self._send("POST", REQUESTS, json=body).json()
        return request

    def read_request(self, request_id: str) -> Json:
        """How a request stands."""
        request: Json = self._send("GET", f"{REQUESTS}/{request_id}").json()
        return request

    def list_pages(self, path: str) -> Iterator[list[Json]]:
        """The pages of a list, by the token of each page's link to the next."""
        params: dict[str, str] = {}
        while True:
            page = self._send("GET", f"{path}/bysystem/{SYSTEM}", params=params).json()
            yield page["data"]
            link = page["links"].get("next")
            if not link:
                return
            params = {"token": parse_qs(urlsplit(link).query)["token"][0]}

    def ask_for_change(self, system_user: str) -> Json:
        """Ask that a system user gets VAT as well."""
        names = {"correlation-id": str(uuid4()), "system-user-id": system_user}
        body = {"requiredAccessPackages": [{"urn": VAT}]}
        change: Json = self._send("POST", CHANGES, params=names, json=body).json()
        return change

    def read_change(self, change_id: str) -> Json:
        """How a change request stands."""
        change: Json = self._send("GET", f"{CHANGES}/{change_id}").json()
        return change

    def find_system_user(self, organization: str) -> Json:
        """The system user of an organisation in this system."""
        names = {"system-id": SYSTEM, "orgno": organization}
        user: Json = self._send("GET", f"{USERS}/byquery", params=names).json()
        return user


class Browser:
    """A person who is logged in to the portal, and what the portal's pages call."""

    def __init__(self, http: httpx.Client, person: str) -> None:
        query = {"env": "tt02", "pid": person, "scopes": "altinn:portal/enduser"}
        generator = http.get("/api/GetPersonalToken", params=query, auth=("any", "thing"))
        cookies = f"AltinnStudioRuntime={ok(generator).text}; XSRF-TOKEN=against-forgery"
        self._headers = {"cookie": cookies, "x-xsrf-token": "against-forgery"}
        self._http = http

    def open(self, page: str, request_id: str) -> Json:
        """What the page of an approval shows."""
        shown: Json = ok(
            self._http.get(f"{PORTAL}/{page}/{request_id}", headers=self._headers)
        ).json()
        return shown

    def approve(self, page: str, request_id: str) -> bool:
        """Press the button."""
        party = self.open(page, request_id)["partyId"]
        path = f"{PORTAL}/{page}/{party}/{request_id}/approve"
        return ok(self._http.post(path, headers=self._headers)).json() is True


def read_rows(folder: Path, section: str) -> list[dict[str, str]]:
    """The rows of one of the world's files."""
    with (folder / f"{section}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def play(http: httpx.Client, client: Client, folder: Path) -> None:
    """The whole round. Ends the program with what was refused, if anything is."""
    roles = read_rows(folder, "roles")
    managers = {row["enhet"]: row["person"] for row in roles if row["rolle"] == "DAGL"}
    clients = [row["enhet"] for row in roles if row["rolle"] == "REGN"]
    vendor = Vendor(http, client)

    vendor.register_system()
    tell(f"registered {SYSTEM}")

    requests = {number: vendor.ask(number) for number in clients}
    tell(f"asked {len(requests)} organisations")

    chosen = clients[-1]
    browser = Browser(http, managers[chosen])
    approved = requests[chosen]
    browser.approve("request", approved["id"])
    tell(f"{chosen} answered: {vendor.read_request(approved['id'])['status']}")

    pages = list(vendor.list_pages(REQUESTS))
    listed = [request["id"] for page in pages for request in page]
    if sorted(listed) != sorted(request["id"] for request in requests.values()):
        sys.exit("the pages do not have every request once")
    tell(f"listed {len(listed)} requests on {len(pages)} pages")

    user = vendor.find_system_user(chosen)
    change = vendor.ask_for_change(user["id"])
    browser.approve("changerequest", change["id"])
    tell(f"{chosen} answered the change: {vendor.read_change(change['id'])['status']}")
    shown = browser.open(str(approved_party(browser, approved["id"])), user["id"])
    packages = sorted(package["urn"].rpartition(":")[2] for package in shown["accessPackages"])
    tell(f"the system user has {', '.join(packages)}")

    details = {"type": "urn:altinn:systemuser", "systemuser_org": authority(chosen)}
    token = fetch_token(http, client, REQUEST_READ, details)["access_token"]
    exchange = "/authentication/api/v1/exchange/maskinporten"
    exchanged = ok(http.get(exchange, headers={"authorization": f"Bearer {token}"})).text
    for held in (token, exchanged):
        if user["id"] not in json.dumps(unverified_claims(held)["authorization_details"]):
            sys.exit("the token is not the system user's")
    tell(f"fetched a token of the system user of {chosen}, and exchanged it")


def approved_party(browser: Browser, request_id: str) -> int:
    """The party id of the organisation that a request is for."""
    party: int = browser.open("request", request_id)["partyId"]
    return party


def unverified_claims(token: str) -> Json:
    """What a token says; whoever receives it checks it."""
    payload = token.split(".")[1]
    claims: Json = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def tell(line: str) -> None:
    """One line of what happened."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Read the command line, and play."""
    parser = argparse.ArgumentParser(description="A vendor's whole round with system users.")
    parser.add_argument("folder", type=Path, help="the world's CSV files")
    parser.add_argument("--base-url", default="http://127.0.0.1:8080")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--key-id", required=True)
    parser.add_argument("--key", type=Path, required=True, help="the client's private key, PEM")
    given = parser.parse_args()
    client = Client(given.client_id, RSAKey.import_key(given.key.read_text()), given.key_id)
    with httpx.Client(base_url=given.base_url, timeout=30) as http:
        play(http, client, given.folder)


if __name__ == "__main__":
    main()
