"""Write the two lock files again: exact versions and hashes, no addresses.

Needs ``uv`` on the path. Run it after a change of the dependencies in ``pyproject.toml``,
or to take newer releases (``python scripts/lock.py --upgrade``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = [
    "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--fork-strategy", "fewest",
    "--custom-compile-command", "python scripts/lock.py",
    "--group", "build", "pyproject.toml",
]  # fmt: skip


def main() -> None:
    """Resolve what runs, then what checks, so that both agree."""
    extra = sys.argv[1:]
    subprocess.run([*COMMON, *extra, "--extra", "virtual", "-o", "requirements.lock"], cwd=ROOT, check=True)
    subprocess.run(
        [*COMMON, *extra, "--extra", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"],
        cwd=ROOT,
        check=True,
    )


if __name__ == "__main__":
    main()
