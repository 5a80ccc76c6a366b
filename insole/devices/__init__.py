"""Insoles this project can talk to: one module each, offering a ``DEVICE``.

A module here turns bytes into numbers and back, and says how an insole is recognised and
started. It never touches a radio; ``ingest.link`` does that for every device alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.devices._device import Advertised as Advertised
from insole.devices._device import Backlog as Backlog
from insole.devices._device import Device as Device
from insole.devices._device import Packet as Packet
from insole.devices._device import join as join
from insole.devices._dialogue import Ask as Ask
from insole.devices._dialogue import Dialogue as Dialogue
from insole.devices._dialogue import Read as Read
from insole.devices._dialogue import Step as Step
from insole.devices._dialogue import Write as Write
from insole.devices._dialogue import hold as hold
from insole.errors import LinkError
from insole.registry import discover

if TYPE_CHECKING:
    from collections.abc import Mapping


def devices() -> Mapping[str, Device]:
    """Every device known, by name."""
    return discover("insole.devices", "DEVICE", Device)


def find_device(name: str) -> Device:
    """The device of that name.

    Raises
    ------
    LinkError
        If there is none; the message lists the names there are.
    """
    known = devices()
    if name not in known:
        raise LinkError(f"no insole is called {name!r}; known: {', '.join(known)}")
    return known[name]
