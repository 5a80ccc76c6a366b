"""Wait until an insole of a foot is seen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from insole.devices import Advertised, Device
    from insole.recording import Side


async def find(
    device: Device,
    side: Side,
    *,
    address: str | None,
    others: Collection[str],
    claimed: set[str],
    scanner: Mapping[str, Any],
) -> tuple[BLEDevice, Advertised]:
    """The first insole seen that may be the one, and what it advertises. Its side may be known only once asked.

    Parameters
    ----------
    device, side
        Which make, and which foot.
    address
        Take only the one of this address; None takes any.
    others
        Addresses of insoles that are known not to be it.
    claimed
        Addresses that somebody is busy with; the one found is added.
    scanner
        Further arguments of bleak's ``BleakScanner``.
    """
    from bleak import BleakScanner

    seen: asyncio.Future[tuple[BLEDevice, Advertised]] = asyncio.get_running_loop().create_future()

    def look(found: BLEDevice, data: AdvertisementData) -> None:
        said = device.advertised(data.manufacturer_data)
        if said is None or said.side not in (side, None) or seen.done():
            return
        if address in (None, found.address) and found.address not in others and found.address not in claimed:
            claimed.add(found.address)
            seen.set_result((found, said))

    try:
        async with BleakScanner(look, service_uuids=[device.service_uuid], **scanner):
            return await seen
    except BaseException:  # BlueZ may refuse to end a search that another has ended
        if seen.done() and not seen.cancelled():
            claimed.discard(seen.result()[0].address)
        raise
