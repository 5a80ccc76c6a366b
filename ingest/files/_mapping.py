"""A mapping file: which column of a table is the time, the side, a sensor. TOML, checked key by key."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from insole.errors import FormatError, LayoutError, UnitError
from insole.layout import SensorLayout, layout_from_dict, load_layout
from insole.recording import MASS_RANGE_KG, NO_DATE, About, Side, Unit
from insole.recording.channels import NAME as CHANNEL
from insole.units import kpa_per, n_per

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

S_PER_UNIT = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0, "h": 3600.0}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";", "\t": "\t"}
KEYS = {
    "file": {"delimiter", "decimal", "skip_lines", "names", "missing"},
    "time": {"column", "unit", "rate_hz"},
    "values": {"unit", "saturation", "sensors"},
    "layout": {"name", "file"},
    "side": {"column", "left", "right"},
    "left": {"sensors", "inertial"},
    "right": {"sensors", "inertial"},
    "inertial": None,
    "about": {"subject_code", "condition", "task", "body_mass_kg", "device", "started_at"},
}
"""Tables of a mapping file and their keys; None: any."""
MOST_BYTES = 1024**2


class Mapped:
    """A mapping file, asked for its keys one by one; what is wrong is told with the key and what is possible."""

    def __init__(self, content: Mapping[str, Any], path: Path) -> None:
        self.path = path
        self.content = content
        self.check_keys("", content, KEYS)
        for table, keys in KEYS.items():
            found = content.get(table, {})
            if not isinstance(found, dict):
                raise self.error(f"{table} is {found!r}, not a table [{table}]")
            if keys is not None:
                self.check_keys(f"{table}.", found, keys)

    def error(self, message: str) -> FormatError:
        """Make an error about the mapping file."""
        return FormatError(message, path=self.path)

    def check_keys(self, table: str, found: Collection[str], known: Collection[str]) -> None:
        """Refuse a key that there is not."""
        if unknown := [key for key in found if key not in known]:
            raise self.error(f"there is no key {table}{unknown[0]}; known: {', '.join(sorted(known))}")

    def get(self, table: str, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        """A value of a kind; the default where it is not given."""
        value = self.content.get(table, {}).get(key, default)
        if value is default:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            words = " or ".join(
                {str: "text", int: "a whole number", float: "a number"}.get(k, k.__name__) for k in kinds
            )
            raise self.error(f"{table}.{key} is {value!r}, not {words}")
        return value

    def one_of(self, table: str, key: str, known: Mapping[str, Any], default: str) -> Any:
        """What a word stands for."""
        word = self.get(table, key, str, default)
        if word not in known:
            raise self.error(f"{table}.{key} is {word!r}; possible: {', '.join(repr(k) for k in known)}")
        return known[word]


def load_mapping(path: Path) -> Mapped:
    """Read a mapping file.

    Raises
    ------
    FormatError
        If it cannot be read, is not TOML, or has a key that there is not.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise FormatError("more than 1 MB is no mapping file", path=path)
        return Mapped(tomllib.loads(content.decode("utf-8-sig")), path)
    except OSError as e:
        raise FormatError(f"the mapping file cannot be read ({e})", path=path) from e
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as e:
        raise FormatError(f"the mapping file is not TOML: {e}", path=path) from e


@dataclass(frozen=True, eq=False)
class Plan:
    """What a mapping file says, all of it checked except for the columns' names.

    Attributes
    ----------
    time
        Column of the times; None where samples are counted.
    s_per_time
        Seconds in one of its unit.
    rate_hz
        None where the times are to tell it.
    side
        Column that names the foot and its words for left and right; None where each foot has its columns.
    sensors, inertial
        Columns of each foot's sensors, and by channel of its motion.
    """

    time: str | int | None
    s_per_time: float
    rate_hz: float | None
    layout: SensorLayout
    unit: Unit
    per_value: float
    saturation: float | None
    side: tuple[str | int, dict[str, Side]] | None
    sensors: dict[Side, list[str | int]]
    inertial: dict[Side, dict[str, str | int]]


