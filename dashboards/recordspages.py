"""The bin, and bringing in files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from dashboards.language import N_, _, ngettext
from dashboards.render import environment
from insole.records import MarkKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from insole.store import Binned

KINDS = {
    "subject": N_("Subject"),
    "visit": N_("Visit"),
    "recording": N_("Recording"),
    "mark": N_("Mark"),
}
"""What can be deleted, for people."""

MARKS = {
    MarkKind.EXCLUDE: N_("Left out"),
    MarkKind.STEP: N_("Step not used"),
    MarkKind.STANDING: N_("Quiet standing"),
    MarkKind.NOTE: N_("Note"),
    MarkKind.EVENT: N_("Event of the file"),
}
"""Marks, for people."""


@dataclass(frozen=True)
class Thrown:
    """One thing in the bin, for its page.

    Attributes
    ----------
    it
        The thing.
    kind, along
        In words; ``along`` is what was deleted with it, empty where nothing was.
    address
        Where it is restored.
    """

    it: Binned
    kind: str
    along: str
    address: str


def bin_page(binned: Sequence[Binned], kept_for: timedelta) -> str:
    """What was deleted, the latest first; what the bin is for when there is nothing."""
    things = [_thrown(one) for one in binned]
    return environment().get_template("bin.html").render(things=things, days=kept_for.days, here="")


def upload_page(formats: Sequence[str], *, subject_code: str = "") -> str:
    """Where files are dropped.

    Parameters
    ----------
    formats
        What can be read, for people.
    subject_code
        Whose the files are, where that is known.
    """
    return environment().get_template("upload.html").render(formats=formats, subject_code=subject_code, here="")


def _thrown(one: Binned) -> Thrown:
    along = ngettext("{n} visit or recording with it", "{n} visits and recordings with it", one.with_it)
    item = quote(one.id, safe="")
    places = {"subject": f"subjects/{item}", "visit": f"visits/{item}", "recording": f"recordings/{item}"}
    place = places.get(one.kind, f"recordings/{quote(one.recording_id or '', safe='')}/marks/{item}")
    return Thrown(
        it=one,
        kind=_(KINDS[one.kind]),
        along=along.format(n=one.with_it) if one.with_it else "",
        address=f"/api/v1/{place}/restore",
    )
