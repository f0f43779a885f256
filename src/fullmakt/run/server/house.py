"""The house: everything that routes and hot endpoints are handed, made once and by name.

Two houses can stand in one process; nothing here is global. Which paths lead where is `front.py`
and `assembly.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.direct import DirectAuthorize
from fullmakt.access.decisions.endpoint import authorize_endpoint, platform_endpoint
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.parties.register_door import PLATFORM_ISSUER
from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.credentials.clients.service import ClientDirectory
from fullmakt.credentials.keys.model import KeyUse
from fullmakt.credentials.keys.service import open_signing_keys
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.direct import DirectEndpoint
from fullmakt.foundation.http.plain import Receive, Scope, Send
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.group_commit import Durability
from fullmakt.identity.exchange.service import Exchange
from fullmakt.identity.maskinporten.endpoint import TokenEndpoint
from fullmakt.identity.maskinporten.model import Issuers
from fullmakt.identity.maskinporten.replay import ReplayGuard
from fullmakt.identity.maskinporten.service import TokenServer
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.hosts import Hosts
from fullmakt.run.server.schema import open_schema, telling_what_is_wrong
from fullmakt.services.apps.definition import AppDirectory
from fullmakt.services.apps.instance_reader import InstanceReader
from fullmakt.services.apps.permission import AskDecision
from fullmakt.services.notices.delivery import NoticeDelivery
from fullmakt.services.notices.endpoints import EndpointRule
from fullmakt.services.notices.service import FEED
from fullmakt.services.tax.submission import VAT_APP
from fullmakt.systems.system_users.service import SystemUserDirectory

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.credentials.keys.service import SigningKeys
    from fullmakt.foundation.terms.clock import Clock


class HotOperation(NamedTuple):
    """What an operation in front of the toolkit is called, what it does, and which it is."""

    name: str
    summary: str
    source: str


_TOKEN, _AUTHORIZE = "/maskinporten/token", "/authorization/api/v1/authorize"
_DECISION = "/authorization/api/v1/decision"
HOT_OPERATIONS = {
    _TOKEN: HotOperation(
        "maskinporten_issueToken",
        "An access token for a signed grant.",
        "fullmakt.identity.maskinporten.endpoint.issue_token",
    ),
    _AUTHORIZE: HotOperation(
        "decisions_authorize",
        "May somebody do something? For services.",
        "fullmakt.access.decisions.endpoint.authorize",
    ),
    _DECISION: HotOperation(
        "decisions_decide",
        "May somebody do something? For the platform.",
        "fullmakt.access.decisions.endpoint.decide",
    ),
}
"""What is answered without the web toolkit, all by POST: each path and its operation."""

HotEndpoint: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """What one house is made from. `base` has no trailing slash.

    `is_durable` False is for worlds in memory: nothing outlives the process anyway.
    `is_decision_open` lets everybody ask where in the original its own platform asks.
    `is_platform_trusted` admits components of the platform by tokens signed with the house's key.
    `hosts` are the names that the house goes by besides its base.
    """

    database_url: str
    base: str
    profile: str
    is_durable: bool = True
    semantics: Semantics = STANDARD
    is_decision_open: bool = False
    endpoint_rule: EndpointRule = EndpointRule.PUBLIC
    is_platform_trusted: bool = False
    hosts: Hosts | None = None

    @property
    def durability(self) -> Durability:
        """What a used grant's mark outlives."""
        return Durability.PROCESS if self.is_durable else Durability.NOTHING


@dataclass(frozen=True, slots=True)
class House:
    """One running house."""

    addresses: Addresses
    hosts: Hosts | None
    profile: str
    """Which program the house stands in: `test`, or one that is none."""
    database: Database
    catalog: Catalog
    clock: Clock
    """Domain time."""
    machine_clock: Clock
    signing_keys: SigningKeys
    bearer: BearerCheck
    client_directory: ClientDirectory
    policies: PolicyShelf
    decisions: DecisionPoint
    system_user_directory: SystemUserDirectory
    exchange: Exchange
    apps: AppDirectory
    ask_decision: AskDecision
    replay: ReplayGuard
    notice_delivery: NoticeDelivery
    hot_endpoints: Mapping[str, HotEndpoint]
    """By path: those that are answered without the web toolkit."""
    direct_endpoints: Mapping[str, DirectEndpoint]
    """By path: those of them that can be answered at once, with all that came together."""

    def close(self) -> None:
        """Write what waits and close every connection."""
        self.leave()
        self.database.close()

    def leave(self) -> None:
        """Write what waits, and leave the database open for the house that comes after."""
        self.notice_delivery.stop()
        self.replay.close()


