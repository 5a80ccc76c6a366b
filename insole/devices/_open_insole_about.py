"""What an Open Insole says of itself: three kinds of value, read once after connecting.

Every value ends in the CRC-16 of the bytes before it. A GATT value holds at most 512 bytes,
so geometry and calibration have up to four pages, each a characteristic of its own.
"""

from __future__ import annotations

import binascii
import struct
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from insole.calibration import Calibration
from insole.devices._told_layout import told_layout
from insole.errors import CalibrationError, LayoutError, PacketError
from insole.layout import layout_names, load_layout
from insole.recording import FootMeta, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insole.layout import SensorLayout
    from insole.typing import F64


def uuid(number: int) -> str:
    """UUID of the service (1) or of one of its characteristics."""
    return f"5f4c{number:04x}-5a7e-476c-bb26-fac87e62515e"


INFO_UUID = uuid(0x0002)
GEOMETRY_UUIDS = tuple(uuid(0x0010 + page) for page in range(4))
CALIBRATION_UUIDS = tuple(uuid(0x0020 + page) for page in range(4))
UUIDS = (INFO_UUID, *GEOMETRY_UUIDS, *CALIBRATION_UUIDS)

ROWS_PER_PAGE = 72
"""Sensors on a page: 4 + 1 + 40 + 8 + 72 rows of 6 + 2 bytes stay under 512; 4 pages hold 255."""

_INFO = struct.Struct("<BBBBHHB")
_PAGE = struct.Struct("<BBBB")
_GEOMETRY_ROW = np.dtype([("x", "<i2"), ("y", "<i2"), ("area", "<u2")])
_CALIBRATION_ROW = np.dtype([("offset", "<u2"), ("pa", "<f4")])
_CALIBRATION = struct.Struct("<HBBf")
_VERSION = 1
_BITS = 12
_TOLERANCE_MM = 0.5


def encode(meta: FootMeta, *, bits: int | None = None) -> dict[str, bytes]:
    """The values that an insole of this description offers, by characteristic.

    Parameters
    ----------
    meta
        The foot. Positions are rounded to 0.1 mm, areas to 1 mm², offsets to counts, slopes
        to float32.
    bits
        Width of the insole's converter; by default what ``meta.saturation`` needs, or else 12.

    Raises
    ------
    CalibrationError
        If the calibration is a table: the profile carries straight lines.
    """
    layout = meta.layout
    if bits is None:
        bits = _BITS if meta.saturation is None else int(meta.saturation).bit_length()
    name = layout.name.encode()
    period_us, length = round(1e6 / meta.rate_hz), round(layout.length_mm * 10)
    info = _INFO.pack(_VERSION, meta.side is Side.RIGHT, layout.n_sensors, bits, period_us, length, len(name))
    values = {INFO_UUID: _seal(info + name)}
    geometry = np.zeros(layout.n_sensors, _GEOMETRY_ROW)
    geometry["x"], geometry["y"] = np.round(layout.xy_mm.T * 10)
    geometry["area"] = np.round(np.nan_to_num(layout.area_mm2))
    values |= _pages(GEOMETRY_UUIDS, b"", geometry)
    if meta.calibration is not None:
        if not isinstance(meta.calibration, Calibration):
            raise CalibrationError(
                f"calibration {meta.calibration.id!r} is a table; the profile carries straight lines"
            )
        values |= _pages(CALIBRATION_UUIDS, _calibration_head(meta.calibration), _calibration_rows(meta.calibration))
    return values


def decode(values: Mapping[str, bytes]) -> FootMeta:
    """What the foot is, from the values that could be read.

    Parameters
    ----------
    values
        By characteristic. Geometry may be missing if the layout's name is one that comes
        with this project; calibration may be missing.

    Raises
    ------
    PacketError
        If a value is damaged, missing or contradicts another.
    """
    info = _open(values, INFO_UUID, "info", _INFO.size)
    version, side, n, bits, period_us, length, name_size = _INFO.unpack_from(info)
    if version != _VERSION or side > 1 or not n or not 1 <= bits <= 16 or not period_us:
        raise PacketError(
            f"info: version {version}, side {side}, {n} sensors, {bits} bits, {period_us} us apart; "
            f"expected version {_VERSION}, side 0 or 1, and sensors, 1 to 16 bits and a period above zero"
        )
    if len(info) != _INFO.size + name_size:
        raise PacketError(f"info: the layout's name has {len(info) - _INFO.size} bytes, byte 8 says {name_size}")
    name = info[_INFO.size :].decode("utf-8", "replace")
    try:
        layout = _layout(values, name, n, length / 10)
        calibration = _calibration(values, n)
    except (LayoutError, CalibrationError) as e:
        raise PacketError(f"what the insole says of itself is wrong: {e}") from e
    return FootMeta(
        side=Side.RIGHT if side else Side.LEFT,
        layout=layout,
        unit=Unit.COUNTS,
        rate_hz=1e6 / period_us,
        calibration=calibration,
        saturation=float(2**bits - 1),
    )


