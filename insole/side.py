"""A foot."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """A foot. Signed asymmetries are always right minus left."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite foot."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT
