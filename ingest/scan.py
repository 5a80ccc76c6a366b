"""What insoles are near: by what they advertise, and by asking them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.adapter import RADIO_ERRORS, plain_error
from ingest.finding import NO_SIGNAL_DBM, Search
from ingest.tasks import ended
from insole.devices import devices
from insole.errors import InsoleError, LinkError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from insole.devices import Advertised, Device

SCAN_S = 5.0
"""How long to listen: many times the 1 s at most between advertisements that insoles should keep (our judgement)."""

ASK_S = 10.0
"""How long one insole may take to say what it is, before it is left (our judgement)."""

SIGNAL_DBM = ((-60, "strong"), (-75, "good"), (-85, "weak"))
"""From how many dBm on which word stands; below all of them it is "very weak" (our judgement)."""


@dataclass(frozen=True)
class Found:
    """An insole that is near.

    Attributes
    ----------
    device, title
        Name and title of its make, as in ``insole.devices``.
    side
        Which foot, as it says itself; None for a make that says so only when asked.
    address
        Bluetooth address; on macOS an identifier that holds on this computer only.
    name
        As it advertises; empty if it does not.
    signal_dbm
        How strong it is received; None if unknown.
    battery_pct
        Charge, 0 to 100; None if it does not say.
    firmware
        As it says; empty if it does not.
    sensors, rate_hz
        How many sensors and how many samples a second; None if it was not asked.
    problem
        Why it could not be asked; empty if it could, or was not to be.
    """

    device: str
    title: str
    side: Side | None
    address: str
    name: str = ""
    signal_dbm: int | None = None
    battery_pct: int | None = None
    firmware: str = ""
    sensors: int | None = None
    rate_hz: float | None = None
    problem: str = ""

    @property
    def signal(self) -> str:
        """The signal in a word."""
        if self.signal_dbm is None:
            return "unknown"
        return next((word for least, word in SIGNAL_DBM if self.signal_dbm >= least), "very weak")


async def scan(
    *,
    seconds: float = SCAN_S,
    enough: Callable[[Mapping[str, Found]], bool] | None = None,
    known: Iterable[Device] | None = None,
    **scanner: Any,
) -> list[Found]:
    """Listen for insoles.

    Parameters
    ----------
    seconds
        How long.
    enough
        Given what was heard so far, by address: whether to stop before the time is over.
    known
        Makes to look for; all by default.
    scanner
        Further arguments of bleak's ``BleakScanner``, such as ``backend``.

    Returns
    -------
    What was heard, left before right, the strongest first. No insole near is no error.

    Raises
    ------
    AdapterError
        If there is no Bluetooth, it is off, or may not be used; with what to do.
    LinkError
        If the radio fails otherwise.
    """
    from bleak import BleakScanner

    makes = tuple(devices().values() if known is None else known)
    heard: dict[str, Found] = {}
    done = asyncio.Event()

    def look(radio: BLEDevice, data: AdvertisementData) -> None:
        found = recognise(radio, data, makes)
        if found is not None:
            heard[found.address] = found
            if enough is not None and enough(heard):
                done.set()

    try:
        async with BleakScanner(look, **scanner):
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await done.wait()
    except RADIO_ERRORS as e:
        raise plain_error(e) or LinkError(f"Bluetooth failed while scanning ({e}); try again") from e
    return sorted(heard.values(), key=_left_and_strong_first)


def _left_and_strong_first(found: Found) -> tuple[str, int, str]:
    return found.side or "unknown", -(NO_SIGNAL_DBM if found.signal_dbm is None else found.signal_dbm), found.address


def recognise(radio: BLEDevice, data: AdvertisementData, makes: Iterable[Device]) -> Found | None:
    """The insole that an advertisement is of; None if it is of something else."""
    for device in makes:
        said = device.advertised(data.manufacturer_data)
        if said is not None and device.service_uuid in data.service_uuids:
            return _found(device, said, radio, data)
    return None


def _found(device: Device, said: Advertised, radio: BLEDevice, data: AdvertisementData) -> Found:
    return Found(
        device=device.name,
        title=device.title,
        side=said.side,
        address=radio.address,
        name=data.local_name or radio.name or "",
        signal_dbm=data.rssi if data.rssi > NO_SIGNAL_DBM else None,
        battery_pct=said.battery_pct,
        firmware=said.firmware,
    )


async def ask(
    found: Iterable[Found],
    *,
    seconds: float = ASK_S,
    scanner: Mapping[str, Any] | None = None,
    client: Mapping[str, Any] | None = None,
) -> list[Found]:
    """Connect to each in turn and read what it says of itself; no pairing is needed.

    Parameters
    ----------
    found
        From ``scan``.
    seconds
        How long each may take.
    scanner, client
        Further arguments of bleak's ``BleakScanner`` and ``BleakClient``, such as ``backend``.

    Returns
    -------
    The same, with battery, firmware, sensors and rate; or with a ``problem``.
    """
    radio = {"search": Search(**(scanner or {})), "client": dict(client or {})}
    return [await _ask(one, seconds, radio) for one in found]


async def _ask(one: Found, seconds: float, radio: Mapping[str, Any]) -> Found:
    problem = ""
    for side in Side if one.side is None else (one.side,):
        try:
            return await _introduced(one, side, seconds, radio)
        except TimeoutError:
            problem = f"it did not answer within {seconds:g} s; is something else connected to it?"
            break
        except InsoleError as e:
            problem = str(e)
    return replace(one, problem=problem)


async def _introduced(one: Found, side: Side, seconds: float, radio: Mapping[str, Any]) -> Found:
    """What it is, if it is of that foot; ``TimeoutError`` or ``LinkError`` otherwise."""
    from ingest.link import BleLink

    link = BleLink(side, devices()[one.device], address=one.address, **radio)
    connecting = asyncio.ensure_future(link.connect())
    try:
        await asyncio.wait([connecting], timeout=seconds)
    finally:
        await ended([connecting])
        await link.disconnect()
    if connecting.cancelled():
        raise TimeoutError
    meta = connecting.result()
    return replace(
        one,
        side=side,
        battery_pct=one.battery_pct if link.battery_pct is None else link.battery_pct,
        firmware=link.firmware or one.firmware,
        sensors=meta.layout.n_sensors,
        rate_hz=meta.rate_hz,
    )