def _layout(values: Mapping[str, bytes], name: str, n: int, length_mm: float) -> SensorLayout:
    rows = _rows(values, GEOMETRY_UUIDS, "geometry", n, _GEOMETRY_ROW)[1]
    if name.partition(":")[0] not in layout_names():
        return _own_layout(rows, name, n, length_mm)
    layout = load_layout(name)
    if layout.n_sensors != n:
        raise PacketError(f"info: {n} sensors, but layout {name!r} has {layout.n_sensors}")
    if rows is not None and np.abs(_xy_mm(rows) - layout.xy_mm).max() > _TOLERANCE_MM:
        raise PacketError(f"geometry: not that of layout {name!r}; an insole of its own needs a name of its own")
    return layout


def _own_layout(rows: np.ndarray | None, name: str, n: int, length_mm: float) -> SensorLayout:
    """A layout known only from the insole: its sensors, in the reference insole's outline scaled to its length."""
    if rows is None:
        raise PacketError(f"geometry is missing, and this project knows no layout {name!r}")
    if not length_mm:
        raise PacketError("info: a length of zero; give the insole's length in 0.1 mm")
    return told_layout(
        name or f"open-insole-own-{n}",
        title=f"{n} sensors, positions told by the insole",
        source="Positions and areas from the insole; outline of the reference insole, scaled to its length",
        xy_mm=_xy_mm(rows),
        area_mm2=rows["area"].astype(float) if rows["area"].all() else None,
        length_mm=length_mm,
        schematic=False,
    )


def _xy_mm(rows: np.ndarray) -> F64:
    return np.stack([rows["x"], rows["y"]], axis=1) / 10.0


def _calibration_head(calibration: Calibration) -> bytes:
    made, error = calibration.made_on, calibration.fit_error_kpa
    identity = calibration.id.encode()[:40]
    numbers = _CALIBRATION.pack(made.year, made.month, made.day, np.nan if error is None else error * 1000)
    return bytes([len(identity)]) + identity + numbers


def _calibration_rows(calibration: Calibration) -> np.ndarray:
    rows = np.zeros(calibration.offset.size, _CALIBRATION_ROW)
    rows["offset"], rows["pa"] = np.round(calibration.offset), calibration.kpa_per_count * 1000
    return rows


def _calibration(values: Mapping[str, bytes], n: int) -> Calibration | None:
    head, rows = _rows(values, CALIBRATION_UUIDS, "calibration", n, _CALIBRATION_ROW)
    if rows is None:
        return None
    size = head[0] if head else 0
    if len(head) != 1 + size + _CALIBRATION.size:
        raise PacketError(f"calibration: a head of {len(head)} bytes; expected {1 + size + _CALIBRATION.size}")
    year, month, day, error_pa = _CALIBRATION.unpack_from(head, 1 + size)
    try:
        made_on = date(year, month, day)
    except ValueError as e:
        raise PacketError(f"calibration: {year}-{month}-{day} is no date") from e
    return Calibration(
        id=head[1 : 1 + size].decode("utf-8", "replace"),
        made_on=made_on,
        method="stored in the insole",
        offset=rows["offset"].astype(np.float64),
        kpa_per_count=rows["pa"].astype(np.float64) / 1000,
        fit_error_kpa=None if np.isnan(error_pa) else error_pa / 1000,
    )


def _pages(uuids: tuple[str, ...], head: bytes, rows: np.ndarray) -> dict[str, bytes]:
    starts = range(0, len(rows), ROWS_PER_PAGE)
    cuts = [(first, rows[first : first + ROWS_PER_PAGE]) for first in starts]
    return {
        key: _seal(_PAGE.pack(_VERSION, len(head), first, len(cut)) + head + cut.tobytes())
        for key, (first, cut) in zip(uuids, cuts, strict=False)
    }


def _rows(
    values: Mapping[str, bytes], uuids: tuple[str, ...], what: str, n: int, row: np.dtype[np.void]
) -> tuple[bytes, np.ndarray | None]:
    if uuids[0] not in values:
        return b"", None
    heads, rows, reached = set(), [], 0
    for key in uuids[: -(-n // ROWS_PER_PAGE)]:
        page = _open(values, key, what, _PAGE.size)
        version, head_size, first, count = _PAGE.unpack_from(page)
        size = _PAGE.size + head_size + count * row.itemsize
        if version != _VERSION or first != reached or len(page) != size:
            raise PacketError(
                f"{what}: version {version}, {count} sensors from {first} in {len(page)} bytes; "
                f"expected version {_VERSION}, from {reached}, {size} bytes"
            )
        heads.add(page[_PAGE.size : _PAGE.size + head_size])
        rows.append(np.frombuffer(page, row, count, _PAGE.size + head_size))
        reached += count
    if reached != n or len(heads) != 1:
        raise PacketError(f"{what}: {reached} sensors of {n}, {len(heads)} different heads; read all pages again")
    return heads.pop(), np.concatenate(rows)


def _seal(value: bytes) -> bytes:
    return value + struct.pack("<H", binascii.crc_hqx(value, 0xFFFF))


def _open(values: Mapping[str, bytes], key: str, what: str, least: int) -> bytes:
    value = values.get(key)
    if value is None:
        raise PacketError(f"{what}: characteristic {key} is missing")
    if len(value) < least + 2:
        raise PacketError(f"{what}: {len(value)} bytes; expected at least {least + 2}")
    sent, own = struct.unpack_from("<H", value, len(value) - 2)[0], binascii.crc_hqx(value[:-2], 0xFFFF)
    if sent != own:
        raise PacketError(f"{what}: checksum 0x{sent:04x}; expected 0x{own:04x}")
    return bytes(value[:-2])
