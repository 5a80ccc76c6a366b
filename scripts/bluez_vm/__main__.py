"""The collector over real BlueZ on a real kernel, in an emulated machine; no Bluetooth hardware.

    python -m scripts.bluez_vm [--kind open16] [--seconds 10] [--keep FOLDER]

Debian's kernel and bluetoothd run in QEMU, which emulates the processor in software. The adapter
that they see is a bumble controller on the host, at the other end of a virtual console; two
virtual insoles are near it, and the left one goes out of range for two seconds. In the machine
runs the project's collector; what it stored is then held against what the insoles sent.

Needs Debian's packages qemu-system-x86, bluez, dbus, busybox-static, cpio and kmod, and apt for
the kernel's own. Ends with 0 if all was stored, 1 if not, and 77 if the check could not be made.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from ingest.virtual import KINDS, virtual_walker
from insole.recording import Side
from scripts.bluez_vm import image
from scripts.bluez_vm.radio import GAIT, cut_after, pair_on
from scripts.bluez_vm.verdict import Sent, complaints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("qemu-system-x86_64", "btattach", "dbus-daemon", "busybox", "cpio", "depmod", "apt-get", "dpkg-deb")
SKIPPED = 77
LIMIT_S, START_S = 210.0, 90.0
"""The machine is stopped after so long and twice what is to be collected, the collector in it so much earlier.
A short run takes a minute on an idle computer."""
CUT_S = 2.0


def main() -> int:
    """Run the check and print what came of it."""
    options = _options()
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    missing = [tool for tool in TOOLS if which(tool) is None]
    if missing:
        return _skipped(f"this computer has no {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="bluez-vm-") as folder:
        work = Path(options.keep or folder)
        (work / "out").mkdir(parents=True)
        try:
            kernel, disk = image.build(work)
        except (OSError, subprocess.CalledProcessError) as e:
            return _skipped(f"no kernel for it: {e} {getattr(e, 'stderr', '') or ''}".strip())
        return asyncio.run(_check(work, kernel, disk, options.kind, options.seconds))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kind", choices=KINDS, default="open16", help="which make of insole")
    parser.add_argument("--seconds", type=float, default=10.0, help="how much to collect of each foot")
    parser.add_argument("--keep", help="leave all files in this new folder")
    return parser.parse_args()


def _skipped(why: str) -> int:
    print(f"SKIPPED: the collector was not tried over real BlueZ in QEMU: {why}", flush=True)
    return SKIPPED


async def _check(work: Path, kernel: Path, disk: Path, kind: str, seconds: float) -> int:
    """Run machine and insoles until the machine is done, and judge."""
    began, out, line, walker = time.monotonic(), work / "out", work / "hci", virtual_walker(GAIT, kind)
    samples, limit_s = round(seconds * walker.rate_hz), LIMIT_S + 2 * seconds
    told = {"DEVICE": KINDS[kind].device.name, "SAMPLES": samples, "LIMIT": round(limit_s - START_S)}
    machine = await asyncio.create_subprocess_exec(*_qemu(kernel, disk, out, line, told))
    while not line.exists() and machine.returncode is None:  # noqa: ASYNC110 (nobody tells)
        await asyncio.sleep(0.05)
    try:
        async with asyncio.timeout(limit_s), pair_on(line, walker, kind) as pair:
            cut = asyncio.create_task(cut_after(pair, Side.LEFT, samples // 2, CUT_S))
            await machine.wait()
            before_cut = cut.result() if cut.done() else 0
            cut.cancel()
            spans = {side: len(insole.sent_span) for side, insole in pair.insoles.items()}
            sent = Sent(spans, Side.LEFT, before_cut, keeps=KINDS[kind].device.backlog is not None)
        wrong = complaints(out, walker, sent)
    except TimeoutError:
        wrong = [f"the machine did not end within {limit_s:.0f} s"]
    except OSError as e:
        wrong = [f"the machine's line cannot be opened: {e}"]
    finally:
        if machine.returncode is None:
            machine.kill()
            await machine.wait()
    if wrong:
        _show_logs(out)
        print(*(f"WRONG: {what}" for what in wrong), sep="\n")
    print(
        f"real BlueZ in QEMU, {kind}: {'failed' if wrong else 'passed'}, {time.monotonic() - began:.0f} s", flush=True
    )
    return 1 if wrong else 0


def _show_logs(out: Path) -> None:
    for log in sorted(out.glob("*.log")):
        print(f"--- end of {log.name}", *log.read_text(errors="replace").splitlines()[-15:], sep="\n")


def _qemu(kernel: Path, disk: Path, out: Path, line: Path, values: Mapping[str, object]) -> Sequence[str]:
    told = " ".join(
        f'{name}="{value}"' for name, value in {"CHECKOUT": ROOT, "PYTHON": sys.executable, **values}.items()
    )
    share = "local,security_model=none,multidevs=remap"
    return (
        *("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-m", "1G", "-smp", "2"),
        *("-display", "none", "-nodefaults", "-no-reboot", "-serial", f"file:{out / 'console.log'}"),
        *("-kernel", str(kernel), "-initrd", str(disk)),
        *("-append", f"console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests {told}"),
        *("-virtfs", f"{share},path=/,mount_tag=host,readonly=on"),
        *("-virtfs", f"{share},path={out},mount_tag=out"),
        *("-device", "virtio-serial-pci", "-chardev", f"socket,id=hci,path={line},server=on,wait=off"),
        *("-device", "virtconsole,chardev=hci"),
    )


if __name__ == "__main__":
    sys.exit(main())
