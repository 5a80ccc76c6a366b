from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from insole.store import Store
from tests.store.samples import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGRES = "INSOLE_TEST_POSTGRES"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    with Store.open(tmp_path, now=clock) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty database of each kind that there is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'insole.db'}"
        return
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"needs a PostgreSQL server's URL in {POSTGRES}, where databases may be made")
    name = f"insole_{secrets.token_hex(6)}"
    engine = sa.create_engine(sa.make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield engine.url.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def any_store(where: str, clock: FakeClock) -> Iterator[Store]:
    """A store on each kind of database that there is."""
    with Store.open(where, now=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many examples, each with recordings of its own."""
    with Store.open(tmp_path_factory.mktemp("store")) as opened:
        yield opened
