"""Where a session's samples go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insole.recording import Chunk, ClockFit, FootMeta, Side


class Sink(Protocol):
    """Where samples go. Its calls may block: they are made in a worker thread, one at a time."""

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Keep them; they are safe when this returns. None at all says that the session goes on."""
        ...

    def add_foot(self, meta: FootMeta) -> None:
        """Take chunks of one more foot from now on."""
        ...

    def set_clock(self, side: Side, fit: ClockFit) -> None:
        """Keep the latest fit of a foot's clock."""
        ...

    def seal(self) -> None:
        """Finish the recording."""
        ...
