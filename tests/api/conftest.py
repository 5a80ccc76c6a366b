"""A service over a real store with a few synthetic recordings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from insole.layout import load_layout
from insole.recording import About, Side
from insole.store import Store
from insole.walker import Gait, Walker

LAYOUT = load_layout("open-insole-16")
HERE = "http://localhost"


def recording(about: About = About(subject_code="P-001", condition="shoe", task="walking"), *, unit=None, **gait):  # noqa: B008
    walked = Walker(Gait(**{"duration_s": 8.0, **gait}), LAYOUT).recording(unit=unit)
    return replace(walked, about=about)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def app(store):
    return create_app(store)


@pytest.fixture
def client(app):
    with TestClient(app, base_url=HERE) as opened:
        yield opened


@pytest.fixture
def stored(store):
    return store.add(recording())


@pytest.fixture
def one_foot(store):
    both = recording()
    return store.add(replace(both, feet={Side.RIGHT: both.feet[Side.RIGHT]}))
