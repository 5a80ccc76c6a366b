"""As ``standing_and_walking``, then on one leg each: it needs a person who can."""

from __future__ import annotations

from analysis.protocol import OneLeg, Protocol, Stand, Walk
from insole.side import Side

PROTOCOL = Protocol(
    "balance-and-walking",
    "Standing, walking, one leg",
    (Stand(30.0), Walk(24), OneLeg(Side.LEFT, 10.0), OneLeg(Side.RIGHT, 10.0)),
)