def plan_of(mapped: Mapped) -> Plan:
    """Everything that a mapping file says of the columns.

    Raises
    ------
    FormatError
        Naming the key at fault, and what is possible.
    """
    time = mapped.get("time", "column", (str, int))
    rate_hz = mapped.get("time", "rate_hz", (int, float))
    if (time is None and rate_hz is None) or (rate_hz is not None and not 0 < rate_hz <= 10_000):
        raise mapped.error("give time.column, or time.rate_hz above 0 and up to 10000, or both")
    layout = _layout(mapped)
    unit, per_value = _unit(mapped)
    side = _side(mapped)
    feet = list(Side) if side else [s for s in Side if mapped.content.get(str(s))]
    if not feet:
        raise mapped.error("give [side] with the column that names the foot, or [left] or [right] with their columns")
    return Plan(
        time=time,
        s_per_time=mapped.one_of("time", "unit", S_PER_UNIT, "s"),
        rate_hz=None if rate_hz is None else float(rate_hz),
        layout=layout,
        unit=unit,
        per_value=per_value,
        saturation=mapped.get("values", "saturation", (int, float)),
        side=side,
        sensors={s: _sensors(mapped, "values" if side else str(s), layout.n_sensors) for s in feet},
        inertial={s: _inertial(mapped, "inertial" if side else str(s)) for s in feet},
    )


def _unit(mapped: Mapped) -> tuple[Unit, float]:
    name = mapped.get("values", "unit", str, "")
    if name.lower() == "counts":
        return Unit.COUNTS, 1.0
    for unit, per in ((Unit.KPA, kpa_per), (Unit.N, n_per)):
        try:
            return unit, per(name)
        except UnitError:
            continue
    raise mapped.error(f"values.unit is {name!r}; possible: counts, kPa, psi, mmHg, N/cm2, bar, N, kgf, lbf, ...")


def _layout(mapped: Mapped) -> SensorLayout:
    name, file = mapped.get("layout", "name", str), mapped.get("layout", "file", str)
    if (name is None) == (file is None):
        raise mapped.error("give layout.name, a layout of this project, or layout.file, a layout as JSON")
    try:
        if name is not None:
            return load_layout(name)
        data = json.loads((mapped.path.parent / file).read_text("utf-8"))
        return layout_from_dict(data)
    except (LayoutError, OSError, ValueError, AttributeError, TypeError, RecursionError) as e:
        raise mapped.error(f"layout.{'name' if name else 'file'}: {e}") from e


def _side(mapped: Mapped) -> tuple[str | int, dict[str, Side]] | None:
    column = mapped.get("side", "column", (str, int))
    if column is None:
        return None
    if mapped.content.get("left") or mapped.content.get("right"):
        raise mapped.error("give either [side], or [left] and [right]: a file cannot have both")
    words = {str(mapped.get("side", str(s), (str, int), str(s))): s for s in Side}
    if len(words) != len(Side):
        raise mapped.error("side.left and side.right are the same word")
    return column, words


def _sensors(mapped: Mapped, table: str, n: int) -> list[str | int]:
    """Columns of the sensors in their order: listed, or as a pattern with {n}."""
    given = mapped.get(table, "sensors", (str, list))
    if isinstance(given, str):
        if "{n}" not in given:
            raise mapped.error(f"{table}.sensors is {given!r}; a pattern has {{n}} where the sensor's number stands")
        return [given.replace("{n}", str(i)) for i in range(1, n + 1)]
    if not isinstance(given, list) or len(given) != n or not all(type(c) in (str, int) for c in given):
        count = len(given) if isinstance(given, list) else "none"
        raise mapped.error(
            f"{table}.sensors has {count}; list {n} columns, one for each sensor of the layout, in order"
        )
    return given


def _inertial(mapped: Mapped, table: str) -> dict[str, str | int]:
    found = mapped.content.get("inertial", {}) if table == "inertial" else mapped.get(table, "inertial", dict, {})
    for channel, column in found.items():
        if not CHANNEL.fullmatch(channel) or type(column) not in (str, int):
            raise mapped.error(
                f"inertial.{channel} = {column!r}: write quantity_axis_unit and a column: acc_x_g = 'ax'"
            )
    return dict(found)


def about_of(mapped: Mapped) -> tuple[datetime, About]:
    """What the mapping file says of the recording."""
    words = {key: mapped.get("about", key, str, "") for key in ("subject_code", "condition", "task", "device")}
    mass = mapped.get("about", "body_mass_kg", (int, float))
    if mass is not None and not MASS_RANGE_KG[0] <= mass <= MASS_RANGE_KG[1]:
        raise mapped.error(
            f"about.body_mass_kg is {mass}; give kilograms, {MASS_RANGE_KG[0]:g} to {MASS_RANGE_KG[1]:g}"
        )
    start = mapped.get("about", "started_at", (datetime, date), NO_DATE)
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day, tzinfo=UTC)
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    return start, About(body_mass_kg=None if mass is None else float(mass), **words)
