"""Tests marked ``virtual_time`` run in it, as those of ``ingest`` do."""

from __future__ import annotations

import asyncio

from tests.ingest.virtual_time import VirtualLoop


def pytest_asyncio_loop_factories(config, item):
    """The loop of each test."""
    if item.get_closest_marker("virtual_time"):
        return {"virtual time": VirtualLoop}
    return {"real time": asyncio.new_event_loop}
