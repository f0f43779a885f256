"""A world that is served strictly decides as Altinn does, and says nothing about it on the wire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.foundation.terms import urns
from tests.cases.decisions.town import action_named, attribute, request
from tests.servers import serving

OWNER, RESOURCE = "212000019", "ske-elsewhere"
WORLD = Path(__file__).parents[2] / "src/fullmakt/run/testworld/default_world.json"
TARGET = """<xacml:Target><xacml:AnyOf><xacml:AllOf>
<xacml:Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">
<xacml:AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">never</xacml:AttributeValue>
<xacml:AttributeDesignator AttributeId="urn:test:state" MustBePresent="false"
 Category="urn:oasis:names:tc:xacml:3.0:attribute-category:environment"
 DataType="http://www.w3.org/2001/XMLSchema#string"/></xacml:Match>
</xacml:AllOf></xacml:AnyOf></xacml:Target>"""


def a_world(folder: Path) -> Path:
    """The default world, with a service whose policy never holds by its own target."""
    rule = PlainRule(actions=["read"], organizations=[OWNER])
    policy = write_policy(RESOURCE, [rule]).decode().replace("<xacml:Target/>", TARGET, 1)
    world: dict[str, Any] = json.loads(WORLD.read_text(encoding="utf-8"))
    title = {"nb": "Annetsteds", "nn": "Annanstads", "en": "Elsewhere"}
    world["resources"].append(
        {
            "identifier": RESOURCE,
            "resourceType": "GenericAccessResource",
            "owner": OWNER,
            "title": title,
            "description": title,
            "rightDescription": title,
            "policy": policy,
        }
    )
    path = folder / "world.json"
    path.write_text(json.dumps(world), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "options, decision", [((), "NotApplicable"), (("--strict-altinn",), "Permit")]
)
def test_the_policys_target_counts_unless_the_world_is_strict(
    options: tuple[str, ...], decision: str, tmp_path: Path
) -> None:
    number = attribute(urns.ORGANIZATION_NUMBER, OWNER)
    about = [attribute(urns.RESOURCE, RESOURCE), number]
    question = request([number], [action_named("read")], about)

    with serving(tmp_path, "--memory", "--world", str(a_world(tmp_path)), *options) as server:
        answer = httpx.post(f"{server.url}/authorization/api/v1/decision", json=question)

    (result,) = answer.json()["response"]
    assert result["decision"] == decision
    assert sorted(result) == sorted(
        ["decision", "status", "obligations", "associateAdvice", "category", "policyIdentifierList"]
    )
