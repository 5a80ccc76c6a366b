"""A bleak backend over a bumble host: above it is unmodified bleak, below it a whole ATT/GATT client.

Made for ``BleakScanner(backend=...)`` and ``BleakClient(backend=...)``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData, ProtocolError
from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Connection, Device, Peer
from bumble.gatt import Characteristic
from bumble.hci import Address

if TYPE_CHECKING:
    from collections.abc import Callable

    from bleak.args import SizedBuffer
    from bleak.backends.descriptor import BleakGATTDescriptor

_MTU = 247
_CONNECT_S = 5.0
_PROPERTIES: dict[int, Any] = {
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}
_SERVICE_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


class Central:
    """The computer's side of the emulated radio: a bumble host, which one thing at a time may command."""

    def __init__(self, host: Device) -> None:
        self.host = host
        self.busy = asyncio.Lock()
        self.scanners = 0


def backends(central: Central) -> tuple[type[BaseBleakScanner], type[BaseBleakClient]]:
    """Scanner and client classes for bleak, bound to one central."""
    scanner = type("BumbleScanner", (_Scanner,), {"central": central})
    client = type("BumbleClient", (_Client,), {"central": central})
    return scanner, client


class _Scanner(BaseBleakScanner):
    central: ClassVar[Central]

    def __init__(
        self, detection_callback: Any, service_uuids: list[str] | None, scanning_mode: str = "active", **_: Any
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        self.seen_devices = {}
        async with self.central.busy:
            self.central.host.on("advertisement", self._on_advertisement)
            self.central.scanners += 1
            if self.central.scanners == 1:
                await self.central.host.start_scanning(active=self._active, filter_duplicates=False)

    async def stop(self) -> None:
        async with self.central.busy:
            self.central.host.remove_listener("advertisement", self._on_advertisement)
            self.central.scanners -= 1
            if self.central.scanners == 0:
                await self.central.host.stop_scanning()

    def _on_advertisement(self, seen: Any) -> None:
        data, address = seen.data, _text(seen.address)
        advertised = AdvertisementData(
            local_name=data.get(AdvertisingData.COMPLETE_LOCAL_NAME),
            manufacturer_data=dict(data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)),
            service_data={},
            service_uuids=[_uuid(u) for kind in _SERVICE_LISTS for uuids in data.get_all(kind) for u in uuids],
            tx_power=None,
            rssi=seen.rssi,
            platform_data=(seen,),
        )
        device = self.create_or_update_device(address, address, advertised.local_name, seen.address, advertised)
        if self.is_allowed_uuid(advertised.service_uuids):
            self.call_detection_callbacks(device, advertised)


class _Client(BaseBleakClient):
    central: ClassVar[Central]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        services: set[str] | None = None,
        *,
        disconnected_callback: Callable[[], None] | None = None,
        timeout: float = _CONNECT_S,
        **_: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
        found = address_or_ble_device if isinstance(address_or_ble_device, BLEDevice) else None
        self._target = found.details if found else Address(self.address)
        self._name = (found and found.name) or self.address
        self._wanted = services
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._gone: asyncio.Future[None]
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def mtu_size(self) -> int:
        return self._peer.gatt_client.mtu if self._peer else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        if self._connection is not None:
            raise BleakError("already connected")
        if pair:
            await self.pair()
        try:
            async with self.central.busy:  # a controller makes one connection at a time
                connection = await self.central.host.connect(self._target, timeout=_CONNECT_S)
        except BumbleTimeoutError as e:
            raise TimeoutError(str(e)) from e
        except ProtocolError as e:
            raise BleakDeviceNotFoundError(self.address, str(e)) from e
        if self.central.host.lookup_connection(connection.handle) is not connection:
            raise BleakError("disconnected")  # before anyone could listen for it
        self._connection, self._gone = connection, asyncio.get_running_loop().create_future()
        self._connection.on("disconnection", self._on_disconnection)
        self._peer = Peer(self._connection)
        await self._asked(self._peer.request_mtu(_MTU))
        self.services = await self._asked(self._discover(self._peer))

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("the emulated radio does not pair")

    async def unpair(self) -> None:
        raise NotImplementedError("the emulated radio does not pair")

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(await self._asked(self._gatt().read_value(characteristic.obj)))

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
        return bytearray(await self._asked(self._gatt().read_value(descriptor.obj)))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._asked(self._gatt().write_value(characteristic.obj, bytes(data), with_response=response))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        await self._asked(self._gatt().write_value(descriptor.obj, bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_: Any
    ) -> None:
        def deliver(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = deliver
        await self._asked(self._gatt().subscribe(characteristic.obj, deliver))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        deliver = self._subscribers.pop(characteristic.handle, None)
        await self._asked(self._gatt().unsubscribe(characteristic.obj, deliver))

    def _gatt(self) -> Any:
        if self._peer is None:
            raise BleakError("not connected")
        return self._peer.gatt_client

    async def _asked(self, request: Any) -> Any:
        """Await an answer, in bleak's terms; a drop while waiting is an error and not a wait for ever."""
        if self._connection is None:
            request.close()
            raise BleakError("disconnected")
        answer = asyncio.ensure_future(request)
        try:
            await asyncio.wait([answer, self._gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            while not answer.done():  # Python 3.11's wait_for, which bumble uses, may swallow a cancellation
                answer.cancel()
                await asyncio.sleep(0)
        if answer.cancelled():
            raise BleakError("disconnected")
        try:
            return answer.result()
        except (ProtocolError, BumbleTimeoutError) as e:
            raise BleakError(str(e)) from e

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = self._peer = self.services = None
        self._gone.set_result(None)
        self._subscribers.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            if self._wanted and _uuid(service.uuid) not in self._wanted:
                continue
            of = BleakGATTService(service, service.handle, _uuid(service.uuid))
            found.add_service(of)
            for c in await service.discover_characteristics():
                names = [name for flag, name in _PROPERTIES.items() if c.properties & flag]
                # bleak counts from the declaration, which stands before the value
                found.add_characteristic(
                    BleakGATTCharacteristic(c, c.handle - 1, _uuid(c.uuid), names, lambda: self.mtu_size - 3, of)
                )
        return found


def _uuid(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-"))


def _text(address: Address) -> str:
    return str(address.to_string(with_type_qualifier=False))
