"""``Device1``: an insole that was seen, and the connection to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumble.core import AdvertisingData, ProtocolError
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Peer
from dbus_fast import Variant

from ingest.virtual.minibluez.gatt import Characteristic, Session, resolve, uuid_text
from ingest.virtual.minibluez.tree import DONE, BluezError, Item, Reply

if TYPE_CHECKING:
    import asyncio

    from bumble.device import Connection
    from bumble.device import Device as Host
    from dbus_fast import Message

    from ingest.virtual.minibluez.tree import Tree

CONNECT_S = 20.0
"""How long an insole is waited for (as the Linux kernel does)."""

_SERVICE_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)


class Device(Item):
    """One device that advertised.

    Parameters
    ----------
    tree, path
        Where it stands: under its adapter.
    host
        The computer's side of the emulated radio.
    busy
        A controller makes one connection at a time.
    seen
        Bumble's advertisement.
    """

    def __init__(self, tree: Tree, path: str, host: Host, busy: asyncio.Lock, seen: Any) -> None:
        self._host, self._busy, self._address = host, busy, seen.address
        self._session: Session | None = None
        self._characteristics: list[Characteristic] = []
        self._wishes: dict[str, set[str]] = {}
        self._connecting = False
        address = address_text(seen)
        name = seen.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        properties = {
            "Address": Variant("s", address),
            "AddressType": Variant("s", "random"),
            "Alias": Variant("s", name or address.replace(":", "-")),
            "Adapter": Variant("o", path.rpartition("/")[0]),
            "RSSI": Variant("n", seen.rssi),
            "UUIDs": Variant("as", services(seen)),
            "ManufacturerData": Variant("a{qv}", _manufacturer_data(seen)),
            **{key: Variant("b", False) for key in ("Paired", "Bonded", "Trusted", "Blocked", "LegacyPairing")},
            **{key: Variant("b", False) for key in ("Connected", "ServicesResolved")},
        }
        if name:
            properties["Name"] = Variant("s", name)
        calls = {"Connect": self._connect, "Disconnect": self._disconnect}
        super().__init__(tree, path, "Device1", properties, calls)

    def seen(self, seen: Any) -> None:
        """It advertised again."""
        self.update(RSSI=seen.rssi, ManufacturerData=_manufacturer_data(seen))

    async def drop(self) -> None:
        """End the connection, or the attempt to make one, if there is either."""
        if self._session is not None:
            await self._session.peer.connection.disconnect()
        elif self._connecting:
            await self._host.cancel_connection()  # type: ignore[no-untyped-call]

    def on_client_gone(self, client: str) -> None:
        """Forget what it wished of characteristics; those that are on the bus know by themselves."""
        if self._session is None:
            for clients in self._wishes.values():
                clients.discard(client)

    async def _connect(self, _: Message) -> Reply:
        if self._session is not None:
            return DONE
        async with self._busy:
            self._connecting = True
            try:
                connection = await self._host.connect(self._address, timeout=CONNECT_S)
            except (BumbleTimeoutError, ProtocolError) as e:
                raise BluezError("Failed", "le-connection-abort-by-local") from e
            finally:
                self._connecting = False
        if self._host.lookup_connection(connection.handle) is not connection:
            raise BluezError("Failed", "le-connection-abort-by-local")  # gone before anyone could listen for it
        self._begin(connection)
        return DONE

    def _begin(self, connection: Connection) -> None:
        session = self._session = Session(Peer(connection), self._wishes)
        connection.on("disconnection", self._on_disconnection)
        self.update(Connected=True)
        self.tree.do(self._resolve(session))

    async def _resolve(self, session: Session) -> None:
        try:
            self._characteristics = await resolve(self.tree, self.path, session)
        except BluezError:
            return  # the connection broke meanwhile, which is told as such
        self.update(ServicesResolved=True)

    async def _disconnect(self, _: Message) -> Reply:
        if self._session is None and not self._connecting:
            raise BluezError("NotConnected", "Not Connected")
        await self.drop()
        return DONE

    def _on_disconnection(self, _reason: int) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.gone.set_result(None)
        for characteristic in self._characteristics:
            characteristic.close()
        self._characteristics = []
        self.update(ServicesResolved=False)
        for path in self.tree.below(self.path):
            self.tree.remove(path)
        self.update(Connected=False)


def address_text(seen: Any) -> str:
    """An advertiser's address."""
    return str(seen.address.to_string(with_type_qualifier=False))


def services(seen: Any) -> list[str]:
    """The services that it names."""
    return [uuid_text(uuid) for kind in _SERVICE_LISTS for uuids in seen.data.get_all(kind) for uuid in uuids]


def _manufacturer_data(seen: Any) -> dict[int, Variant]:
    found = seen.data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)
    return {company: Variant("ay", bytes(data)) for company, data in found}
