"""Conversations with an insole, without a radio: generators that say what to do next.

A dialogue yields ``Read``, ``Write`` or ``Ask`` and is sent what came of it; what it returns is
its result. ``ingest.talk`` holds it over a radio, ``hold`` against a function, as tests do::

    def describe(now):
        about = yield Read(INFO_UUID)
        side = yield Ask(RX_UUID, b"side?", TX_UUID, lambda said: said.startswith(b"side"))
        yield Write(TIME_UUID, encode_time(now))
        return FootMeta(...)
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Read:
    """Read a characteristic. Sent back: its value, or None if the insole does not have it."""

    uuid: str


@dataclass(frozen=True)
class Write:
    """Write to a characteristic, with response. Sent back: None."""

    uuid: str
    data: bytes


@dataclass(frozen=True)
class Ask:
    """Write to a characteristic and wait for the notification that answers.

    Attributes
    ----------
    uuid, data
        Where to write, and what.
    answer_uuid
        Characteristic that notifies of the answer.
    wants
        Whether a notification is the answer. Others are not taken from whom they are meant for.
    """

    uuid: str
    data: bytes
    answer_uuid: str
    wants: Callable[[bytes], bool]


Step: TypeAlias = Read | Write | Ask
Dialogue: TypeAlias = Generator[Step, bytes | None, T]
"""Yields steps, is sent what each brought, returns its result. It may raise ``PacketError`` or ``LinkError``."""


def hold(dialogue: Dialogue[T], answer: Callable[[Step], bytes | None]) -> T:
    """Hold a dialogue against a function in place of an insole.

    Parameters
    ----------
    dialogue
        Not begun yet.
    answer
        From a step to what it brings.

    Raises
    ------
    ValueError
        If the function answers an ``Ask`` with what was not asked for.
    """
    try:
        step = next(dialogue)
        while True:
            said = answer(step)
            if isinstance(step, Ask) and (said is None or not step.wants(said)):
                raise ValueError(f"{said!r} does not answer {step.data.hex()}")
            step = dialogue.send(said)
    except StopIteration as end:
        result: T = end.value
        return result
