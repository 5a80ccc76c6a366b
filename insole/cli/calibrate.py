"""``insole calibrate``: from counts to kPa, by known loads or by body weight."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insole.cli.console import Data, Json, find_recording, open_store, out, print_json
from insole.errors import CalibrationError
from insole.side import Side

if TYPE_CHECKING:
    from datetime import date

    from analysis.onefoot import OneFootStand
    from insole.calibration import AnyCalibration, Fit
    from insole.recording import FootStream, Recording
    from insole.typing import F64

app = typer.Typer(no_args_is_help=True, help="Make, check and use the calibration of an insole.")

Which = Annotated[str, typer.Argument(metavar="PATH_OR_ID", help="A file, or a recording's id.")]
Foot = Annotated[Side, typer.Option(help="Which insole.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Calibration file to write.")]


@app.command("loads")
def from_loads(
    path_or_id: Which,
    side: Foot,
    loads: Annotated[Path, typer.Option(help="CSV of start_s,stop_s,pressure_kpa: when which pressure was held.")],
    output: Output = None,
    table: Annotated[bool, typer.Option("--table", help="A table per sensor, for sensors that bend.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fit a calibration to a recording of known, even pressures (a bladder)."""
    from analysis.calibrating import hold_means
    from insole.calibration import fit_line, fit_table
    from insole.cli.loads import read_loads

    foot = _foot(find_recording(path_or_id, data), side)
    holds = read_loads(loads)
    fit = (fit_table if table else fit_line)(
        hold_means(foot, holds),
        _pressures([hold.pressure_kpa for hold in holds]),
        foot=str(side),
        made_on=_today(),
        method=f"{'a table' if table else 'a line'} through {len(holds)} known loads ({loads.name})",
    )
    if output is not None:
        _write(output, foot, fit.calibration)
    if as_json:
        print_json({**_described(fit.calibration, output), **_fit_as_dict(fit)})
    else:
        _print_fit(fit, output)


