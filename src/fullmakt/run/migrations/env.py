"""What alembic runs to migrate: on the connection it is handed, against every room's tables."""

from __future__ import annotations

from alembic import context

from fullmakt.run.tables import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema,
    # SQLite cannot change a column in place: alembic then copies the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
