"""What a guided test asks of a person, as data: tasks one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.side import Side


@dataclass(frozen=True)
class Stand:
    """Stand still on both feet.

    Attributes
    ----------
    seconds
        How long without moving.
    most_s
        When it is given up.
    """

    kind: ClassVar[str] = "stand"
    seconds: float
    most_s: float = 120.0

    @property
    def need(self) -> float:
        """How much of it is enough."""
        return self.seconds


@dataclass(frozen=True)
class Walk:
    """Walk at a usual pace.

    Attributes
    ----------
    steps
        How many that an analysis can use, half of them with each foot; even.
    most_s
        When it is given up.
    """

    kind: ClassVar[str] = "walk"
    steps: int
    most_s: float = 180.0

    @property
    def need(self) -> float:
        """How much of it is enough."""
        return float(self.steps)


@dataclass(frozen=True)
class OneLeg:
    """Stand on one leg.

    Attributes
    ----------
    side
        Which.
    seconds
        How long with the other foot lifted.
    most_s
        When it is given up.
    """

    kind: ClassVar[str] = "one_leg"
    side: Side
    seconds: float
    most_s: float = 60.0

    @property
    def need(self) -> float:
        """How much of it is enough."""
        return self.seconds


Task: TypeAlias = Stand | Walk | OneLeg


@dataclass(frozen=True)
class Protocol:
    """A guided test.

    Attributes
    ----------
    name
        Stable; stored with the recording.
    title
        For people, in English; pages translate it.
    tasks
        In order. One recording holds them all.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]


def protocols() -> Mapping[str, Protocol]:
    """The guided tests that there are, by name."""
    return discover("analysis.protocols", "PROTOCOL", Protocol)
