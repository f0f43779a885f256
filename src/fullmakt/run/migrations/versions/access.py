"""The world, its events, and who may do what for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "access"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "entities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("orgno", sa.String(length=9)),
        sa.Column("personno", sa.String(length=11)),
        sa.Column("party_id", sa.Integer()),
        sa.Column("user_id", sa.Integer()),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("name_folded", sa.String(length=400), nullable=False),
        sa.Column("name_searched", sa.String(length=800), nullable=False),
        sa.Column("service_owner_code", sa.String(length=32)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("bankrupt_at", sa.DateTime(timezone=True)),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["entities.id"], name="fk_entities_owner_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["entities.id"], name="fk_entities_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entities"),
        sa.UniqueConstraint("orgno", name="uq_entities_orgno"),
        sa.UniqueConstraint("party_id", name="uq_entities_party_id"),
        sa.UniqueConstraint("personno", name="uq_entities_personno"),
        sa.UniqueConstraint("user_id", name="uq_entities_user_id"),
        sa.UniqueConstraint("uuid", name="uq_entities_uuid"),
    )
    op.create_index("ix_entities_name_folded", "entities", ["name_folded"], unique=False)
    op.create_index("ix_entities_owner_id", "entities", ["owner_id"], unique=False)
    op.create_index("ix_entities_parent_id", "entities", ["parent_id"], unique=False)
    op.create_index(
        "ix_entities_service_owner_code", "entities", ["service_owner_code"], unique=False
    )
    if op.get_context().dialect.name == "sqlite":
        _index_names()
    else:
        op.create_index(
            "ix_entities_searched",
            "entities",
            ["id"],
            unique=False,
            postgresql_include=["name_searched", "orgno"],
            postgresql_where=sa.text("kind = 'organization'"),
        )
    op.create_table(
        "events",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("correlation", sa.String(length=64), nullable=False),
        sa.Column("touches", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("revision", "n", name="pk_events"),
    )
    op.create_table(
        "resources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
    )
    op.create_index(
        "ux_resources_open",
        "resources",
        ["identifier"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "resource_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=9), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name="fk_resource_versions_resource_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_resource_versions"),
        sa.UniqueConstraint(
            "resource_id", "version_id", name="uq_resource_versions_resource_id_version_id"
        ),
    )
    op.create_index(
        "ux_resource_versions_open",
        "resource_versions",
        ["resource_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "policy_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("urn", sa.Text(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy_subjects"),
        sa.UniqueConstraint("identifier", "urn", name="uq_policy_subjects_identifier_urn"),
    )
    op.create_index("ix_policy_subjects_urn", "policy_subjects", ["urn"], unique=False)
    op.create_index(
        "ix_policy_subjects_revision",
        "policy_subjects",
        ["revision", "identifier", "urn"],
        unique=False,
    )
    op.create_table(
        "resource_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resource_changes"),
    )
    op.create_table(
        "world",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("incarnation", sa.String(length=36), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("catalog_version", sa.String(length=64), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_world_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_world"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["from_id"], ["entities.id"], name="fk_assignments_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["entities.id"], name="fk_assignments_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_to", "assignments", ["to_id", "role", "from_id"], unique=False)
    op.create_index(
        "ix_assignments_givers",
        "assignments",
        ["to_id", "from_id"],
        unique=False,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_index(
        "ux_assignments_open",
        "assignments",
        ["from_id", "to_id", "role"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name="fk_policies_resource_id"),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
        sa.UniqueConstraint("resource_id", "version", name="uq_policies_resource_id_version"),
    )
    op.create_index(
        "ux_policies_open",
        "policies",
        ["resource_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("package", sa.String(length=128)),
        sa.Column("resource", sa.String(length=255)),
        sa.Column("action", sa.String(length=128)),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name="fk_grants_assignment_id"
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["entities.id"], name="fk_grants_given_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index("ix_grants_assignment", "grants", ["assignment_id"], unique=False)
    op.create_index(
        "ux_grants_open_package",
        "grants",
        ["assignment_id", "package"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL AND package IS NOT NULL"),
        postgresql_where=sa.text("ended_rev IS NULL AND package IS NOT NULL"),
    )
    op.create_index(
        "ux_grants_open_right",
        "grants",
        ["assignment_id", "resource", "action"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL AND resource IS NOT NULL"),
        postgresql_where=sa.text("ended_rev IS NULL AND resource IS NOT NULL"),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("package", sa.String(length=128)),
        sa.Column("resource", sa.String(length=255)),
        sa.Column("action", sa.String(length=128)),
        sa.Column("basis_assignment_id", sa.Integer(), nullable=False),
        sa.Column("basis_grant_id", sa.Integer()),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["agent_id"], ["entities.id"], name="fk_links_agent_id"),
        sa.ForeignKeyConstraint(
            ["basis_assignment_id"], ["assignments.id"], name="fk_links_basis_assignment_id"
        ),
        sa.ForeignKeyConstraint(["basis_grant_id"], ["grants.id"], name="fk_links_basis_grant_id"),
        sa.ForeignKeyConstraint(["client_id"], ["entities.id"], name="fk_links_client_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
    )
    op.create_index("ix_links_basis", "links", ["basis_assignment_id"], unique=False)
    op.create_index("ix_links_agent", "links", ["agent_id", "client_id"], unique=False)
    op.create_index("ix_links_client", "links", ["client_id", "agent_id"], unique=False)
    op.create_index(
        "ux_links_open_package",
        "links",
        ["agent_id", "client_id", "package", "basis_assignment_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL AND package IS NOT NULL"),
        postgresql_where=sa.text("ended_rev IS NULL AND package IS NOT NULL"),
    )
    op.create_index(
        "ux_links_open_right",
        "links",
        ["agent_id", "client_id", "resource", "action", "basis_assignment_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL AND resource IS NOT NULL"),
        postgresql_where=sa.text("ended_rev IS NULL AND resource IS NOT NULL"),
    )
    op.create_table(
        "access_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_code", sa.String(length=32), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_access_lists"),
    )
    op.create_index(
        "ux_access_lists_open",
        "access_lists",
        ["owner_code", "identifier"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "access_list_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["list_id"], ["access_lists.id"], name="fk_access_list_members_list_id"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["entities.id"], name="fk_access_list_members_member_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_list_members"),
    )
    op.create_index(
        "ux_access_list_members_open",
        "access_list_members",
        ["member_id", "list_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_index(
        "ix_access_list_members_list", "access_list_members", ["list_id", "id"], unique=False
    )
    op.create_table(
        "access_list_connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("action_filters", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["list_id"], ["access_lists.id"], name="fk_access_list_connections_list_id"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resources.id"], name="fk_access_list_connections_resource_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_access_list_connections"),
    )
    op.create_index(
        "ux_access_list_connections_open",
        "access_list_connections",
        ["resource_id", "list_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_index(
        "ix_access_list_connections_list",
        "access_list_connections",
        ["list_id", "id"],
        unique=False,
    )


def _index_names() -> None:
    for statement in (
        """\
CREATE VIRTUAL TABLE entities_search USING fts5(
    name_searched, orgno, content='entities', content_rowid='id', tokenize='trigram'
)""",
        """\
CREATE TRIGGER entities_search_added AFTER INSERT ON entities
WHEN new.kind = 'organization' BEGIN
    INSERT INTO entities_search(rowid, name_searched, orgno)
    VALUES (new.id, new.name_searched, new.orgno);
END""",
        """\
CREATE TRIGGER entities_search_renamed AFTER UPDATE OF name_searched ON entities
WHEN new.kind = 'organization' BEGIN
    INSERT INTO entities_search(entities_search, rowid, name_searched, orgno)
    VALUES ('delete', old.id, old.name_searched, old.orgno);
    INSERT INTO entities_search(rowid, name_searched, orgno)
    VALUES (new.id, new.name_searched, new.orgno);
END""",
        """\
CREATE TRIGGER entities_search_removed AFTER DELETE ON entities
WHEN old.kind = 'organization' BEGIN
    INSERT INTO entities_search(entities_search, rowid, name_searched, orgno)
    VALUES ('delete', old.id, old.name_searched, old.orgno);
END""",
    ):
        op.execute(sa.text(statement))
