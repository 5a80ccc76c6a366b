"""How each insole of a session is doing: what arrives of it, and what it said of itself."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.control import FootStatus
    from insole.cli.session import Session

LOOK_EVERY_S = 0.25
"""How often it is looked anew, however often it is asked (our judgement)."""

OVER_S = 3.0
"""Rates and losses are those of so many seconds (our judgement)."""

SILENT_S = 1.5
"""A foot that was not heard for longer is said to be gone (our judgement)."""

Counted = dict[Side, tuple[int, int]]


class Pulse:
    """Rates and losses of a session's feet over its last seconds.

    Parameters
    ----------
    session
        That is looked at.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._past: deque[tuple[float, Counted]] = deque()
        self._feet: Mapping[Side, FootStatus] = {}

    def feet(self) -> Mapping[Side, FootStatus]:
        """By side, those that are looked for and those that are there."""
        now = self._session.now()
        if self._past and now < self._past[-1][0]:
            self._past.clear()  # the session took another clock when it began
        if not self._past or now - self._past[-1][0] >= LOOK_EVERY_S:
            self._feet = self._look(now)
        return self._feet

    def _look(self, now: float) -> Mapping[Side, FootStatus]:
        from api.control import FootStatus

        view = self._session.view
        shown = {} if view is None else view.frame(dict.fromkeys(view.feet, 2**62)).feet  # no trace
        self._past.append((now, {side: (foot.samples, foot.lost) for side, foot in shown.items()}))
        while len(self._past) > 2 and self._past[1][0] <= now - OVER_S:
            self._past.popleft()
        links = {link.side: link for link in self._session.links}
        feet = {}
        for side in (side for side in Side if side in links):
            age_s = shown[side].age_s if side in shown else None
            rate_hz, lost_pct = self._of_late(side)
            feet[side] = FootStatus(
                connected=age_s is not None and age_s <= SILENT_S,
                name=links[side].name,
                signal_dbm=links[side].signal_dbm,
                battery_pct=links[side].battery_pct,
                rate_hz=rate_hz,
                lost_pct=lost_pct,
            )
        return feet

    def _of_late(self, side: Side) -> tuple[float | None, float | None]:
        """Samples a second, and the part of them that is missing in percent."""
        with_it = [(at_s, counted[side]) for at_s, counted in self._past if side in counted]
        if not with_it or with_it[-1][0] - with_it[0][0] < 1.0:
            return None, None
        (then, before), (now, after) = with_it[0], with_it[-1]
        samples, lost = (new - old for new, old in zip(after, before, strict=True))
        rate_hz = samples / (now - then)
        return rate_hz, 100 * lost / (samples + lost) if samples + lost > 0 else None
