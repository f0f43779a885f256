"""Signing keys, Maskinporten clients, scopes, and the marks of used grants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "credentials"
down_revision = "access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "clients",
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("token_lifetime_s", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_clients"),
    )
    op.create_index("ix_clients_organization", "clients", ["organization"], unique=False)
    op.create_table(
        "credential_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_credential_version_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_credential_version"),
    )
    op.create_table(
        "replay",
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client", "mark", name="pk_replay"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_replay_until", "replay", ["until"], unique=False)
    op.create_table(
        "scopes",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("owner", sa.String(length=9), nullable=False),
        sa.Column("accessible_for_all", sa.Boolean(), nullable=False),
        sa.Column("integration_types", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_scopes"),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("private_pem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
        sa.UniqueConstraint("kid", name="uq_signing_keys_kid"),
    )
    op.create_index(
        "ux_signing_keys_signing",
        "signing_keys",
        ["use"],
        unique=True,
        sqlite_where=sa.text("state = 'signing'"),
        postgresql_where=sa.text("state = 'signing'"),
    )
    op.create_table(
        "client_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("kid", sa.String(length=128), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.client_id"], name="fk_client_keys_client_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_client_keys"),
    )
    op.create_index(
        "ux_client_keys_open",
        "client_keys",
        ["client_id", "kid"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "client_scopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=255), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["client_id"], ["clients.client_id"], name="fk_client_scopes_client_id"
        ),
        sa.ForeignKeyConstraint(["scope"], ["scopes.name"], name="fk_client_scopes_scope"),
        sa.PrimaryKeyConstraint("id", name="pk_client_scopes"),
    )
    op.create_index(
        "ux_client_scopes_open",
        "client_scopes",
        ["client_id", "scope"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
    op.create_table(
        "scope_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=255), nullable=False),
        sa.Column("organization", sa.String(length=9), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("began_rev", sa.Integer(), nullable=False),
        sa.Column("ended_rev", sa.Integer()),
        sa.ForeignKeyConstraint(["scope"], ["scopes.name"], name="fk_scope_access_scope"),
        sa.PrimaryKeyConstraint("id", name="pk_scope_access"),
    )
    op.create_index(
        "ux_scope_access_open",
        "scope_access",
        ["scope", "organization"],
        unique=True,
        sqlite_where=sa.text("ended_rev IS NULL"),
        postgresql_where=sa.text("ended_rev IS NULL"),
    )
