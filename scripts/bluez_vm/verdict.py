"""What the insoles sent against what the guest stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.virtual import playing
from insole.recording import Side
from insole.walker import Walker, nominal_calibration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from insole.typing import I64, Samples

ON_THE_WAY_S = 0.3
"""What a cut, or the session's end, may catch between insole and collector (our judgement)."""

CONNECTED_S = 300.0
"""An insole is connected to within so long after it was switched on."""


@dataclass(frozen=True)
class Sent:
    """What happened on the host's side.

    Attributes
    ----------
    samples
        How many each insole measured between the first and the last that it sent.
    cut, before_cut
        Which insole went out of range, and how many samples it had sent then.
    keeps
        Whether it keeps what it could not send, to send it later.
    """

    samples: Mapping[Side, int]
    cut: Side
    before_cut: int
    keeps: bool


def complaints(out: Path, walker: Walker, sent: Sent) -> list[str]:
    """Print the figures of a finished session; returns what is wrong with it, empty if nothing is.

    Parameters
    ----------
    out
        The folder that the guest wrote to.
    walker
        What the insoles played.
    sent
        What they sent.
    """
    try:
        said = json.loads((out / "summary.json").read_text())
    except FileNotFoundError:
        return ["the collector did not get to its end"]
    wrong = list(said["problems"])
    print(f"{'foot':<6}{'sent':>7}{'stored':>8}{'lost':>6}{'twice':>7}{'drops':>7}")
    for side in Side:
        if side in said["feet"]:
            wrong += [f"the {side} foot {what}" for what in _foot(out, walker, sent, side, said["feet"][side])]
    return wrong


def _foot(out: Path, walker: Walker, sent: Sent, side: Side, foot: Mapping[str, Any]) -> Iterator[str]:
    counts = (sent.samples[side], foot["samples"], foot["lost"], foot["duplicates"], foot["drops"])
    print(f"{side:<6}{{:>7}}{{:>8}}{{:>6}}{{:>7}}{{:>7}}".format(*counts))
    with np.load(out / f"{side}.npz") as stored:
        order = np.argsort(stored["sample"])  # what a device keeps and sends later comes after the rest
        sample, values = stored["sample"][order], stored["values"][order]
    on_the_way = round(ON_THE_WAY_S * walker.rate_hz)
    if not _is_played(walker, side, sample - sample[0], values):
        yield "was stored with other values than it sent"
    if foot["duplicates"] or np.any(np.diff(sample) < 1):
        yield "was delivered or stored twice in part"
    gaps = np.flatnonzero(np.diff(sample) > 1)
    if side is sent.cut:
        if foot["drops"] != 1 or len(gaps) > (0 if sent.keeps else 1):
            yield f"was out of range once, which left {foot['drops']} drops and {len(gaps)} gaps"
        elif len(gaps) and not abs(gaps[0] + 1 - sent.before_cut) <= on_the_way:
            yield f"had sent {sent.before_cut} samples when it went out of range; the gap is after {gaps[0] + 1}"
    elif foot["drops"] or len(gaps):
        yield "did not arrive whole"
    if not 0 <= sent.samples[side] - (sample[-1] - sample[0] + 1) <= on_the_way:
        yield "is stored in another length than it sent but for what was on the way when the session ended"


def _is_played(walker: Walker, side: Side, index: I64, values: Samples) -> bool:
    """Whether stored counts are what an insole played, from wherever its samples began to be counted."""
    calibration = nominal_calibration(walker.layout) if np.isfinite(walker.layout.area_mm2).all() else None
    n = int(index[-1]) + 1 + round(CONNECTED_S * walker.rate_hz)
    played = playing.counts(walker, side, 0, n, calibration)
    starts = np.flatnonzero((played[: n - index[-1]] == values[0]).all(axis=1))
    return any(np.array_equal(played[start + index], values) for start in starts)
