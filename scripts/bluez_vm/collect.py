"""In the guest: collect from both feet over BlueZ, and leave what was stored for the host to look at.

python -m scripts.bluez_vm.collect FOLDER DEVICE SAMPLES SECONDS_AT_MOST
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.collector import collect
from ingest.finding import Search
from ingest.link import BleLink
from insole.devices import find_device
from insole.recording import Side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from insole.devices import Device
    from insole.recording import Chunk, ClockFit, FootMeta
    from insole.typing import F64

WAIT_S = 60.0
"""Connecting takes long where a processor is emulated in software."""


class Files:
    """A sink that keeps a session in memory and writes one file a foot at its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chunks: list[Chunk] = []

    def open(self, _feet: Mapping[Side, FootMeta]) -> Files:
        """Begin."""
        return self

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Keep them."""
        self._chunks += chunks

    def add_foot(self, _meta: FootMeta) -> None:
        """Its samples say it."""

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Clocks are not what is looked at here."""

    def seal(self) -> None:
        """Write all that was kept."""
        for side in Side:
            own = [chunk for chunk in self._chunks if chunk.side is side]
            if own:
                sample = np.concatenate([np.arange(c.first_sample, c.stop_sample) for c in own])
                np.savez(self._folder / f"{side}.npz", sample=sample, values=np.concatenate([c.samples for c in own]))


async def run(folder: Path, device: Device, samples: int, limit_s: float) -> None:
    """Collect until each foot has brought so many samples, or for so long."""
    stop, left = asyncio.Event(), dict.fromkeys(Side, samples)

    def count(chunk: Chunk, _time_s: F64) -> None:
        left[chunk.side] -= len(chunk.samples)
        if max(left.values()) <= 0:
            stop.set()

    search = Search()
    links = [BleLink(side, device, search=search) for side in Side]
    summary = await collect(
        links, open_sink=Files(folder).open, stop=stop, on_chunk=count, wait_s=WAIT_S, duration_s=limit_s
    )
    (folder / "summary.json").write_text(json.dumps(summary.to_json()))


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), find_device(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