def open_database(settings: HouseSettings, *, clock: Clock) -> Database:
    """The database, with its schema up to date. Raises: UnusableDatabaseError."""
    url = settings.database_url
    with telling_what_is_wrong(url):
        database = Database(url, clock=clock, ledger=EventLedger(), is_durable=settings.is_durable)
        open_schema(database, profile=settings.profile, catalog_version=load_catalog().version)
    return database


def make_signing_key(_use: KeyUse) -> PrivateKey:
    """A new signing key."""
    return PrivateKey.generate()


def open_house(
    settings: HouseSettings,
    database: Database,
    *,
    clock: Clock,
    ask_decision: AskDecision,
    make_key: Callable[[KeyUse], PrivateKey] = make_signing_key,
    keys_at_hand: Collection[PrivateKey] = (),
) -> House:
    """A house over an open database. Raises: ForeignProfileError."""
    catalog, machine_clock = load_catalog(), MachineClock()
    hosts = settings.hosts
    addresses = Addresses(settings.base, None if hosts is None else hosts.names)
    keys = open_signing_keys(
        database, profile=settings.profile, make=make_key, at_hand=keys_at_hand
    )
    issuers = {
        **dict.fromkeys(addresses.maskinporten_issuers, keys.source(KeyUse.MASKINPORTEN)),
        **dict.fromkeys(addresses.altinn_issuers, keys.source(KeyUse.ALTINN)),
    }
    if settings.is_platform_trusted:
        issuers[PLATFORM_ISSUER] = keys.source(KeyUse.ALTINN)
    bearer = BearerCheck(issuers, audiences=addresses.audiences, clock=machine_clock)
    policies = PolicyShelf(database, settings.semantics)
    decisions = DecisionPoint(
        database,
        catalog,
        policies,
        clock=clock,
        semantics=settings.semantics,
        instances=InstanceReader(database, clock=clock),
    )
    clients, system_users = ClientDirectory(database), SystemUserDirectory(database)
    replay = ReplayGuard(database, machine_clock=machine_clock, durability=settings.durability)
    notices = NoticeDelivery(
        database,
        clock=machine_clock,
        source=f"{addresses.platform}{FEED}",
        rule=settings.endpoint_rule,
    )
    notices.start()
    token_server = TokenServer(
        clients=clients,
        system_users=system_users,
        replay=replay,
        signing_keys=keys,
        machine_clock=machine_clock,
        issuers=_token_issuers(addresses),
        is_inline=database.is_inline,
    )
    return House(
        addresses=addresses,
        hosts=hosts,
        profile=settings.profile,
        database=database,
        catalog=catalog,
        clock=clock,
        machine_clock=machine_clock,
        signing_keys=keys,
        bearer=bearer,
        client_directory=clients,
        policies=policies,
        decisions=decisions,
        system_user_directory=system_users,
        exchange=Exchange(
            database=database,
            bearer=bearer,
            signing_keys=keys,
            machine_clock=machine_clock,
            trusted_issuers=addresses.maskinporten_issuers,
        ),
        apps=AppDirectory([VAT_APP]),
        ask_decision=ask_decision,
        replay=replay,
        notice_delivery=notices,
        hot_endpoints={
            _TOKEN: TokenEndpoint(token_server),
            _AUTHORIZE: authorize_endpoint(decisions, bearer),
            _DECISION: platform_endpoint(decisions, bearer, is_open=settings.is_decision_open),
        },
        # Where a decision waits for the network, others go on meanwhile.
        direct_endpoints=(
            {_AUTHORIZE: DirectAuthorize(decisions, bearer)} if database.is_inline else {}
        ),
    )


def _token_issuers(addresses: Addresses) -> Issuers:
    """The token server's names: that of its own host, and one for every other."""
    by_host = {
        each.names.maskinporten: each.maskinporten_issuer
        for each in addresses.written_ways
        if each.is_named and each.names is not None
    }
    return Issuers(addresses.maskinporten_issuer, by_host)
