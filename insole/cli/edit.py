"""``insole edit``: say what a recording is, and whose."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from insole.cli.console import Data, Json, open_store, out, print_json
from insole.errors import InsoleError


def edit(
    recording_id: Annotated[str, typer.Argument(metavar="ID", help="Recording, as in `insole list`.")],
    subject: Annotated[str | None, typer.Option(help='Subject code (a pseudonym); "" for none.')] = None,
    condition: Annotated[str | None, typer.Option(help="For example: shoe, orthosis A.")] = None,
    task: Annotated[str | None, typer.Option(help="For example: walking, standing.")] = None,
    mass: Annotated[float | None, typer.Option(help="Body mass in kg, of that day.")] = None,
    note: Annotated[str, typer.Option(help="A line to add to the notes.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Change what is known of a recording, or the subject it belongs to. Samples never change."""
    given: dict[str, Any] = {"subject_code": subject, "condition": condition, "task": task, "body_mass_kg": mass}
    given = {key: value for key, value in given.items() if value is not None}
    if not given and not note:
        raise InsoleError("nothing to change; give --subject, --condition, --task, --mass or --note")
    with open_store(data) as store:
        info = store.recordings.edit(recording_id, note=note, **given)
    about = info.about
    if as_json:
        facts = {key: getattr(about, key) for key in ("subject_code", "condition", "task", "body_mass_kg")}
        print_json({"id": info.id, "subject_id": info.subject_id, "visit_id": info.visit_id, **facts})
        return
    mass_words = "" if about.body_mass_kg is None else f"{about.body_mass_kg:g} kg"
    words = filter(None, (about.subject_code, about.condition, about.task, mass_words))
    out.print(f"{info.id}  {', '.join(words) or 'nothing known'}", markup=False)
