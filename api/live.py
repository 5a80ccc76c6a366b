"""The live stream as the service sees it, and the loop that sends its frames."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from analysis.live import LiveFrame, LiveView
    from insole.recording import Side

FRAMES_PER_S = 30
"""Frames computed for a client each second at most: what one sees as motion, with room to spare."""

IDLE_S = 1.0
"""How often a client is told that there is no stream."""

IN_FLIGHT = 2
"""Frames sent and not yet drawn: one on its way while one is drawn. A slower client gets fewer."""


class LiveSource(Protocol):
    """Where the service finds the stream; the roof, which knows the radio, passes one in."""

    @property
    def view(self) -> LiveView | None:
        """The stream of now; None when there is none. A new stream is a new object."""
        ...

    @property
    def state(self) -> str:
        """What the source is doing, in a sentence for people (``Searching for insoles``); may be empty."""
        ...


class NoLive:
    """A source that never streams: the service was started without one."""

    view = None
    state = "This server was started without a stream."


class Flow:
    """How many frames are on their way to a client, by their numbers."""

    def __init__(self, *, most: int = IN_FLIGHT) -> None:
        self._most = most
        self._sent = 0
        self._drawn = 0
        self._room = asyncio.Event()
        self._room.set()

    async def next(self) -> int:
        """Wait until one more frame may be sent; its number, from 1."""
        await self._room.wait()
        self._sent += 1
        self._update()
        return self._sent

    def drawn(self, number: int) -> None:
        """The client has drawn this frame, or a later one in its stead."""
        self._drawn = min(max(self._drawn, number), self._sent)
        self._update()

    def _update(self) -> None:
        if self._sent - self._drawn < self._most:
            self._room.set()
        else:
            self._room.clear()


async def send_frames(
    source: LiveSource,
    flow: Flow,
    send: Callable[[Any], Awaitable[None]],
    *,
    told: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Send frames for ever, each computed when the client has room for it and not before.

    Parameters
    ----------
    source
        Asked anew for every frame, so a stream may come and go.
    flow
        Told by the caller what the client has drawn.
    send
        Sends one JSON-able message.
    told
        What else each message says, as JSON: what the source is doing.
    """
    clock = asyncio.get_running_loop().time
    since: dict[Side, int] = {}
    last: LiveView | None = None
    due = clock()
    while True:
        number = await flow.next()
        await asyncio.sleep(due - clock())
        view = source.view
        if view is None:
            await send({"kind": "idle", "n": number, "text": source.state, **told()})
            due = clock() + IDLE_S
            last = None
            continue
        if view is not last:
            since, last = {}, view
        frame = view.frame(since)
        since = next_since(frame)
        await send({"kind": "frame", "n": number, "stream": id(view), **frame_to_json(frame), **told()})
        due = max(due + 1 / FRAMES_PER_S, clock())


def next_since(frame: LiveFrame) -> dict[Side, int]:
    """Up to which sample the client has each foot's force after this frame."""
    return {side: foot.next for side, foot in frame.feet.items()}


def frame_to_json(frame: LiveFrame) -> dict[str, Any]:
    """A frame as plain JSON types: tenths of kPa and N, milliseconds; null is missing."""
    return {"time_s": round(frame.time_s, 3), "feet": {str(side): _foot(foot) for side, foot in frame.feet.items()}}


def _foot(foot: Any) -> dict[str, Any]:
    return {
        "values": _rounded(foot.pressure, 1),
        "force": _number(foot.force, 1),
        "trace_s": _rounded(foot.trace_s, 3),
        "trace_force": _rounded(foot.trace_force, 1),
        "samples": foot.samples,
        "lost": foot.lost,
        "age_s": _number(foot.age_s, 2),
        "load_share_pct": _number(foot.load_share_pct, 1),
        "fore_share_pct": _number(foot.fore_share_pct, 1),
        "stance_time_s": _number(foot.stance_time_s, 3),
        "peak": _number(foot.peak, 1),
        "steps_count": foot.steps_count,
        "saturated": [] if foot.saturated is None else np.flatnonzero(foot.saturated).tolist(),
    }


def _number(value: float | None, digits: int) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def _rounded(values: Any, digits: int) -> list[float | None]:
    known = np.isfinite(values)
    numbers = np.round(np.asarray(values, float), digits).tolist()
    return numbers if known.all() else [v if ok else None for v, ok in zip(numbers, known.tolist(), strict=True)]
