from __future__ import annotations

import re
from dataclasses import asdict, fields

import plotly.graph_objects as go
import pytest

from dashboards.render import STATIC
from dashboards.theme import DARK, LIGHT, PALETTES, Palette, recolour, style, tokens_css
from dashboards.theme.palette import PAPER


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


def test_the_style_sheet_has_every_colour_in_light_dark_and_print():
    blocks = [tokens(block) for block in re.findall(r"\{([^{}]*)\}", tokens_css())]
    assert len(blocks) == 4
    for block, palette in zip(blocks, (LIGHT, DARK, DARK, PAPER), strict=True):
        assert {name: block[name] for name in asdict(palette)} == asdict(palette)


def test_style_sheets_use_only_tokens_that_there_are_and_no_colours_of_their_own():
    sheets = {path.name: path.read_text("utf-8") for path in (STATIC / "css").glob("*.css")}
    known = set(re.findall(r"(--[a-z0-9-]+):", tokens_css() + "".join(sheets.values())))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", "".join(sheets.values()))) <= known
    for name, sheet in sheets.items():
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", sheet), name


def test_recolour_swaps_every_colour_once():
    figure = style(go.Figure(go.Scatter(x=[1], y=[2], line={"color": LIGHT.left})), height=100)
    dark = recolour(figure.to_json(), DARK)
    assert DARK.left in dark
    assert DARK.line in dark
    assert not [c for c in asdict(LIGHT).values() if f'"{c}"' in dark]
    assert recolour(dark, DARK) == dark
    assert recolour(figure.to_json(), LIGHT) == figure.to_json()
