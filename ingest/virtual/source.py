"""What a virtual insole can play: the walker, or a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from insole.layout import SensorLayout
    from insole.recording import Side
    from insole.typing import Samples


class Source(Protocol):
    """Samples of both feet at one rate, counted from power-on, to be asked for in any order."""

    @property
    def layout(self) -> SensorLayout:
        """Geometry of either insole."""
        ...

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        ...

    def counts(self, side: Side, first_sample: int, n: int, calibration: Any, /) -> Samples:
        """``(n, S)`` uint16 counts of samples from ``first_sample`` on; ``calibration`` is the insole's own."""
        ...
