"""Registered systems, system users, requests; app instances and VAT returns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "systems"
down_revision = "credentials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "notice_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("is_vendor", sa.Boolean(), nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.String(length=400)),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_notice_subscriptions"),
        sa.UniqueConstraint("uuid", name="uq_notice_subscriptions_uuid"),
    )
    op.create_index(
        "ix_notice_subscriptions_organization",
        "notice_subscriptions",
        ["organization"],
        unique=False,
    )
    op.create_table(
        "dead_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["notice_subscriptions.id"],
            name="fk_dead_notices_subscription_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dead_notices"),
    )
    op.create_index(
        "ux_dead_notices", "dead_notices", ["subscription_id", "revision", "n"], unique=True
    )
    op.create_table(
        "app_instances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(length=36), nullable=False),
        sa.Column("app", sa.String(length=200), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feedback_at", sa.DateTime(timezone=True)),
        sa.Column("feedback_label", sa.String(length=100)),
        sa.Column("feedback_description", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_app_instances"),
        sa.UniqueConstraint("guid", name="uq_app_instances_guid"),
    )
    op.create_index("ix_app_instances_party_id", "app_instances", ["party_id"], unique=False)
    op.create_table(
        "systems",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("internal_id", sa.String(length=36), nullable=False),
        sa.Column("system_id", sa.String(length=255), nullable=False),
        sa.Column("vendor", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("packages", sa.Text(), nullable=False),
        sa.Column("redirect_urls", sa.Text(), nullable=False),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_systems"),
        sa.UniqueConstraint("internal_id", name="uq_systems_internal_id"),
        sa.UniqueConstraint("system_id", name="uq_systems_system_id"),
    )
    op.create_index("ix_systems_vendor", "systems", ["vendor"], unique=False)
    op.create_table(
        "vat_filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("period_kind", sa.String(length=16), nullable=False),
        sa.Column("period_number", sa.Integer(), nullable=False),
        sa.Column("period_year", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=60), nullable=False),
        sa.Column("total", sa.String(length=40), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vat_filings"),
    )
    op.create_index(
        "ix_vat_filings_of", "vat_filings", ["organization", "period_year"], unique=False
    )
    op.create_table(
        "vat_obligations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("period_kind", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("filed_until", sa.Date()),
        sa.Column("filed_ahead", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_vat_obligations"),
    )
    op.create_index(
        "ix_vat_obligations_organization", "vat_obligations", ["organization"], unique=False
    )
    op.create_table(
        "vat_registrations",
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("reporting_unit", sa.String(length=9)),
        sa.Column("account_number", sa.String(length=11)),
        sa.PrimaryKeyConstraint("organization", name="pk_vat_registrations"),
    )
    op.create_table(
        "app_elements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("data_type", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200)),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["app_instances.id"], name="fk_app_elements_instance_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_app_elements"),
        sa.UniqueConstraint("guid", name="uq_app_elements_guid"),
    )
    op.create_index("ix_app_elements_instance_id", "app_elements", ["instance_id"], unique=False)
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=9), nullable=False),
        sa.Column("external_ref", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("packages", sa.Text(), nullable=False),
        sa.Column("redirect_url", sa.Text()),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_escalated", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=36)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["system_id"], ["systems.id"], name="fk_requests_system_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("uuid", name="uq_requests_uuid"),
    )
    op.create_index("ix_requests_system", "requests", ["system_id", "kind", "uuid"], unique=False)
    op.create_index(
        "ux_requests_open",
        "requests",
        ["system_id", "party", "external_ref", "kind"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "change_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("system_user", sa.String(length=36), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=9), nullable=False),
        sa.Column("external_ref", sa.String(length=255), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("redirect_url", sa.Text()),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=36)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["system_id"], ["systems.id"], name="fk_change_requests_system_id"),
        sa.PrimaryKeyConstraint("id", name="pk_change_requests"),
        sa.UniqueConstraint("uuid", name="uq_change_requests_uuid"),
    )
    op.create_index(
        "ix_change_requests_system", "change_requests", ["system_id", "uuid"], unique=False
    )
    op.create_table(
        "system_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.Text()),
        sa.Column("changed_by", sa.String(length=9), nullable=False),
        sa.Column("client_id", sa.String(length=255)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["systems.id"], name="fk_system_changes_system_id"),
        sa.PrimaryKeyConstraint("id", name="pk_system_changes"),
    )
    op.create_index("ix_system_changes_system_id", "system_changes", ["system_id"], unique=False)
    op.create_table(
        "system_clients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["system_id"], ["systems.id"], name="fk_system_clients_system_id"),
        sa.PrimaryKeyConstraint("id", name="pk_system_clients"),
    )
    op.create_index("ix_system_clients_system_id", "system_clients", ["system_id"], unique=False)
    op.create_index(
        "ux_system_clients_open",
        "system_clients",
        ["client_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "system_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("external_ref", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("packages", sa.Text(), nullable=False),
        sa.Column("resources", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence_no", sa.Integer(), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name="fk_system_users_entity_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["entities.id"], name="fk_system_users_owner_id"),
        sa.ForeignKeyConstraint(["system_id"], ["systems.id"], name="fk_system_users_system_id"),
        sa.PrimaryKeyConstraint("id", name="pk_system_users"),
        sa.UniqueConstraint("entity_id", name="uq_system_users_entity_id"),
        sa.UniqueConstraint("sequence_no", name="uq_system_users_sequence_no"),
        sa.UniqueConstraint("uuid", name="uq_system_users_uuid"),
    )
    op.create_index(
        "ix_system_users_system", "system_users", ["system_id", "sequence_no"], unique=False
    )
    op.create_index(
        "ux_system_users_open",
        "system_users",
        ["owner_id", "external_ref", "system_id"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
