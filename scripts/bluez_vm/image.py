"""A kernel and an initial RAM disk for the check, from Debian's own packages."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent

MODULES = (
    *("virtio_pci", "virtio_console", "9p", "9pnet_virtio", "overlay"),  # the machine and its disks
    *("hci_uart", "cmac", "ecb", "ecdh_generic"),  # Bluetooth over a line, and the ciphers it will not start without
)
APPLETS = ("sh", "mount", "mkdir", "insmod", "chroot", "ifconfig", "poweroff")


def build(folder: Path) -> tuple[Path, Path]:
    """Download the distribution's kernel and make an initial RAM disk for it.

    Parameters
    ----------
    folder
        Empty; filled with some 500 MB.

    Returns
    -------
    The kernel, and the RAM disk.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        If the package or a tool cannot be had.
    """
    tree = _kernel_package(folder)
    version = next((tree / "lib/modules").iterdir()).name
    _run("depmod", "-b", tree, version)
    disk = folder / "disk"
    for room in ("bin", "proc", "sys", "dev", "modules"):
        (disk / room).mkdir(parents=True)
    shutil.copy(shutil.which("busybox") or "busybox", disk / "bin/busybox")
    for applet in APPLETS:
        (disk / "bin" / applet).symlink_to("busybox")
    files = _modules(tree, version)
    for file in files:
        shutil.copy(file, disk / "modules")
    (disk / "modules/order").write_text("".join(f"{file.name}\n" for file in files))
    shutil.copy(HERE / "init.sh", disk / "init")
    (disk / "init").chmod(0o755)
    return tree / f"boot/vmlinuz-{version}", _pack(disk, folder / "disk.gz")


def _kernel_package(folder: Path) -> Path:
    """Unpack the kernel that ``linux-image-amd64`` stands for."""
    depends = _run("apt-cache", "depends", "linux-image-amd64").split()
    package = depends[depends.index("Depends:") + 1]
    subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True, capture_output=True, text=True)
    tree = folder / "kernel"
    _run("dpkg-deb", "-x", next(folder.glob(f"{package}_*.deb")), tree)
    return tree


def _modules(tree: Path, version: str) -> list[Path]:
    """The modules' files, each after those that it needs."""
    found: dict[Path, None] = {}
    for module in MODULES:
        for line in _run("modprobe", "-d", tree, "-S", version, "--show-depends", module).splitlines():
            kind, *path = line.split()
            if kind == "insmod":
                found[Path(path[0])] = None
    return list(found)


def _pack(disk: Path, archive: Path) -> Path:
    names = "".join(f"{path.relative_to(disk)}\n" for path in sorted(disk.rglob("*")))
    packed = subprocess.run(
        ["cpio", "-o", "-H", "newc", "--quiet"], cwd=disk, input=names.encode(), check=True, capture_output=True
    )
    archive.write_bytes(gzip.compress(packed.stdout, 1))
    return archive


def _run(*command: str | Path) -> str:
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout
