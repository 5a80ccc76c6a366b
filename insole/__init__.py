"""insole, the open plantar-pressure pipeline; ``insole.notebook`` is its face in Python."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from insole.notebook import analyse, open, read, to_frame  # noqa: A004 - it reads ``insole.open``

__all__ = ["analyse", "open", "read", "to_frame"]


def __getattr__(name: str) -> Any:
    """The functions of ``insole.notebook``, brought in when they are asked for: the house is built from below."""
    if name not in __all__:
        raise AttributeError(f"module 'insole' has no attribute {name!r}")
    return getattr(import_module("insole.notebook"), name)