@app.command("weight")
def from_weight(
    path_or_id: Which,
    side: Foot,
    mass: Annotated[
        float | None, typer.Option(help="Body mass in kg, with clothes.", show_default="the recording's")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the calibration scaled to body weight.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Hold a calibration against body weight: stand on that leg alone for some seconds."""
    from analysis.onefoot import one_foot_stand

    recording = find_recording(path_or_id, data)
    foot = _foot(recording, side)
    mass = mass if mass is not None else recording.about.body_mass_kg
    if mass is None:
        raise CalibrationError("the recording does not say how heavy the person is; give it with --mass")
    stand = one_foot_stand(recording, side, body_mass_kg=mass)
    scaled = None if output is None else _scaled(foot, stand)
    if output is not None and scaled is not None:
        _write(output, foot, scaled)
    if as_json:
        written = {} if scaled is None else {"calibration": _described(scaled, output)}
        print_json({**_stand_as_dict(stand), **written})
    else:
        _print_stand(stand, scaled, output)


@app.command("use")
def use(
    file: Annotated[Path, typer.Argument(help="Calibration file.")],
    recording_id: Annotated[str, typer.Option("--recording", metavar="ID", help="Recording in the store.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give a stored recording's foot another calibration; the samples stay as they are."""
    from insole.calibration_file import read_calibration

    found = read_calibration(file)
    with open_store(data) as store:
        before = _foot(store.read(recording_id, start_s=0.0, stop_s=0.0), found.side)
        found.check(before.meta)
        store.set_calibration(recording_id, found.side, found.calibration)
    replaced = None if before.calibration is None else before.calibration.id
    if as_json:
        side = str(found.side)
        print_json({"recording": recording_id, "side": side, "calibration": found.calibration.id, "replaced": replaced})
    else:
        out.print(
            f"{recording_id}: the {found.side} foot has calibration {found.calibration.id} "
            f"instead of {replaced or 'none'}; the recording's notes say so.",
            markup=False,
        )


def _foot(recording: Recording, side: Side) -> FootStream:
    if side not in recording.feet:
        raise CalibrationError(f"the recording has no {side} foot; it has {', '.join(recording.feet)}")
    return recording.feet[side]


def _today() -> date:
    return datetime.now(UTC).date()


def _pressures(kpa: list[float]) -> F64:
    import numpy as np

    return np.array(kpa, np.float64)


def _scaled(foot: FootStream, stand: OneFootStand) -> AnyCalibration:
    from insole.calibration import scaled

    if foot.calibration is None:
        raise CalibrationError(f"the {foot.side} foot's values are {foot.unit}: there is no calibration to scale")
    method = f"scaled to body weight by standing on one leg, from {foot.calibration.id}"
    return scaled(foot.calibration, 1 / stand.ratio, foot=str(foot.side), made_on=_today(), method=method)


def _write(path: Path, foot: FootStream, calibration: AnyCalibration) -> None:
    from insole.calibration_file import FootCalibration, write_calibration

    write_calibration(path, FootCalibration(foot.side, foot.layout.name, calibration))


def _described(calibration: AnyCalibration, path: Path | None) -> dict[str, Any]:
    return {
        "id": calibration.id,
        "made_on": calibration.made_on.isoformat(),
        "method": calibration.method,
        "fit_error_kpa": calibration.fit_error_kpa,
        "file": None if path is None else str(path),
    }


def _fit_as_dict(fit: Fit) -> dict[str, Any]:
    return {
        "load_kpa": fit.load_kpa.tolist(),
        "worst_error_kpa": fit.worst_kpa.tolist(),
        "notes": list(fit.notes),
    }


def _print_fit(fit: Fit, path: Path | None) -> None:
    made, worst = fit.calibration, fit.worst_kpa
    at = int(worst.argmax())
    error = "not known" if made.fit_error_kpa is None else f"{made.fit_error_kpa:.2f} kPa (root mean square)"
    out.print(f"{made.id}  {made.n_sensors} sensors, {made.method}, {made.made_on.isoformat()}", markup=False)
    out.print(f"  loads {fit.load_kpa.min():g} to {fit.load_kpa.max():g} kPa", markup=False)
    out.print(f"  error {error}; worst {worst[at]:.2f} kPa, at sensor {at + 1}", markup=False)
    columns = [f"{i:>3} {kpa:7.2f}" for i, kpa in enumerate(worst, 1)]
    out.print("  worst error of each sensor, kPa:", markup=False)
    for start in range(0, len(columns), 6):
        out.print("   " + "".join(columns[start : start + 6]), markup=False)
    _print_rest(fit.notes, path)


def _stand_as_dict(stand: OneFootStand) -> dict[str, Any]:
    return {
        "side": str(stand.side),
        "start_s": stand.start_s,
        "stop_s": stand.stop_s,
        "force_n": stand.force_n,
        "force_sd_n": stand.force_sd_n,
        "body_weight_n": stand.body_weight_n,
        "ratio": stand.ratio,
        "within_tolerance": stand.within_tolerance,
        "other_foot_seen": stand.other_seen,
    }


def _print_stand(stand: OneFootStand, scaled: AnyCalibration | None, path: Path | None) -> None:
    from analysis.onefoot import WEIGHT_TOLERANCE

    verdict = f"{'within' if stand.within_tolerance else 'not within'} {100 * WEIGHT_TOLERANCE:g} % of body weight"
    out.print(
        f"{stand.side} foot alone from {stand.start_s:.1f} to {stand.stop_s:.1f} s: {stand.force_n:.0f} N "
        f"(sd {stand.force_sd_n:.0f}), body weight {stand.body_weight_n:.0f} N",
        markup=False,
    )
    out.print(f"  ratio {stand.ratio:.3f}, {verdict}", markup=False)
    notes = [] if stand.other_seen else ["the other foot's force is not known: make sure that it was off the ground"]
    if scaled is not None:
        notes.insert(0, f"scaled by {1 / stand.ratio:.3f}: {scaled.id}")
    _print_rest(notes, path)


def _print_rest(notes: tuple[str, ...] | list[str], path: Path | None) -> None:
    for note in notes:
        out.print(f"• {note}", markup=False)
    if path is not None:
        out.print(f"Wrote {path}. Next: insole calibrate use {path} --recording ID", markup=False)
