"""A message bus of our own, so that nothing of the computer's is touched."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from insole.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"""


@asynccontextmanager
async def private_bus() -> AsyncIterator[str]:
    """Run a dbus-daemon; gives its address, as ``DBUS_SYSTEM_BUS_ADDRESS`` takes it.

    Raises
    ------
    LinkError
        If there is no dbus-daemon, or it does not start.
    """
    if which("dbus-daemon") is None:
        raise LinkError("the emulated BlueZ needs dbus-daemon (Debian: `apt install dbus`)")
    with TemporaryDirectory(prefix="insole-bus-") as folder:
        config = _write_config(Path(folder))
        daemon = await asyncio.create_subprocess_exec(
            *("dbus-daemon", "--nofork", "--nopidfile", "--print-address", f"--config-file={config}"),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            address = await daemon.stdout.readline() if daemon.stdout else b""
            if not address:
                raise LinkError("dbus-daemon did not start; its own words stand above")
            yield address.decode().strip()
        finally:
            if daemon.returncode is None:
                daemon.terminate()
            await daemon.communicate()


def _write_config(folder: Path) -> Path:
    config = folder / "bus.conf"
    config.write_text(_CONFIG.format(socket=folder / "bus"))
    return config
