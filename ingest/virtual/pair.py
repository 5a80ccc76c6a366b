"""Start a left and a right virtual insole and the links to them."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.virtual.kinds import KINDS
from ingest.virtual.pace import Pace
from insole.errors import LinkError
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
    from typing import Any

    from bumble.device import Device

    from ingest.link import BleLink
    from ingest.virtual.firmware import Firmware
    from ingest.virtual.kinds import Kind
    from ingest.virtual.peripheral import VirtualInsole
    from ingest.virtual.radio import Air
    from ingest.virtual.source import Source
    from insole.calibration import Calibration
    from insole.recording import FootMeta
    from insole.typing import Bool

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

    def delay(self, side: Side, late_s: Callable[[int], float]) -> None:
        """Let notifications of a foot come late: by so many seconds, given a notification's number, and in order."""
        self.insoles[side].late_s = late_s

    def withhold(self, side: Side, which: Callable[[int, int], Bool]) -> None:
        """Let a foot never measure some samples: of a first one and a number n, ``(n,)`` whether it is so."""
        self.insoles[side].withheld = which

    async def until(self, when_s: float) -> None:
        """Wait until ``now`` shows ``when_s``."""
        await self._pace.until(when_s)


@asynccontextmanager
async def virtual_pair(
    source: Source,
    *,
    sides: Collection[Side] = tuple(Side),
    calibration: Calibration | None = None,
    metas: Mapping[Side, FootMeta] | None = None,
    clock_offset_us: Mapping[Side, int] | None = None,
    drift_ppm: Mapping[Side, float] | None = None,
    first_counter: Mapping[Side, int] | None = None,
    speed: float = 1.0,
    kind: str = "open16",
    remember: bool = True,
) -> AsyncIterator[VirtualPair]:
    """A walker's two feet (or a recording's) as insoles on an emulated radio in this process.

    Parameters
    ----------
    source
        What they play; its layout and rate are theirs. See ``virtual_walker``, and ``Player``.
    sides
        Which feet there are.
    calibration
        What turns kPa into counts; the walker's nominal one if left out. A kind that does not tell
        a calibration uses it and keeps it to itself.
    metas
        By side: what each insole says it is, in place of all of the above.
    clock_offset_us, drift_ppm, first_counter
        By side: device clock at power-on, how fast it runs, and where the sample counter starts.
        By default the two clocks differ, as those of two insoles do, but do not drift.
    speed
        How much faster than ours their time runs.
    kind
        Which make: a name of ``ingest.virtual.kinds.KINDS``.
    remember
        Whether they keep what they sent, to send it once more, if their make does. Those that do
        not say that it is gone, so that what the radio loses stays lost.

    Raises
    ------
    LinkError
        If bumble is not installed, there is no such kind, or it cannot be as it is asked to be.
    """
    make = _make(kind)
    given = {
        "clock_offset_us": clock_offset_us or _CLOCK_OFFSET_US,
        "drift_ppm": drift_ppm or {},
        "first_counter": first_counter or {},
    }
    clocks = {side: {name: of.get(side, 0) for name, of in given.items()} for side in sides}
    with _quiet_bumble():
        if metas is None:
            metas = {side: make.meta(side, source, calibration) for side in sides}
        firmwares = {side: _firmware(make, metas[side], remember=remember) for side in sides}
        pair, hosts = _build(source, make, firmwares, clocks, Pace(speed))
        async with _powered(pair, hosts):
            yield pair


@asynccontextmanager
async def _powered(pair: VirtualPair, hosts: Sequence[Device | VirtualInsole]) -> AsyncIterator[None]:
    """Switched on; at the end disconnected, and switched off the other way round."""
    for host in hosts:
        await host.power_on()
    try:
        yield
    finally:
        for link in pair.links:
            await link.disconnect()
        for host in reversed(hosts):
            await host.power_off()


def _make(kind: str) -> Kind:
    """The kind of that name, if it can be emulated here."""
    try:
        import bumble.device  # noqa: F401
    except ModuleNotFoundError as e:
        raise LinkError('virtual insoles need the emulated radio: pip install "insole[virtual]"') from e
    if kind not in KINDS:
        raise LinkError(f"no virtual insole is called {kind!r}; known: {', '.join(KINDS)}")
    return KINDS[kind]


def _firmware(kind: Kind, meta: FootMeta, *, remember: bool) -> Firmware:
    firmware, backlog = kind.firmware(meta), kind.device.backlog
    if not remember:
        if backlog is not None and backlog.newest is not None:
            raise LinkError(f"{kind.device.title} sends only what it remembers; it cannot do without")
        firmware.memory = 0
    return firmware


def _build(
    source: Source, kind: Kind, firmwares: Mapping[Side, Firmware], clocks: Mapping[Side, dict[str, Any]], pace: Pace
) -> tuple[VirtualPair, list[Device | VirtualInsole]]:
    """The pair, and the hosts to switch on: the computer's first."""
    from bumble.hci import Address

    from ingest.finding import Search
    from ingest.link import BleLink
    from ingest.virtual.backend import Central, backends
    from ingest.virtual.peripheral import VirtualInsole
    from ingest.virtual.radio import Air, QuietDevice, QuietHost, Radio

    air = Air()
    radio = Radio("central", link=air)
    central = QuietDevice("central", Address(_CENTRAL_ADDRESS), host=QuietHost(radio, radio))
    insoles: dict[Side, VirtualInsole] = {}
    for side, clock in clocks.items():
        insoles[side] = VirtualInsole(
            source, firmwares[side], Radio(str(side), link=air), _ADDRESS[side], pace, **clock
        )
    scanner_type, client_type = backends(Central(central))
    scanner, client = {"backend": scanner_type}, {"backend": client_type}
    rate_hz = kind.rate_to_ask_hz(source)
    common: dict[str, Any] = {"search": Search(**scanner), "client": client, "now": pace.now}
    links = tuple(BleLink(side, kind.device, rate_hz=rate_hz, **common) for side in insoles)
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
