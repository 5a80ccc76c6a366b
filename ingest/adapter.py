"""What bleak raises when there is no usable Bluetooth, in plain words."""

from __future__ import annotations

import sys

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError

from insole.errors import AdapterError

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""What a call of bleak may raise: its own errors, D-Bus sockets that are missing or die, and timeouts."""

_WITHOUT = "or work without a radio: `insole demo` plays a virtual pair"
_HINTS = {
    "linux": (
        "Install BlueZ (Debian: `apt install bluez`), start it (`systemctl start bluetooth`) and switch the "
        "adapter on (`bluetoothctl power on`); in a container, mount /run/dbus from the host"
    ),
    "darwin": (
        "Switch Bluetooth on, and allow your terminal to use it in System Settings, Privacy & Security, Bluetooth"
    ),
    "win32": "Switch Bluetooth on in Settings, Bluetooth & devices; it needs Windows 10 version 1709 or newer",
}
_REASONS = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "this computer has no Bluetooth adapter",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: "this computer's Bluetooth adapter cannot do Low Energy",
    BleakBluetoothNotAvailableReason.POWERED_OFF: "Bluetooth is switched off",
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: "this program was denied the use of Bluetooth",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "the system's policy forbids Bluetooth",
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: "this program may not use Bluetooth",
}
_DBUS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": "BlueZ, the Bluetooth service, is not running",
    "org.freedesktop.DBus.Error.NameHasNoOwner": "BlueZ, the Bluetooth service, is not running",
    "org.freedesktop.DBus.Error.AccessDenied": "you may not use Bluetooth; are you in the group `bluetooth`?",
    "org.bluez.Error.NotReady": "Bluetooth is switched off",
}


def plain_error(error: Exception, *, platform: str = sys.platform) -> AdapterError | None:
    """The error to show if ``error`` means that Bluetooth itself is unusable; None if only an insole is gone.

    Parameters
    ----------
    error
        One of ``RADIO_ERRORS``.
    platform
        As ``sys.platform``, to say what to do.
    """
    what = _what(error)
    if what is None:
        return None
    hint = _HINTS.get(platform, "Switch Bluetooth on")
    return AdapterError(f"{what}. {hint}; {_WITHOUT}")


def _what(error: Exception) -> str | None:
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, "Bluetooth is not available")
    if isinstance(error, BleakDBusError):
        return _DBUS.get(error.dbus_error)
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError, PermissionError)):
        return "the system's message bus (D-Bus) cannot be reached, so neither can Bluetooth"
    if isinstance(error, BleakError) and "adapter" in str(error).lower():
        return "this computer has no Bluetooth adapter that is switched on"
    return None
