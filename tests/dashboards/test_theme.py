from __future__ import annotations

import re
from dataclasses import asdict, fields

import plotly.graph_objects as go
import pytest

from dashboards.render import STATIC
from dashboards.theme import DARK, LIGHT, PALETTES, Palette, recolour, style

CSS = (STATIC / "style.css").read_text("utf-8")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("token", ["ink", "muted", "left", "right", "warn"])
def test_text_in_every_colour_reads_on_both_grounds(name, token):
    palette = PALETTES[name]
    assert contrast(getattr(palette, token), palette.surface) >= 4.5
    assert contrast(getattr(palette, token), palette.page) >= 4.5


@pytest.mark.parametrize("name", PALETTES)
def test_text_of_the_surface_reads_on_both_feets_colours(name):
    palette = PALETTES[name]
    assert contrast(palette.surface, palette.left) >= 4.5
    assert contrast(palette.surface, palette.right) >= 4.5


def test_no_two_tokens_of_a_palette_share_a_colour():
    for palette in PALETTES.values():
        assert len(set(asdict(palette).values())) == len(fields(Palette))


def tokens(block: str) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in re.findall(r"--([a-z-]+): ([^;]+);", block)}


@pytest.mark.parametrize(
    ("start", "palette"),
    [
        (":root {", LIGHT),
        (':root:not([data-theme="light"]) {', DARK),
        ('\n:root[data-theme="dark"] {', DARK),
        ('  :root, :root[data-theme="dark"] {', LIGHT),
    ],
    ids=["light", "dark by system", "dark by choice", "print"],
)
def test_the_style_sheet_has_the_figures_colours(request, start, palette):
    block = CSS[CSS.index(start) + len(start) :]
    found = tokens(block[: block.index("}")])
    on_paper = {"page": "#ffffff", "warn": None} if "print" in request.node.name else {}
    for token, value in asdict(palette).items():
        assert found.get(token) == on_paper.get(token, value), token


def test_recolour_swaps_every_colour_once():
    figure = style(go.Figure(go.Scatter(x=[1], y=[2], line={"color": LIGHT.left})), height=100)
    dark = recolour(figure.to_json(), DARK)
    assert DARK.left in dark
    assert DARK.line in dark
    assert not [c for c in asdict(LIGHT).values() if f'"{c}"' in dark]
    assert recolour(dark, DARK) == dark
    assert recolour(figure.to_json(), LIGHT) == figure.to_json()
