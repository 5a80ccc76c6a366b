"""Firmware of a Brilliant Sole, as far as its maker describes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.virtual.firmware import Characteristic, Notify, Start, Stop
from insole.devices import _brilliant_said as said
from insole.devices import brilliant_sole as sole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.virtual.firmware import Action, Present
    from insole.devices import Packet
    from insole.recording import FootMeta


class BrilliantSole:
    """See ``ingest.virtual.firmware.Firmware`` and ``docs/devices/brilliant-sole.md``."""

    device = sole.DEVICE
    memory = 0
    counter_bits = 32
    """Of its own, which it does not send."""
    frames = 1

    def __init__(self, meta: FootMeta) -> None:
        self.meta = meta

    def characteristics(self) -> Sequence[Characteristic]:
        """See ``Firmware``."""
        return [
            Characteristic(sole.SERVICE_UUID, sole.RX_UUID, writes=True),
            Characteristic(sole.SERVICE_UUID, sole.TX_UUID, notifies=True),
        ]

    def advertised(self, _battery_pct: int) -> None:
        """See ``Firmware``: the side is told only when asked."""

    def at_once(self, _payload_max: int) -> int:
        """See ``Firmware``."""
        return 1

    def written(self, _uuid: str, data: bytes, _present: Present) -> Sequence[Action]:
        """See ``Firmware``."""
        actions: list[Action] = []
        for kind, content in said.messages(data):
            answer = b""
            if kind == said.GET_TYPE:
                answer = bytes([self.meta.side.value == "right"])
            elif kind == said.GET_POSITIONS:
                answer = said.positions_of(self.meta.layout.xy_mm, self.meta.side)
            elif kind == said.SET_RATES:
                answer = content
                actions.append(Start() if said.decode_rates(content)[said.PRESSURE] else Stop())
            actions.append(Notify(sole.TX_UUID, said.message(kind, answer)))
        return actions

    def messages(self, packet: Packet, _payload_max: int) -> list[bytes]:
        """See ``Firmware``."""
        return [sole.encode(replace(packet, counter=0, period_us=0))]

    def gone(self, _first: int, _count: int) -> None:
        """See ``Firmware``: it keeps nothing."""
