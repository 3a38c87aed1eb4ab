"""Alembic's environment: runs the migrations on the connection that `store.version` hands over.

Alembic executes this file; nobody imports it. The transaction is the caller's, so that
a migration is done whole or not at all, on SQLite too.
"""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
