"""What Alembic runs: the migrations, in the transaction that ``insole.store.migrate`` holds."""

from alembic import context

from insole.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
