"""``GattService1`` and ``GattCharacteristic1``: a connected insole's attributes on the bus."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bleak.uuids import normalize_uuid_str
from bumble.core import ProtocolError
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.gatt import Characteristic as Attribute
from dbus_fast import Variant

from ingest.virtual.minibluez.tree import DONE, BluezError, Item, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bumble.core import UUID
    from bumble.device import Peer
    from dbus_fast import Message

    from ingest.virtual.minibluez.tree import Tree

_FLAGS: dict[Any, str] = {
    Attribute.Properties.READ: "read",
    Attribute.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Attribute.Properties.WRITE: "write",
    Attribute.Properties.NOTIFY: "notify",
    Attribute.Properties.INDICATE: "indicate",
}


class Session:
    """A connection to an insole, and who wants to be notified of what over it and the next ones.

    BlueZ keeps a client's wish to be notified until that client leaves the bus, through
    disconnections: who connects anew beside an old client hears everything twice.

    Attributes
    ----------
    peer
        The insole.
    gone
        Done when the connection is lost.
    wishes
        By characteristic's path, the clients of the bus that called ``StartNotify``.
    """

    def __init__(self, peer: Peer, wishes: dict[str, set[str]]) -> None:
        self.peer, self.wishes = peer, wishes
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def asked(self, request: Awaitable[Any]) -> Any:
        """Await an insole's answer, or the loss of the connection, in BlueZ's terms."""
        answer = asyncio.ensure_future(request)
        try:
            await asyncio.wait([answer, self.gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            while not answer.done():  # Python 3.11's wait_for, which bumble uses, may swallow a cancellation
                answer.cancel()
                await asyncio.sleep(0)
        if answer.cancelled():
            raise BluezError("Failed", "Not connected")
        try:
            return answer.result()
        except BumbleTimeoutError as e:
            raise BluezError("Failed", "Operation failed with ATT error: 0x0e") from e
        except ProtocolError as e:
            raise BluezError("Failed", f"Operation failed with ATT error: 0x{e.error_code:02x}") from e


def uuid_text(uuid: UUID) -> str:
    """As BlueZ writes it."""
    return normalize_uuid_str(uuid.to_hex_str("-"))


class Characteristic(Item):
    """One characteristic of a connected insole."""

    def __init__(self, tree: Tree, path: str, service: str, session: Session, attribute: Any) -> None:
        self._session, self._attribute = session, attribute
        self._files: dict[socket.socket, Any] = {}
        flags = [name for flag, name in _FLAGS.items() if attribute.properties & flag]
        properties = {
            "UUID": Variant("s", uuid_text(attribute.uuid)),
            "Service": Variant("o", service),
            "Value": Variant("ay", b""),
            "Flags": Variant("as", flags),
            "MTU": Variant("q", session.peer.gatt_client.mtu),
        }
        calls = {"ReadValue": self._read, "WriteValue": self._write}
        if {"notify", "indicate"} & set(flags):
            properties |= {"Notifying": Variant("b", False), "NotifyAcquired": Variant("b", False)}
            calls |= {"StartNotify": self._start, "StopNotify": self._stop, "AcquireNotify": self._acquire}
        super().__init__(tree, path, "GattCharacteristic1", properties, calls)

    @property
    def _wishes(self) -> set[str]:
        return self._session.wishes.setdefault(self.path, set())

    async def renew(self) -> None:
        """Subscribe again for those who wished it over an earlier connection."""
        if self._wishes:
            await self._subscribe()

    def close(self) -> None:
        """The connection is lost."""
        for file in list(self._files):
            self._close_file(file)

    def on_client_gone(self, client: str) -> None:
        """Forget its wish."""
        if client in self._wishes:
            self._wishes.discard(client)
            if not self._wishes and not self._session.gone.done():
                self.tree.do(self._unsubscribe())

    async def _read(self, _: Message) -> Reply:
        return Reply("ay", [bytes(await self._session.asked(self._client.read_value(self._attribute)))])

    async def _write(self, message: Message) -> Reply:
        data, options = message.body
        kind = options.get("type")
        request = self._client.write_value(
            self._attribute, bytes(data), with_response=kind is None or kind.value != "command"
        )
        await self._session.asked(request)
        return DONE

    async def _start(self, message: Message) -> Reply:
        if message.sender in self._wishes:
            raise BluezError("InProgress", "In Progress")
        self._wishes.add(str(message.sender))
        if not self["Notifying"]:
            await self._subscribe()
        return DONE

    async def _stop(self, message: Message) -> Reply:
        if message.sender not in self._wishes:
            raise BluezError("Failed", "No notify session started")
        self._wishes.discard(str(message.sender))
        if not self._wishes:
            await self._unsubscribe()
        return DONE

    async def _acquire(self, _: Message) -> Reply:
        """Notifications through a socket of the client's own, instead of signals to all."""
        own, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        own.setblocking(False)

        def push(value: bytes) -> None:
            with suppress(OSError):  # full, when BlueZ also loses them, or just closed by the client
                own.send(value)

        self._files[own] = push
        asyncio.get_running_loop().add_reader(own, self._close_file, own)  # readable only at its end
        await self._session.asked(self._client.subscribe(self._attribute, push))
        return Reply("hq", [0, self._client.mtu], [theirs.detach()])

    def _close_file(self, file: socket.socket) -> None:
        asyncio.get_running_loop().remove_reader(file)
        push = self._files.pop(file)
        file.close()
        if not self._session.gone.done():
            self.tree.do(self._session.asked(self._client.unsubscribe(self._attribute, push)))

    @property
    def _client(self) -> Any:
        return self._session.peer.gatt_client

    async def _subscribe(self) -> None:
        self.update(Notifying=True)
        await self._session.asked(self._client.subscribe(self._attribute, self._on_value))

    async def _unsubscribe(self) -> None:
        self.update(Notifying=False)
        await self._session.asked(self._client.unsubscribe(self._attribute, self._on_value))

    def _on_value(self, value: bytes) -> None:
        for _ in self._wishes:
            self.update(Value=bytes(value))


async def resolve(tree: Tree, device: str, session: Session) -> list[Characteristic]:
    """Put an insole's services and characteristics onto the bus."""
    await session.asked(session.peer.request_mtu(517))
    found: list[Characteristic] = []
    for service in await session.asked(session.peer.discover_services()):
        path = f"{device}/service{service.handle:04x}"
        properties = {
            "UUID": Variant("s", uuid_text(service.uuid)),
            "Device": Variant("o", device),
            "Primary": Variant("b", True),
            "Includes": Variant("ao", []),
        }
        tree.add(Item(tree, path, "GattService1", properties, {}))
        for attribute in await session.asked(service.discover_characteristics()):
            # named by the handle of its declaration, which stands before its value
            own = Characteristic(tree, f"{path}/char{attribute.handle - 1:04x}", path, session, attribute)
            tree.add(own)
            found.append(own)
            await own.renew()
    return found
