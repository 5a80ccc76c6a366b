"""The README's commands, for a machine that has only Python 3.11 or newer.

::

    python3 scripts/start.py demo [options of `insole demo`]
    python3 scripts/start.py test [--quick] [options of pytest]

Each makes the environment ``.venv`` beside this checkout the first time (a few minutes),
from the locked versions, and leaves the rest of the machine as it is.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def main() -> int:
    """Make the environment, then do what was asked."""
    if sys.version_info < (3, 11):
        print(f"insole needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try python3.11, python3.12, ...")
        return 2
    task, *rest = sys.argv[1:] or ["help"]
    if task == "demo":
        _environment("requirements.lock")
        return _run([str(BIN / "insole"), "demo", *rest])
    if task == "test":
        _environment("requirements-dev.lock")
        return _checks(rest)
    print(__doc__)
    return 0 if task in {"help", "-h", "--help"} else 2


def _environment(lock: str) -> None:
    """Install the locked versions once; again only when the lock or the project file changed."""
    wanted = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.installed"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print("Preparing the environment in .venv; the first time this takes a few minutes.", flush=True)
    if not PYTHON.exists():
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit("This Python cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _must([*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock)])
    _must([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    stamp.write_text(wanted)


def _checks(options: list[str]) -> int:
    """Format, lint, types, floors, tests, coverage: what has to pass before a change lands."""
    quick = "--quick" in options
    options = [o for o in options if o != "--quick"]
    python = str(PYTHON)
    checks: list[list[str]] = []
    if not quick:
        checks = [
            [python, "-m", "ruff", "format", "--check", "."],
            [python, "-m", "ruff", "check", "."],
            [python, "-m", "mypy"],
            [str(BIN / "lint-imports")],
        ]
    if quick or options:
        checks.append([python, "-m", "pytest", *options])
    else:
        (ROOT / ".coverage").unlink(missing_ok=True)
        checks += [
            [python, "-m", "coverage", "run", "-m", "pytest", "-n", "auto", "--dist", "worksteal"],
            [python, "-m", "coverage", "combine", "--quiet"],
            [python, "-m", "coverage", "report"],
        ]
    for check in checks:
        print("·", " ".join(Path(c).name if c == check[0] else c for c in check), flush=True)
        code = _run(check)
        if code:
            print(f"failed: {' '.join(check)}", file=sys.stderr)
            return code
    return 0


def _must(command: list[str]) -> None:
    code = _run(command)
    if code:
        sys.exit(f"could not prepare the environment (exit {code}); see the message above")


def _run(command: list[str]) -> int:
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
