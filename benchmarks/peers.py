"""One decision beside other engines', on the same question and the same loaded facts.

May this system user write in this service for this client? It may when it is linked to the client
with a package that the service opens for, and the link's assignment stands. Questions are made
ready beforehand in each engine's own form. Every engine's answers are held to the facts.

Not equal work: Fullmakt asks its database for the newest revision at each decision, applies a whole
XACML policy and knows deleted units, levels and lists. The others answer from what was loaded.
casbin and Cedar are given links that have been joined with their assignments beforehand; regorus
joins them itself. `make bench` installs the peers.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import casbin
import cedarpy
import regorus

from benchmarks.decide import check, quantile, question_about, skewed, times, told
from benchmarks.targets import Target, note
from benchmarks.worlds import PACKAGE, RESOURCES, built, open_database
from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.questions import read_question
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.run.server.clocks import MachineClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.worlds import Relation
    from fullmakt.foundation.storage.database import Database

_SIZES = (1_000, 100_000)
_QUESTIONS = 500
_ROUNDS = 5
_RULE = "data.access.allow"
_REGO = """
package access
import rego.v1
default allow := false
allow if {
  some link in data.links[input.subject][input.party]
  data.standing[link.basis]
  link.package in data.opens[input.resource][input.action]
}
"""
_CASBIN = """
[request_definition]
r = resource, action, subject, party
[policy_definition]
p = resource, action, package
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.subject, p.package, r.party) && r.resource == p.resource && r.action == p.action
"""
_CEDAR = f"""
permit(principal, action == Action::"write", resource) when {{
  context.service.opens.contains("{PACKAGE}") && resource.agents.contains(principal)
}};
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine: how a question is put to it, and how it is answered."""

    name: str
    put: Callable[[Relation, str], Any]
    answer: Callable[[Any], object]
    about: str


def main() -> None:
    """Print the figures of every size."""
    for size in _SIZES:
        world = built(size)
        database = open_database(world.url)
        chosen = skewed(world.clients, _QUESTIONS, seed=4)
        linked = [relation for relation in world.clients if relation.is_linked]
        print(f"{size:>10,} relations, {len(set(chosen))} distinct clients, {_ROUNDS} rounds")
        _measure([_ours(database), *_regorus(linked), _casbin(linked), _cedar(linked)], chosen)
        database.close()


def _measure(peers: Sequence[Peer], chosen: Sequence[Relation]) -> None:
    asked = {
        peer.name: [
            peer.put(relation, RESOURCES[n % len(RESOURCES)]) for n, relation in enumerate(chosen)
        ]
        for peer in peers
    }
    for peer in peers:
        for relation, question in zip(chosen, asked[peer.name], strict=True):
            check(peer.answer(question), relation)
    taken: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(_ROUNDS):
        for peer in peers:
            taken[peer.name] += times(peer.answer, asked[peer.name])
    middle = {name: quantile(each, 0.5) for name, each in taken.items()}
    for peer in peers:
        share = middle[peer.name] / middle[peers[0].name]
        print(told(peer.name, taken[peer.name], f"{share:.1f} of ours; {peer.about}"))
    ours, compiled, *others = (middle[peer.name] for peer in peers)
    note(Target.PEERS, min(others) / ours)
    note(Target.COMPILED_PEER, compiled / ours)


def _ours(database: Database) -> Peer:
    decisions = DecisionPoint(database, load_catalog(), PolicyShelf(database), clock=MachineClock())
    return Peer(
        "fullmakt",
        lambda relation, resource: read_question(question_about(relation, resource)),
        lambda question: decisions.answer(question).outcome is Outcome.PERMIT,
        "revision read each time",
    )


def _regorus(linked: Sequence[Relation]) -> list[Peer]:
    """Compiled to its virtual machine, and interpreted."""
    links: dict[str, dict[str, list[dict[str, str]]]] = {}
    for each in linked:
        link = {"package": PACKAGE, "basis": str(each.assignment)}
        links.setdefault(each.system_user, {})[each.client] = [link]
    data = {
        "links": links,
        "standing": {str(each.assignment): True for each in linked},
        "opens": {resource: {"write": [PACKAGE]} for resource in RESOURCES},
    }
    facts = json.dumps(data)
    engine = regorus.Engine()
    engine.add_policy("access.rego", _REGO)
    engine.add_data_json(facts)
    machine = regorus.Rvm()
    modules = [("access.rego", _REGO)]
    machine.load_program(regorus.Program.compile_from_modules("{}", modules, [_RULE]))
    machine.set_data_json(facts)

    def interpreted(question: str) -> object:
        engine.set_input_json(question)
        return engine.eval_rule(_RULE)

    def compiled(question: str) -> object:
        machine.set_input_json(question)
        return machine.execute() == "true"

    return [
        Peer("regorus, compiled", _rego_input, compiled, "its virtual machine"),
        Peer("regorus", _rego_input, interpreted, "its interpreter"),
    ]


def _rego_input(relation: Relation, resource: str) -> str:
    asked = {"subject": relation.system_user, "party": relation.client}
    return json.dumps({**asked, "resource": resource, "action": "write"})


def _casbin(linked: Sequence[Relation]) -> Peer:
    logging.getLogger("casbin").setLevel(logging.ERROR)
    lines = [f"p, {resource}, write, {PACKAGE}" for resource in RESOURCES]
    lines += [f"g, {each.system_user}, {PACKAGE}, {each.client}" for each in linked]
    index = [0, 1]  # policies are found by resource and action, not by looking through all
    model = casbin.FastModel(index)
    model.load_model_from_text(_CASBIN)
    adapter = casbin.StringAdapter("\n".join(lines))
    enforcer = casbin.FastEnforcer(model, adapter, cache_key_order=index)
    return Peer(
        "casbin",
        lambda relation, resource: (resource, "write", relation.system_user, relation.client),
        lambda question: enforcer.enforce(*question),
        "FastEnforcer; links joined beforehand",
    )


def _cedar(linked: Sequence[Relation]) -> Peer:
    policies = cedarpy.PolicySet.from_str(_CEDAR)
    entities: list[dict[str, object]] = [
        {
            "uid": {"type": "Client", "id": each.client},
            "attrs": {"agents": [{"__entity": {"type": "System", "id": each.system_user}}]},
            "parents": [],
        }
        for each in linked
    ]
    entities += [
        {"uid": {"type": "Service", "id": name}, "attrs": {"opens": [PACKAGE]}, "parents": []}
        for name in RESOURCES
    ]
    known = cedarpy.Entities.from_json_str(json.dumps(entities))

    def put(relation: Relation, resource: str) -> dict[str, object]:
        return {
            "principal": f'System::"{relation.system_user}"',
            "action": 'Action::"write"',
            "resource": f'Client::"{relation.client}"',
            "context": {"service": {"__entity": {"type": "Service", "id": resource}}},
        }

    return Peer(
        "cedarpy",
        put,
        lambda question: cedarpy.is_authorized(question, policies, known).allowed,
        "links joined beforehand",
    )


if __name__ == "__main__":
    main()
