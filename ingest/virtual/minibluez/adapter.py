"""``Adapter1``: the computer's radio, switched on or off, and what is seen through it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from dbus_fast import Variant

from ingest.virtual.minibluez.device import Device, address_text, services
from ingest.virtual.minibluez.tree import DONE, BluezError, Item, Reply

if TYPE_CHECKING:
    from bumble.device import Device as Host
    from dbus_fast import Message

    from ingest.virtual.minibluez.tree import Tree

PATH = "/org/bluez/hci0"


class Adapter(Item):
    """The one adapter there is.

    Parameters
    ----------
    tree
        Where it stands, at ``PATH``.
    host
        The computer's side of the emulated radio.
    """

    def __init__(self, tree: Tree, host: Host) -> None:
        self._host, self._busy = host, asyncio.Lock()
        self._scanners: set[str] = set()
        self._filters: dict[str, set[str]] = {}
        self._devices: dict[str, Device] = {}
        properties = {
            "Address": Variant("s", "00:11:22:33:44:55"),
            "AddressType": Variant("s", "public"),
            "Name": Variant("s", "emulated"),
            "Alias": Variant("s", "emulated"),
            "Class": Variant("u", 0),
            "Powered": Variant("b", True),
            "Discovering": Variant("b", False),
            "Discoverable": Variant("b", False),
            "Pairable": Variant("b", False),
            "UUIDs": Variant("as", []),
            "Roles": Variant("as", ["central"]),
        }
        calls = {
            "SetDiscoveryFilter": self._set_filter,
            "StartDiscovery": self._start,
            "StopDiscovery": self._stop,
            "RemoveDevice": self._remove_device,
        }
        super().__init__(tree, PATH, "Adapter1", properties, calls)
        host.on("advertisement", self._on_advertisement)

    async def put(self, name: str, value: Any) -> None:
        """Switch it on or off, or set another property."""
        if name == "Powered":
            await self.power(on=value)
        else:
            await super().put(name, value)

    async def power(self, *, on: bool) -> None:
        """Switch it on, or off: then connections end and nobody looks for devices any more."""
        self.update(Powered=on)
        if not on:
            for client in list(self._scanners):
                await self._end(client)
            for device in self._devices.values():
                await device.drop()

    def on_client_gone(self, client: str) -> None:
        """It no longer looks for devices."""
        self._filters.pop(client, None)
        if client in self._scanners:
            self.tree.do(self._end(client))

    async def _set_filter(self, message: Message) -> Reply:
        uuids = message.body[0].get("UUIDs")
        self._filters[str(message.sender)] = set(uuids.value) if uuids else set()
        return DONE

    async def _start(self, message: Message) -> Reply:
        client = str(message.sender)
        if not self["Powered"]:
            raise BluezError("NotReady", "Resource Not Ready")
        if client in self._scanners:
            raise BluezError("InProgress", "Operation already in progress")
        self._scanners.add(client)
        if len(self._scanners) == 1:
            await self._host.start_scanning(filter_duplicates=False)
            self.update(Discovering=True)
        return DONE

    async def _stop(self, message: Message) -> Reply:
        if not self["Powered"]:
            raise BluezError("NotReady", "Resource Not Ready")
        if str(message.sender) not in self._scanners:
            raise BluezError("Failed", "No discovery started")
        await self._end(str(message.sender))
        return DONE

    async def _end(self, client: str) -> None:
        self._scanners.discard(client)
        if not self._scanners:
            await self._host.stop_scanning()
            self.update(Discovering=False)

    async def _remove_device(self, message: Message) -> Reply:
        device = self._devices.pop(message.body[0], None)
        if device is None:
            raise BluezError("DoesNotExist", "Does Not Exist")
        await device.drop()
        self.tree.remove(device.path)
        return DONE

    def _on_advertisement(self, seen: Any) -> None:
        path = f"{PATH}/dev_{address_text(seen).replace(':', '_')}"
        if path in self._devices:
            self._devices[path].seen(seen)
        elif any(not wanted or wanted & set(services(seen)) for wanted in map(self._wanted, self._scanners)):
            device = Device(self.tree, path, self._host, self._busy, seen)
            self._devices[path] = device
            self.tree.add(device)

    def _wanted(self, client: str) -> set[str]:
        return self._filters.get(client, set())
