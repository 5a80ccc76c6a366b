"""Where libraries write to that want a file, so that their bytes can be handed on as they come."""

from __future__ import annotations

import io


class Sink(io.RawIOBase):
    """Takes what is written and hands it on; like a pipe, it cannot go back, nor say where it is."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self.written = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Take some bytes."""
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        self.written += len(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


class CountingSink(Sink):
    """A sink that says how much was written."""

    def tell(self) -> int:
        """Bytes written."""
        return self.written
