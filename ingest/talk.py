"""Dialogues of devices, held over a connection of bleak's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from insole.devices import Ask, Read

if TYPE_CHECKING:
    from collections.abc import Callable

    from bleak import BleakClient
    from bleak.backends.characteristic import BleakGATTCharacteristic

    from insole.devices import Dialogue, Step

T = TypeVar("T")

BATTERY_UUID = "00002a19-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"
"""Battery Level and Firmware Revision String (Bluetooth Assigned Numbers, 3.8)."""

ANSWER_S = 3.0
"""How long an insole may take to answer (our judgement: several times a slow connection's interval)."""


class Talk:
    """What is said on one connection. Each characteristic is subscribed to once, whoever listens.

    Parameters
    ----------
    client
        Connected.
    """

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._listeners: dict[str, list[Callable[[bytes], None]]] = {}

    def has(self, uuid: str) -> bool:
        """Whether the insole has a characteristic, as far as the system knows."""
        return self._client.services.get_characteristic(uuid) is not None

    async def expect(self, *uuids: str) -> None:
        """Let the system look anew at the next connection if one of these is missing.

        BlueZ may say that it knows all services while it does not, when connections come and go quickly,
        and then believes it at each connection until it forgets the insole.

        Raises
        ------
        BleakError
            If so: the insole is to be connected to again.
        """
        missing = [uuid for uuid in uuids if not self.has(uuid)]
        if missing:
            from bleak.exc import BleakError
            from bleak_retry_connector import clear_cache

            await clear_cache(self._client.address)
            raise BleakError(f"characteristic {', '.join(missing)} is missing")

    async def read(self, uuid: str) -> bytes | None:
        """The value of a characteristic; None if the insole does not have it."""
        return bytes(await self._client.read_gatt_char(uuid)) if self.has(uuid) else None

    async def write(self, uuid: str, data: bytes) -> None:
        """Write to a characteristic and wait until the insole has it."""
        await self._client.write_gatt_char(uuid, data, response=True)

    async def listen(self, uuid: str, listener: Callable[[bytes], None]) -> None:
        """Call ``listener`` with each notification of a characteristic from now on."""
        subscribed = uuid in self._listeners
        self._listeners.setdefault(uuid, []).append(listener)
        if not subscribed:
            await self._client.start_notify(uuid, self._deliver)

    async def hold(self, dialogue: Dialogue[T]) -> T:
        """Do what a dialogue asks until it ends; its result.

        Raises
        ------
        TimeoutError
            If the insole does not answer in time.
        Whatever bleak or the dialogue raises.
        """
        try:
            step = next(dialogue)
            while True:
                step = dialogue.send(await self._do(step))
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            dialogue.close()

    async def _do(self, step: Step) -> bytes | None:
        if isinstance(step, Read):
            return await self.read(step.uuid)
        if isinstance(step, Ask):
            return await self._ask(step)
        await self.write(step.uuid, step.data)
        return None

    async def _ask(self, step: Ask) -> bytes:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def look(payload: bytes) -> None:
            if not answer.done() and step.wants(payload):
                answer.set_result(payload)

        await self.listen(step.answer_uuid, look)
        try:
            await self.write(step.uuid, step.data)
            async with asyncio.timeout(ANSWER_S):  # wait_for may swallow a cancellation in Python 3.11
                return await answer
        finally:
            self._listeners[step.answer_uuid].remove(look)

    def _deliver(self, characteristic: BleakGATTCharacteristic, payload: bytearray) -> None:
        for listener in list(self._listeners.get(characteristic.uuid, ())):
            listener(bytes(payload))
