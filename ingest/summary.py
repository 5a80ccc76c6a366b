"""What a collection brought in, and how well."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from insole.sync import sync_uncertainty_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.foot import Foot
    from insole.recording import Side


@dataclass(frozen=True)
class FootSummary:
    """One foot.

    Attributes
    ----------
    name, firmware, battery_pct
        The insole, and its charge as last read.
    began_s
        Session second of its first sample, above that of the other foot if it came later; None without one.
    samples, expected, lost
        Samples stored or to be stored, how many there should be between the first and the
        last, and how many of those are missing.
    duplicates, late
        Samples that came again, which are left out; and after later ones, which are in their place.
    garbled, why_garbled
        Notifications that could not be read, and what was wrong with the last.
    drops, resets
        Times that the connection was lost and came back; that the insole's counter began anew.
    overruns
        Samples that gave way because the store was too slow.
    buffer_samples, buffer_bytes
        The ring between radio and store: how many samples wait in it at most, and its size in memory.
    rate_hz
        Measured on the session's clock; None from fewer than two samples.
    drift_ppm
        By how much the insole's clock runs fast against ours.
    residual_ms
        Spread of the clock's fit.
    """

    name: str
    firmware: str
    battery_pct: int | None
    began_s: float | None
    samples: int
    expected: int
    lost: int
    duplicates: int
    late: int
    garbled: int
    why_garbled: str
    drops: int
    resets: int
    overruns: int
    buffer_samples: int
    buffer_bytes: int
    rate_hz: float | None
    drift_ppm: float
    residual_ms: float | None


@dataclass(frozen=True)
class Summary:
    """A collection.

    Attributes
    ----------
    feet
        By side, those that were there.
    duration_s
        How long it ran.
    sync_uncertainty_ms
        How well the two feet's times fit together, see ``insole.sync``. None with one foot.
    slowest_append_s
        The longest time that the store took for one append.
    problems
        What the user should know, in words.
    """

    feet: Mapping[Side, FootSummary]
    duration_s: float
    sync_uncertainty_ms: float | None
    slowest_append_s: float
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain dictionaries, lists, numbers and text."""
        return {
            "feet": {str(side): asdict(foot) for side, foot in self.feet.items()},
            "duration_s": self.duration_s,
            "sync_uncertainty_ms": self.sync_uncertainty_ms,
            "slowest_append_s": self.slowest_append_s,
            "problems": list(self.problems),
        }


def summarise(
    feet: Mapping[Side, Foot], *, duration_s: float, slowest_append_s: float, problems: tuple[str, ...]
) -> Summary:
    """Sum up what the feet counted."""
    sync_s = sync_uncertainty_s([foot.clock.fit() for foot in feet.values()])
    return Summary(
        feet={side: _foot(foot) for side, foot in feet.items()},
        duration_s=duration_s,
        sync_uncertainty_ms=None if sync_s is None else 1e3 * sync_s,
        slowest_append_s=slowest_append_s,
        problems=(*problems, *_losses(feet)),
    )


def _losses(feet: Mapping[Side, Foot]) -> list[str]:
    """What was lost here and not on the radio."""
    return [
        f"the {side} foot: {foot.ring.overruns} samples were lost because the store was too slow; "
        "record to a faster disk, and let nothing else write to it"
        for side, foot in feet.items()
        if foot.ring.overruns
    ]


def _foot(foot: Foot) -> FootSummary:
    line, fit, link = foot.timeline, foot.clock.fit(), foot.link
    expected = line.received + line.lost
    span_s = 0.0 if foot.first_us is None else fit.rate * (foot.last_us - foot.first_us) * 1e-6
    return FootSummary(
        name=link.name,
        firmware=link.firmware,
        battery_pct=link.battery_pct,
        began_s=None if foot.first_us is None else fit.offset_s + fit.rate * foot.first_us * 1e-6,
        samples=line.received - foot.ring.overruns,
        expected=expected,
        lost=line.lost + foot.ring.overruns,
        duplicates=line.duplicates,
        late=line.late,
        garbled=foot.garbled,
        why_garbled=foot.why,
        drops=foot.drops,
        resets=line.resets,
        overruns=foot.ring.overruns,
        buffer_samples=foot.ring.capacity,
        buffer_bytes=foot.ring.nbytes,
        rate_hz=(expected - 1) / span_s if expected > 1 and span_s > 0 else None,
        drift_ppm=(1 / fit.rate - 1) * 1e6,
        residual_ms=None if fit.residual_s is None else fit.residual_s * 1e3,
    )
