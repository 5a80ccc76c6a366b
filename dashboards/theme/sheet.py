"""The palettes as the style sheet's tokens."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from dashboards.theme.palette import DARK, FONT, LIGHT, PAPER, Palette


@cache
def tokens_css() -> str:
    """Custom properties: ``--left`` and so on by the reader's theme, and on paper those of ``PAPER``."""
    return f"""\
:root {{ color-scheme: light; {_tokens(LIGHT)} --font: {FONT}; }}
@media (prefers-color-scheme: dark) {{
  :root:not([data-theme="light"]) {{ color-scheme: dark; {_tokens(DARK)} }}
}}
:root[data-theme="dark"] {{ color-scheme: dark; {_tokens(DARK)} }}
@media print {{
  :root:root:root, :root[data-theme="dark"] {{ color-scheme: light; {_tokens(PAPER)} }}
}}
"""


def _tokens(palette: Palette) -> str:
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in asdict(palette).items())
