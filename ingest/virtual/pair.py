"""Start a left and a right virtual insole and the links to them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.virtual.pace import Pace
from insole.devices.open_insole import DEVICE
from insole.errors import LinkError
from insole.recording import FootMeta, Side, Unit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
    from typing import Any

    from bumble.device import Device

    from ingest.link import BleLink
    from ingest.virtual.peripheral import VirtualInsole
    from ingest.virtual.radio import Air
    from insole.calibration import Calibration
    from insole.walker import Walker

_ADDRESS = {Side.LEFT: "F0:F1:F2:F3:F4:01", Side.RIGHT: "F0:F1:F2:F3:F4:02"}
_CLOCK_OFFSET_US = {Side.LEFT: 5_000_000, Side.RIGHT: 777_000_000}
_CENTRAL_ADDRESS = "F0:F1:F2:F3:F4:00"


@dataclass(frozen=True, eq=False)
class VirtualPair:
    """Two virtual insoles in range, and what is needed to reach them.

    Attributes
    ----------
    links
        One for each foot, ready to be collected from.
    insoles
        The insoles themselves, by side.
    now
        The clock that the links stamp arrivals with; give it to ``collect``.
    scanner, client
        Keyword arguments that make bleak's scanner and client use this radio.
    """

    links: tuple[BleLink, ...]
    insoles: Mapping[Side, VirtualInsole]
    now: Callable[[], float]
    scanner: Mapping[str, Any]
    client: Mapping[str, Any]
    _air: Air
    _pace: Pace

    async def cut(self, side: Side, seconds: float) -> None:
        """Take a foot out of range, and bring it back after so many seconds on ``now``'s clock."""
        radio, back_s = self.insoles[side].radio, self.now() + seconds
        self._air.cut(radio)
        try:
            await self._pace.until(back_s)
        finally:
            self._air.restore(radio)

    def lose(self, side: Side, which: float | Callable[[int], bool]) -> None:
        """Let the radio lose notifications of a foot.

        Parameters
        ----------
        side
            Which foot.
        which
            A fraction, spread evenly (0.05 loses each twentieth), or a function of the
            notification's number.
        """
        if callable(which):
            self.insoles[side].lose = which
        else:
            fraction = which
            self.insoles[side].lose = lambda number: int((number + 1) * fraction) > int(number * fraction)


@asynccontextmanager
async def virtual_pair(
    walker: Walker,
    *,
    sides: Collection[Side] = tuple(Side),
    calibration: Calibration | None = None,
    clock_offset_us: Mapping[Side, int] | None = None,
    drift_ppm: Mapping[Side, float] | None = None,
    first_counter: Mapping[Side, int] | None = None,
    speed: float = 1.0,
) -> AsyncIterator[VirtualPair]:
    """A walker's two feet as Open Insoles on an emulated radio in this process.

    Parameters
    ----------
    walker
        What they play; its layout and rate are theirs.
    sides
        Which feet there are.
    calibration
        What turns kPa into counts; the walker's nominal one if left out.
    clock_offset_us, drift_ppm, first_counter
        By side: device clock at power-on, how fast it runs, and where the sample counter starts.
        By default the two clocks differ, as those of two insoles do, but do not drift.
    speed
        How much faster than ours their time runs.

    Raises
    ------
    LinkError
        If bumble is not installed.
    """
    try:
        import bumble.device  # noqa: F401
    except ModuleNotFoundError as e:
        raise LinkError('virtual insoles need the emulated radio: pip install "insole[virtual]"') from e
    from insole.walker import nominal_calibration

    clocks = {
        side: {
            "clock_offset_us": (clock_offset_us or _CLOCK_OFFSET_US).get(side, 0),
            "drift_ppm": (drift_ppm or {}).get(side, 0.0),
            "first_counter": (first_counter or {}).get(side, 0),
        }
        for side in sides
    }
    with _quiet_bumble():
        pair, hosts = _build(walker, calibration or nominal_calibration(walker.layout), clocks, Pace(speed))
        for host in hosts:
            await host.power_on()
        try:
            yield pair
        finally:
            for link in pair.links:
                await link.disconnect()
            for host in reversed(hosts):
                await host.power_off()


def _build(
    walker: Walker, calibration: Calibration, clocks: Mapping[Side, dict[str, Any]], pace: Pace
) -> tuple[VirtualPair, list[Device | VirtualInsole]]:
    """The pair, and the hosts to switch on: the computer's first."""
    from bumble.device import Device
    from bumble.hci import Address

    from ingest.link import BleLink
    from ingest.virtual.backend import Central, backends
    from ingest.virtual.peripheral import VirtualInsole
    from ingest.virtual.radio import Air, QuietHost, Radio

    air = Air()
    radio = Radio("central", link=air)
    central = Device("central", Address(_CENTRAL_ADDRESS), host=QuietHost(radio, radio))
    insoles: dict[Side, VirtualInsole] = {}
    for side, clock in clocks.items():
        meta = FootMeta(side, walker.layout, Unit.COUNTS, walker.gait.rate_hz, calibration)
        insoles[side] = VirtualInsole(walker, meta, Radio(str(side), link=air), _ADDRESS[side], pace, **clock)
    scanner_type, client_type = backends(Central(central))
    scanner, client = {"backend": scanner_type}, {"backend": client_type}
    links = tuple(BleLink(side, DEVICE, scanner=scanner, client=client, now=pace.now) for side in insoles)
    return VirtualPair(links, insoles, pace.now, scanner, client, air, pace), [central, *insoles.values()]


@contextmanager
def _quiet_bumble() -> Iterator[None]:
    """Bumble warns of packets that a cut connection leaves behind; that is what a cut is for."""
    log = logging.getLogger("bumble")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
