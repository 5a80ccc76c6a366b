"""What a person sees on the terminal while a session runs."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from insole.cli.console import err
from insole.side import Side

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from analysis.live import LiveFoot
    from insole.cli.session import Session

REFRESH_S = 0.25
"""How often the view is drawn anew."""

RATE_OVER_S = 2.0
"""The rate shown is that of so many seconds (our judgement)."""

SILENT_S = 1.0
"""From when on a foot is said to be silent (our judgement)."""


class LiveTable:
    """The state of a session as a table: a row for each thing, a column for each foot."""

    def __init__(self, session: Session, *, duration_s: float | None) -> None:
        self._session, self._duration_s = session, duration_s
        self._past: deque[tuple[float, dict[Side, int]]] = deque()

    def render(self) -> Table | str:
        """How it is now."""
        from rich.table import Table

        session = self._session
        view = session.view
        if view is None or not session.started.is_set():
            return f"{session.state} Ctrl-C stops."
        feet = view.frame(dict.fromkeys(view.feet, 2**62)).feet  # no trace: it is not drawn
        rates = self._rates({side: foot.samples for side, foot in feet.items()})
        links = {link.side: link for link in session.links}
        made = Table(title=f"{session.state} {self._elapsed()}", title_justify="left", box=None, header_style="bold")
        made.add_column("")
        sides = [side for side in Side if side in feet or side in links]
        for side in sides:
            made.add_column(str(side), justify="right", min_width=16)
        made.add_row("rate", *(f"{rates[side]:.1f} Hz" if side in rates else "–" for side in sides))
        made.add_row("lost", *(_lost(feet[side]) if side in feet else "–" for side in sides))
        made.add_row(f"force, {view.force_unit}", *(_force(feet.get(side)) for side in sides))
        made.add_row("battery", *(_battery(links[side].battery_pct) for side in sides))
        made.add_row("drops", *(str(max(0, links[side].connections - 1)) for side in sides))
        return made

    def _elapsed(self) -> str:
        elapsed = clock(self._session.now() - self._session.zero_s)
        if self._session.stop.is_set():
            return f"{elapsed}. Ending: what is still on its way is fetched and stored."
        of = "" if self._duration_s is None else f" of {clock(self._duration_s)}"
        return f"{elapsed}{of}. Ctrl-C ends it and keeps the recording."

    def _rates(self, samples: dict[Side, int]) -> dict[Side, float]:
        now = self._session.now()
        self._past.append((now, samples))
        while len(self._past) > 2 and self._past[1][0] <= now - RATE_OVER_S:
            self._past.popleft()
        then, before = self._past[0]
        return {side: (n - before.get(side, 0)) / (now - then) for side, n in samples.items()} if now > then else {}


def clock(seconds: float) -> str:
    """A duration as people read it: 0:07, 12:34, 1:02:03."""
    minutes, s = divmod(max(0, int(seconds)), 60)
    h, m = divmod(minutes, 60)
    return f"{h}:{m:02}:{s:02}" if h else f"{m}:{s:02}"


async def show(session: Session, duration_s: float | None, *, console: Console = err) -> None:
    """Draw the session until cancelled; nothing where nobody looks."""
    if not console.is_terminal:
        return
    from rich.live import Live

    table = LiveTable(session, duration_s=duration_s)
    with (
        Live(table.render(), console=console, auto_refresh=False, transient=True) as live,
        suppress(asyncio.CancelledError),
    ):
        while True:
            await asyncio.sleep(REFRESH_S)
            live.update(table.render(), refresh=True)


def _lost(foot: LiveFoot) -> str:
    total = foot.samples + foot.lost
    return f"{foot.lost} ({100 * foot.lost / total:.1f} %)" if total else "–"


def _force(foot: LiveFoot | None) -> str:
    if foot is None or foot.age_s is None:
        return "looking for it"
    if foot.age_s > SILENT_S:
        return f"silent for {foot.age_s:.0f} s"
    return "–" if foot.force is None else f"{foot.force:.0f}"


def _battery(battery_pct: int | None) -> str:
    return "–" if battery_pct is None else f"{battery_pct} %"
