"""The kinds of virtual insole: which firmware, on which layout, at which rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ingest.virtual.brilliant_sole import BrilliantSole
from ingest.virtual.open_insole import OpenInsole
from ingest.virtual.orphe import OrpheInsole
from insole.devices._brilliant_said import layout_of, positions_of
from insole.errors import LinkError
from insole.layout import load_layout
from insole.recording import FootMeta, Side, Unit
from insole.walker import Actor, Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ingest.virtual.firmware import Firmware
    from ingest.virtual.source import Source
    from insole.calibration import Calibration
    from insole.devices import Device
    from insole.layout import SensorLayout
    from insole.walker import Gait


@dataclass(frozen=True)
class Kind:
    """A kind of virtual insole.

    Attributes
    ----------
    device
        What it is to a collector.
    firmware
        From what a foot is to the firmware that says so.
    layout, rate_hz
        What a walker on it needs.
    tells_rate
        Whether its description says its rate, so that nobody needs to ask for it.
    """

    device: Device
    firmware: Callable[[FootMeta], Firmware]
    layout: Callable[[], SensorLayout]
    rate_hz: float
    tells_rate: bool = False

    def meta(self, side: Side, source: Source, calibration: Calibration | None) -> FootMeta:
        """What a foot is; without a calibration where the layout has no areas, and values are N."""
        if np.isnan(source.layout.area_mm2).any():
            calibration = None
        else:
            calibration = calibration or nominal_calibration(source.layout)
        return FootMeta(side, source.layout, Unit.COUNTS, source.rate_hz, calibration)

    def rate_to_ask_hz(self, source: Source) -> float | None:
        """The rate to ask such an insole for; None for its own."""
        own = self.tells_rate or source.rate_hz == self.device.rate_hz
        return None if own else source.rate_hz


def _open(layout: str) -> Kind:
    return Kind(OpenInsole.device, OpenInsole, lambda: load_layout(layout), OpenInsole.device.rate_hz, tells_rate=True)


BRILLIANT_XY_MM = ((20, 236), (0, 236), (28, 190), (5, 192), (-24, 172), (-14, 110), (13, 38), (-13, 38))
"""Where the sensors of the virtual Brilliant Sole are; real ones tell their own (our judgement)."""


def _told() -> SensorLayout:
    """The layout that a virtual Brilliant Sole tells, rounded as it is told."""
    return layout_of(positions_of(np.array(BRILLIANT_XY_MM, float), Side.LEFT), Side.LEFT)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "open16": _open("open-insole-16"),
        "open99": _open("pedar-99:y"),
        "orphe": Kind(OrpheInsole.device, OrpheInsole, lambda: load_layout("orphe-6"), 200.0),
        "brilliant": Kind(BrilliantSole.device, BrilliantSole, _told, 50.0),
    }
)
"""By name."""


def virtual_walker(gait: Gait, kind: str = "open16") -> Walker:
    """A walker on insoles of a kind, at their rate.

    Raises
    ------
    LinkError
        If there is no such kind.
    """
    return Walker(*_on(gait, kind))


def virtual_actor(gait: Gait, kind: str = "open16") -> Actor:
    """Somebody on insoles of a kind who does as told; see ``virtual_walker``."""
    return Actor(*_on(gait, kind))


def _on(gait: Gait, kind: str) -> tuple[Gait, SensorLayout]:
    """The gait at the rate of a kind, and the kind's layout."""
    if kind not in KINDS:
        raise LinkError(f"no virtual insole is called {kind!r}; known: {', '.join(KINDS)}")
    return replace(gait, rate_hz=KINDS[kind].rate_hz), KINDS[kind].layout()
