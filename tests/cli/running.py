"""The commands as a user runs them, in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from insole.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def insole(*args: str | Path, **more: Any) -> Result:
    """What a command came to; a failure is among its results."""
    return CliRunner().invoke(main.app, [str(a) for a in args], **more)


def as_json(*args: str | Path) -> Any:
    """What a command that succeeds says with ``--json``."""
    result = insole(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
