"""A virtual insole's ATT/GATT server and its advertisement."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bumble.device import Connection, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.profiles.device_information_service import DeviceInformationService

from ingest.virtual.advertisement import advertisement
from ingest.virtual.radio import QuietDevice, QuietHost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from ingest.virtual.firmware import Characteristic as Told
    from ingest.virtual.firmware import Firmware
    from ingest.virtual.radio import Radio

_P = Characteristic.Properties


def serve(
    firmware: Firmware,
    radio: Radio,
    address: str,
    battery_pct: int,
    *,
    on_write: Callable[[Connection, str, bytes], Awaitable[None]],
) -> tuple[QuietDevice, Mapping[str, Characteristic[bytes]]]:
    """A host that serves what a firmware says it has, beside battery and device information.

    Parameters
    ----------
    firmware
        Whose characteristics and advertisement.
    radio, address
        Its controller and Bluetooth address.
    battery_pct
        What it reports.
    on_write
        Given the connection, the characteristic and the bytes, after each write.

    Returns
    -------
    The host, not powered on, and its characteristics by UUID.

    Raises
    ------
    LinkError
        If the firmware advertises more than a radio takes.
    """
    config = DeviceConfiguration(
        name=f"Virtual insole {firmware.meta.side}",
        address=Address(address),
        advertising_interval_min=50,
        advertising_interval_max=50,
    )
    host = QuietDevice(config=config, host=QuietHost(radio, radio))
    told = sorted(firmware.characteristics(), key=lambda one: one.service)
    served = {one.uuid: _characteristic(one, on_write) for one in told}
    services = [Service(uuid, [served[one.uuid] for one in of]) for uuid, of in groupby(told, lambda one: one.service)]
    battery = Characteristic("2A19", _P.READ, Characteristic.READABLE, bytes([battery_pct]))
    information = DeviceInformationService(
        manufacturer_name="insole", model_number=firmware.meta.layout.name, firmware_revision="virtual 1"
    )
    host.add_services([*services, Service("180F", [battery]), information])
    said = advertisement(firmware.device.service_uuid, firmware.advertised(battery_pct), config.name)
    host.advertising_data, host.scan_response_data = said.data, said.scan_response
    return host, served


def _characteristic(told: Told, on_write: Callable[[Connection, str, bytes], Awaitable[None]]) -> Characteristic[bytes]:
    properties = _P.NOTIFY if told.notifies else _P(0)
    properties |= _P.READ if told.value is not None else _P(0)
    if not told.writes:
        return Characteristic(told.uuid, properties, Characteristic.READABLE, told.value or b"")
    properties |= _P.WRITE | _P.WRITE_WITHOUT_RESPONSE

    async def write(connection: Connection, data: bytes) -> None:
        await on_write(connection, told.uuid, bytes(data))

    def read(_: Connection) -> bytes:
        return told.value or b""

    permissions = Characteristic.READABLE | Characteristic.WRITEABLE
    return Characteristic(told.uuid, properties, permissions, CharacteristicValue(read=read, write=write))
