"""A Linux computer that bleak finds BlueZ on, without Bluetooth."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ingest.virtual import virtual_pair, virtual_walker
from insole.walker import Gait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from ingest.virtual import VirtualPair
    from ingest.virtual.minibluez import MiniBluez
    from insole.walker import Walker

WALKER = virtual_walker(Gait())
SPEED = 4.0


@asynccontextmanager
async def computer(
    monkeypatch: pytest.MonkeyPatch, walker: Walker = WALKER, *, speed: float = SPEED, kind: str = "open16"
) -> AsyncIterator[tuple[VirtualPair, MiniBluez]]:
    """A Linux computer with BlueZ and an adapter, and a pair of insoles near it."""
    from bleak.backends.bluezdbus.manager import get_global_bluez_manager

    from ingest.virtual.minibluez import mini_bluez

    async with virtual_pair(walker, speed=speed, kind=kind) as pair, mini_bluez(pair) as bluez:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bluez.address)
        try:
            yield pair, bluez
        finally:
            bus = (await get_global_bluez_manager())._bus
            assert bus is not None
            bus.disconnect()
            await bus.wait_for_disconnect()
