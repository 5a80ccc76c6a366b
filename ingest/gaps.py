"""Which samples are missing and may still come."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

GAPS_REMEMBERED = 1024
"""Gaps that may still be filled; of more, the oldest stay gaps (our judgement)."""


class Gap(NamedTuple):
    """Sample numbers ``first`` to ``stop``, between device times ``after_us`` and ``before_us``."""

    first: int
    stop: int
    after_us: int
    before_us: int


class Gaps:
    """Stretches of missing samples, rising and apart from each other."""

    def __init__(self) -> None:
        self._gaps: list[Gap] = []

    def __bool__(self) -> bool:
        return bool(self._gaps)

    def oldest(self, since: int = 0) -> tuple[int, int] | None:
        """First and stop of the oldest stretch that is missing at and after a sample."""
        which = self._touching(since, since + 1).start
        return (max(self._gaps[which].first, since), self._gaps[which].stop) if which < len(self._gaps) else None

    def add(self, gap: Gap) -> None:
        """Note a gap that lies after all others."""
        self._gaps.append(gap)
        del self._gaps[:-GAPS_REMEMBERED]

    def missing(self, first: int, stop: int) -> int:
        """How many samples of a stretch are missing."""
        touching = self._gaps[self._touching(first, stop)]
        return sum(min(gap.stop, stop) - max(gap.first, first) for gap in touching)

    def fill(self, first: int, stop: int, us_of: Callable[[int], int]) -> list[tuple[int, int]]:
        """Which samples of a stretch that came were missing; from now on they are not.

        Parameters
        ----------
        first, stop
            The stretch.
        us_of
            Device time of a sample in it. What does not fit between the times around its gap
            is not taken.
        """
        touching, filled, left = self._touching(first, stop), [], []
        for gap in self._gaps[touching]:
            a, b = max(gap.first, first), min(gap.stop, stop)
            if not gap.after_us < us_of(a) <= us_of(b - 1) < gap.before_us:
                left.append(gap)
                continue
            filled.append((a, b))
            left += [gap._replace(stop=a, before_us=us_of(a))] if gap.first < a else []
            left += [gap._replace(first=b, after_us=us_of(b - 1))] if b < gap.stop else []
        self._gaps[touching] = left
        return filled

    def clear(self) -> None:
        """Expect nothing of the past any more."""
        self._gaps.clear()

    def _touching(self, first: int, stop: int) -> slice:
        start = bisect_left(self._gaps, first + 1, key=lambda gap: gap.stop)
        return slice(start, max(start, bisect_left(self._gaps, stop, key=lambda gap: gap.first)))
