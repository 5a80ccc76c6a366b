"""The insoles that a user has paired: which one is the left and which the right, kept beside the store.

``devices.json`` holds no sample and names no person, so it needs no database.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from insole.disk import write_whole
from insole.errors import LinkError
from insole.side import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "devices.json"
"""The file in the data folder."""

_VERSION = 1


@dataclass(frozen=True)
class Remembered:
    """One insole.

    Attributes
    ----------
    side
        Which foot, as the insole itself says.
    device
        Name of its make, as in ``insole.devices``.
    address
        Bluetooth address; on macOS an identifier that holds on this computer only.
    name
        For people.
    """

    side: Side
    device: str
    address: str
    name: str = ""

    def has_address(self, address: str) -> bool:
        """Whether that is its address, however its letters are written."""
        return self.address.casefold() == address.strip().casefold()


def read_remembered(folder: Path) -> dict[Side, Remembered]:
    """The insoles that are remembered, by side; empty if none ever were.

    Parameters
    ----------
    folder
        Where the store is, from ``insole.disk.data_folder``.

    Raises
    ------
    LinkError
        If the file cannot be read or is not one of ours.
    """
    path = folder / FILE_NAME
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as e:
        raise _unreadable(path, str(e)) from e
    if not isinstance(data, dict) or data.get("version") != _VERSION or not isinstance(data.get("insoles"), list):
        raise _unreadable(path, f"it is not a list of insoles of version {_VERSION}")
    insoles = [_insole(path, row) for row in data["insoles"]]
    found = {insole.side: insole for insole in insoles}
    if len(found) != len(insoles):
        raise _unreadable(path, "it names two insoles for one foot")
    return {side: found[side] for side in Side if side in found}


def remember(folder: Path, insoles: Mapping[Side, Remembered]) -> dict[Side, Remembered]:
    """Remember these; another that was remembered for the same foot gives way. All that are remembered now.

    Raises
    ------
    LinkError
        If the file cannot be read or written.
    """
    both = {**read_remembered(folder), **insoles}
    now = {side: both[side] for side in Side if side in both}
    _write(folder / FILE_NAME, now)
    return now


def forget(folder: Path, address: str) -> Remembered:
    """Forget the insole of that address; the one that was forgotten.

    Raises
    ------
    LinkError
        If none of that address is remembered, or the file cannot be read or written.
    """
    known = read_remembered(folder)
    gone = next((insole for insole in known.values() if insole.has_address(address)), None)
    if gone is None:
        there = ", ".join(insole.address for insole in known.values()) or "none"
        raise LinkError(f"no insole of address {address!r} is remembered; remembered: {there}")
    _write(folder / FILE_NAME, {side: insole for side, insole in known.items() if insole is not gone})
    return gone


def _insole(path: Path, row: Any) -> Remembered:
    names = {field.name for field in fields(Remembered)}
    if not isinstance(row, dict) or set(row) != names or not all(isinstance(value, str) for value in row.values()):
        raise _unreadable(path, f"an insole needs {', '.join(sorted(names))}")
    if row["side"] not in list(Side) or not row["address"]:
        raise _unreadable(path, f"side {row['side']!r}, address {row['address']!r}")
    return Remembered(**{**row, "side": Side(row["side"])})


def _write(path: Path, insoles: Mapping[Side, Remembered]) -> None:
    data = {"version": _VERSION, "insoles": [asdict(insole) for insole in insoles.values()]}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    except OSError as e:
        raise LinkError(f"{path} cannot be written ({e.strerror}); free some space or give another folder") from e


def _unreadable(path: Path, why: str) -> LinkError:
    return LinkError(f"{path} cannot be read ({why}); delete it and pair again with `insole pair`")
