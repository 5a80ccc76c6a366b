from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from insole.store import Store
from insole.store.engine import FILE_NAME
from tests.store.samples import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.postgres import Server

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


ONLY_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ONLY_POSTGRES = pytest.mark.parametrize("engine", ENGINES[1:], indirect=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each kind of database that there is."""
    return str(request.param)


@pytest.fixture
def where(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / FILE_NAME}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store without recordings: tests begin with a copy, which is quicker than migrating."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(folder).close()
    return folder / FILE_NAME


@pytest.fixture(scope="session")
def postgres_store(postgres: Server) -> Iterator[str]:
    """The name of a database that is a store without recordings."""
    with postgres.database() as url:
        Store.open(url).close()
        yield str(sa.make_url(url).database)


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest) -> Callable[[str, Path], AbstractContextManager[str]]:
    """Of a new store without recordings on an engine: its URL."""

    @contextmanager
    def new(engine: str, folder: Path) -> Iterator[str]:
        if engine == "sqlite":
            shutil.copy(request.getfixturevalue("sqlite_store"), folder / FILE_NAME)
            yield f"sqlite:///{folder / FILE_NAME}"
            return
        template = request.getfixturevalue("postgres_store")
        with request.getfixturevalue("postgres").database(like=template) as url:
            yield url

    return new


@pytest.fixture
def store(
    place: Callable[[str, Path], AbstractContextManager[str]], engine: str, tmp_path: Path, clock: FakeClock
) -> Iterator[Store]:
    """A store on each kind of database, with a clock that stands still."""
    with place(engine, tmp_path) as url, Store.open(url, now=clock) as opened:
        yield opened


@pytest.fixture(scope="module", params=ENGINES)
def shared_store(
    request: pytest.FixtureRequest,
    place: Callable[[str, Path], AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Store]:
    """One store for many examples, each with recordings of its own."""
    with place(request.param, tmp_path_factory.mktemp("store")) as url, Store.open(url) as opened:
        yield opened
