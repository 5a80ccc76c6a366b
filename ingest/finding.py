"""Wait until an insole of a foot is seen: one scan for all who look."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.tasks import ended

if TYPE_CHECKING:
    from collections.abc import Collection

    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from insole.devices import Advertised, Device
    from insole.recording import Side

NO_SIGNAL_DBM = -127
"""What stacks report when they do not know how strong a signal is."""

STOP_S = 2.0
"""How long a scan may take to stop by itself before it is cancelled (our judgement). Cancelled at
the wrong moment, BlueZ goes on scanning and refuses the next scan."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """An insole that somebody looks for."""

    device: Device
    side: Side
    address: str | None
    others: Collection[str]
    seen: asyncio.Future[tuple[BLEDevice, Advertised]]

    def is_it(self, found: BLEDevice, data: AdvertisementData) -> Advertised | None:
        said = self.device.advertised(data.manufacturer_data)
        if said is None or said.side not in (self.side, None) or self.device.service_uuid not in data.service_uuids:
            return None
        return said if self.address in (None, found.address) and found.address not in self.others else None


class Search:
    """Looks for insoles, for all links of a session.

    A program may scan only once at a time on Linux: BlueZ answers ``InProgress`` to a second scan. So
    whoever looks shares one; a foot that is missing for hours then never stands in the way of one
    that comes back after a drop. Each that begins to look begins the scan anew, because macOS
    tells of an insole only once in each.

    Parameters
    ----------
    scanner
        Further arguments of bleak's ``BleakScanner``, such as ``backend``.
    """

    def __init__(self, **scanner: Any) -> None:
        self._scanner = scanner
        self._wanted: list[_Wanted] = []
        self._claimed: set[str] = set()
        self._dbm: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._scanning: asyncio.Task[None] | None = None

    async def find(
        self, device: Device, side: Side, *, address: str | None = None, others: Collection[str] = ()
    ) -> tuple[BLEDevice, Advertised]:
        """The first insole seen that may be the one, and what it advertises. Its side may be known only once asked.

        Nobody else is given it until it is released.

        Parameters
        ----------
        device, side
            Which make, and which foot.
        address
            Take only the one of this address; None takes any.
        others
            Addresses of insoles that are known not to be it.

        Raises
        ------
        Whatever bleak does if it cannot scan.
        """
        wanted = _Wanted(device, side, address, others, asyncio.get_running_loop().create_future())
        try:
            try:
                self._begin(wanted)
                return await wanted.seen
            finally:
                await self._leave(wanted)
        except BaseException:
            if wanted.seen.done() and not wanted.seen.cancelled() and wanted.seen.exception() is None:
                self.release(wanted.seen.result()[0].address)
            raise

    def signal_dbm(self, address: str) -> int | None:
        """How strongly it was received when a scan heard it last; None if none did, or its strength was not told."""
        dbm = self._dbm.get(address)
        return dbm if dbm is not None and dbm > NO_SIGNAL_DBM else None

    def release(self, address: str) -> None:
        """Let others find the insole of that address."""
        self._claimed.discard(address)

    def _begin(self, wanted: _Wanted) -> None:
        self._wanted.append(wanted)
        self._changed.set()
        if self._scanning is None or self._scanning.done():
            self._scanning = asyncio.create_task(self._scan())

    async def _leave(self, wanted: _Wanted) -> None:
        """Look for it no more; the last to leave waits until the scan has stopped."""
        self._wanted.remove(wanted)
        scanning = self._scanning
        if self._wanted or scanning is None:
            return
        self._scanning = None
        self._changed.set()
        await asyncio.wait([scanning], timeout=STOP_S)
        await ended([scanning])

    async def _scan(self) -> None:
        """Scan as long as somebody looks; who looks is told what goes wrong."""
        from bleak import BleakScanner

        try:
            async with self._turn:  # the scan before this one has stopped
                while self._wanted:
                    self._changed.clear()
                    services = sorted({wanted.device.service_uuid for wanted in self._wanted})
                    async with BleakScanner(self._look, service_uuids=services, **self._scanner):
                        await self._changed.wait()
        except Exception as e:  # noqa: BLE001 whatever it is, it is for those who wait
            for wanted in self._wanted:
                if not wanted.seen.done():
                    wanted.seen.set_exception(e)

    def _look(self, found: BLEDevice, data: AdvertisementData) -> None:
        self._dbm[found.address] = data.rssi
        for wanted in self._wanted:
            said = wanted.is_it(found, data)
            if said is not None and not wanted.seen.done() and found.address not in self._claimed:
                self._claimed.add(found.address)
                wanted.seen.set_result((found, said))
                return
