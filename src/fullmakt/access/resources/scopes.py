"""The Maskinporten scopes of the resource registry."""

from __future__ import annotations

_REGISTRY = "altinn:resourceregistry"
WRITE_SCOPE = f"{_REGISTRY}/resource.write"
ADMIN_SCOPE = f"{_REGISTRY}/resource.admin"
"""Every owner's resources and lists."""
LIST_READ_SCOPE = f"{_REGISTRY}/accesslist.read"
LIST_WRITE_SCOPE = f"{_REGISTRY}/accesslist.write"
DECISION_SCOPE = f"{_REGISTRY}/pdp:accesslist.read"
"""For decision points that look a party up on the lists."""
