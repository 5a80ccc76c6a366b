"""What to ask an insole for next, so that nothing it still has stays lost. No radio here: see ``Link.ask``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.timeline import Timeline
    from insole.devices import Backlog

QUIET_S = 0.5
"""An answer that has paused for so long is over; what is missing of it is asked for again (our judgement)."""

TRIES = 20
"""How often a window is asked for without a single sample before it is given up (our judgement)."""

POLL_S = 0.1
"""How often an insole that sends only when asked is asked how far it is (our judgement)."""


class Fetch:
    """Asks for one window at a time, the oldest first: an insole's memory forgets from that end.

    Parameters
    ----------
    backlog
        How this insole is asked.
    timeline
        What came, and what is missing.
    """

    def __init__(self, backlog: Backlog, timeline: Timeline) -> None:
        self._backlog, self._line = backlog, timeline
        self._asked: tuple[int, int] | None = None
        self._missing_when_asked = self._tries = 0
        self._held: tuple[int, int] | None = None
        self._gone_before = 0  # nothing older is asked for: it is gone, or was asked for in vain
        self._heard_s = self._polled_s = -float("inf")
        self._ending = False
        self._goal: int | None = None  # at the end: up to where an insole that sends only when asked is asked still
        self.reachable = True

    @property
    def pulls(self) -> bool:
        """Whether this insole sends nothing unasked."""
        return self._backlog.newest is not None

    @property
    def newest(self) -> int | None:
        """The newest sample that such an insole said to have; None before, and for one that sends unasked."""
        return None if self._held is None else self._held[1] - 1

    @property
    def busy(self) -> bool:
        """Whether there is something to ask for, now or when the insole is reached again, or an answer to wait for."""
        return self.pulls or self._asked is not None or self._line.gaps.oldest(self._gone_before) is not None

    @property
    def waits(self) -> bool:
        """Whether anything may still come of what is missing, or of what nobody asked for yet."""
        return self.reachable and (self._line.gaps.oldest(self._gone_before) is not None or self._lags)

    @property
    def _lags(self) -> bool:
        """Whether an insole that sends only when asked may hold what it measured before the end."""
        if not (self._ending and self.pulls and self._line.first_sample is not None):
            return False
        return self._goal is None or max(self._line.next_sample, self._gone_before) < self._goal

    def end(self) -> None:
        """Ask for what is missing, or was measured before now, and for nothing new any more."""
        self._ending = True

    def next(self, now_s: float) -> bytes | None:
        """The command to write now, if there is one."""
        if self._asked is not None and not self._is_over(self._asked, now_s):
            return None
        self._asked = self._wanted()
        if self._asked is not None:
            first, stop = self._asked
            self._heard_s, self._missing_when_asked = now_s, self._missing(first, stop)
            return self._backlog.ask(self._line.counter_of(first), stop - first)
        if (self._ending and not self._lags) or now_s - self._polled_s < POLL_S:
            return None
        self._polled_s = now_s
        return self._backlog.newest

    def told(self, *, sent: bool) -> None:
        """Whether the last command reached the insole. What did not is no try."""
        self.reachable = sent
        if not sent:
            self._asked, self._tries, self._polled_s = None, 0, -float("inf")

    def takes(self, payload: bytes) -> bool:
        """Take a notification in if it is an answer without samples; False if it is something else."""
        gone, held = self._backlog.gone(payload), self._backlog.reached(payload)
        if gone is not None:
            first = self._line.sample_of(gone[0])
            self._give_up(first + gone[1])
        elif held is not None:
            self._hold(*held)
        return gone is not None or held is not None

    def came(self, now_s: float) -> None:
        """Note that samples came that had been asked for."""
        self._heard_s = now_s

    def _is_over(self, asked: tuple[int, int], now_s: float) -> bool:
        missing, last_came = self._missing(*asked), not self._missing(asked[1] - 1, asked[1])
        if not last_came and now_s - self._heard_s < QUIET_S:  # answers come in order
            return False
        self._tries = self._tries + 1 if missing == self._missing_when_asked else 0
        if self._tries >= TRIES:
            self._give_up(asked[1])
        return True

    def _wanted(self) -> tuple[int, int] | None:
        span = self._line.gaps.oldest(self._gone_before)
        if span is None and self._held is not None and (self._lags or not self._ending):
            begun = self._line.first_sample is not None
            stop = self._held[1] if self._goal is None else min(self._held[1], self._goal)
            span = (max(self._line.next_sample, self._gone_before) if begun else self._held[1] - 1, stop)
        if span is None or span[0] >= span[1]:
            return None
        return span[0], min(span[1], span[0] + self._backlog.window)

    def _missing(self, first: int, stop: int) -> int:
        first = max(first, self._gone_before)
        known = self._line.gaps.missing(first, stop)
        begun = self._line.first_sample is not None
        return known + max(0, stop - (max(first, self._line.next_sample) if begun else first))

    def _give_up(self, before: int) -> None:
        """Ask for nothing older any more; what comes of it all the same is welcome."""
        self._gone_before, self._tries = max(self._gone_before, before), 0

    def _hold(self, first_counter: int, count: int) -> None:
        """The insole says what it has: nothing older will come.

        If that ends before what it sent already, it was switched off and on.
        """
        first = self._line.sample_of(first_counter)
        if self._line.first_sample is not None and first + count < self._line.next_sample:
            self._line.expect_anew(first_counter + count - 1)
            first, count = self._line.next_sample, 1
        self._give_up(first)
        self._held = (first, first + count)
        if self._ending and self._goal is None:
            self._goal = first + count
