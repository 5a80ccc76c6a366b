"""A small BlueZ whose radio is emulated: bleak's own Linux backend, with no Bluetooth in the computer.

Real are bleak, D-Bus, and the ATT and GATT between two bumble hosts. Emulated are the air and
``org.bluez``, of which there is what a collector uses. For tests and benchmarks, on Linux only::

    async with virtual_pair(walker) as pair, mini_bluez(pair) as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        ...  # bleak, with no further argument, finds the pair
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.virtual.minibluez.bus import private_bus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from ingest.virtual.minibluez.adapter import Adapter
    from ingest.virtual.minibluez.tree import Tree
    from ingest.virtual.pair import VirtualPair

_ADDRESS = "F0:F1:F2:F3:F4:0F"


@dataclass(frozen=True, eq=False)
class MiniBluez:
    """A running one.

    Attributes
    ----------
    address
        Of its bus, for ``DBUS_SYSTEM_BUS_ADDRESS``.
    """

    address: str
    _tree: Tree
    _adapter: Adapter

    async def power(self, *, on: bool) -> None:
        """Switch the adapter on or off, as a user does in the settings."""
        await self._adapter.power(on=on)

    async def unplug(self) -> None:
        """Take the adapter out of the computer."""
        await self._adapter.power(on=False)
        self._tree.remove(self._adapter.path)


@asynccontextmanager
async def mini_bluez(pair: VirtualPair) -> AsyncIterator[MiniBluez]:
    """BlueZ on a message bus of its own, with one adapter near a virtual pair.

    Raises
    ------
    LinkError
        If there is no dbus-daemon.
    """
    from bumble.device import Device
    from bumble.hci import Address
    from dbus_fast.aio import MessageBus

    from ingest.virtual.minibluez.adapter import Adapter
    from ingest.virtual.minibluez.tree import Tree
    from ingest.virtual.radio import QuietHost, Radio

    air = next(iter(pair.insoles.values())).radio.link
    radio = Radio("hci0", link=air)
    host = Device("hci0", Address(_ADDRESS), host=QuietHost(radio, radio))
    await host.power_on()
    async with private_bus() as address:
        tree = Tree(await MessageBus(bus_address=address, negotiate_unix_fd=True).connect())
        adapter = Adapter(tree, host)
        tree.add(adapter)
        await tree.open()
        try:
            yield MiniBluez(address, tree, adapter)
        finally:
            await adapter.power(on=False)
            await tree.close()
            await host.power_off()
