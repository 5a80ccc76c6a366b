"""``insole mark``: say what of a recording is not to count, and where the subject stood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from insole.cli.console import Data, Json, open_store, out, print_json
from insole.cli.stretches import in_words, mark_of
from insole.side import Side

if TYPE_CHECKING:
    from insole.records import Mark
    from insole.store import Store


def mark(
    recording_id: Annotated[str, typer.Argument(metavar="ID", help="Recording, as in `insole list`.")],
    exclude: Annotated[
        list[str] | None, typer.Option(metavar="FROM-TO", help="Steps in these seconds do not count.")
    ] = None,
    step: Annotated[
        list[str] | None, typer.Option(metavar="FROM-TO", help="This one step of --side does not count.")
    ] = None,
    standing: Annotated[
        list[str] | None, typer.Option(metavar="FROM-TO", help="Quiet standing is in these seconds, and not elsewhere.")
    ] = None,
    note: Annotated[list[str] | None, typer.Option(metavar="FROM-TO", help="Keep --text for these seconds.")] = None,
    side: Annotated[Side | None, typer.Option(help="The foot it is of; both when not given.")] = None,
    text: Annotated[str, typer.Option(help="What there is to say.")] = "",
    remove: Annotated[list[str] | None, typer.Option(metavar="MARK", help="Take a mark away, by its id.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Mark stretches of a recording, and list its marks. Samples never change."""
    from insole.records import MarkKind

    asked = {MarkKind.EXCLUDE: exclude, MarkKind.STEP: step, MarkKind.STANDING: standing, MarkKind.NOTE: note}
    new = [mark_of(kind, stretch, side=side, note=text) for kind, given in asked.items() for stretch in given or ()]
    with open_store(data) as store:
        marks = _change(store, recording_id, new, remove or [])
    if as_json:
        print_json([{"id": m.id, **_as_dict(m)} for m in marks])
        return
    for m in marks:
        out.print(f"{m.id}  {in_words(m)}", markup=False)
    if not marks:
        out.print(f"No marks. For example: insole mark {recording_id} --exclude 3-5", markup=False)


def _change(store: Store, recording_id: str, new: list[Mark], gone: list[str]) -> list[Mark]:
    for mark_id in gone:
        store.marks.delete(recording_id, mark_id)
    for one in new:
        store.marks.add(recording_id, one)
    return store.marks.list(recording_id)


def _as_dict(m: Mark) -> dict[str, object]:
    side = None if m.side is None else str(m.side)
    return {"kind": str(m.kind), "start_s": m.start_s, "stop_s": m.stop_s, "side": side, "text": m.text}
