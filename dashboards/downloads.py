"""The forms in which recordings can be downloaded, in words."""

from __future__ import annotations

from dashboards.language import N_, _
from insole.export import exporters

TITLES = {
    "values": N_("Values of the report"),
    "steps": N_("Steps, one a row"),
    "regions": N_("Regions of each step"),
    "cop": N_("Force and centre of pressure"),
    "csv": N_("Samples, a row for each foot"),
    "csv-wide": N_("Samples, both feet side by side"),
    "parquet": N_("Samples as Parquet"),
    "bids": N_("Samples as BIDS-Motion"),
    "c3d": N_("Force and centre of pressure as C3D"),
    "mat": N_("Samples for MATLAB"),
}
"""Of the forms that come with the project, numbers first; others show their own title."""


def downloads() -> list[tuple[str, str]]:
    """Name and title of each form that can be made on this computer."""
    ready = [form for form in exporters().values() if form.is_ready]
    order = list(TITLES)
    ready.sort(key=lambda form: order.index(form.name) if form.name in order else len(order))
    return [(form.name, _(TITLES.get(form.name, form.title))) for form in ready]
