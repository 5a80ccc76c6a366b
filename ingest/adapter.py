"""What bleak raises when there is no usable Bluetooth, in plain words, with what to do on each system."""

from __future__ import annotations

import sys
from enum import Enum, auto

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError

from insole.errors import AdapterError

RADIO_ERRORS = (BleakError, OSError, EOFError)
"""What a call of bleak may raise: its own errors, D-Bus sockets that are missing or die, and timeouts."""


class _Trouble(Enum):
    """What stands between us and the radio; each needs another thing to be done."""

    NO_SERVICE = auto()
    NO_ADAPTER = auto()
    OFF = auto()
    DENIED = auto()
    UNKNOWN = auto()


_WITHOUT = "Or work without a radio: `insole demo` plays a virtual pair"
_LINUX_OFF = "Switch the adapter on: `rfkill unblock bluetooth`, then `bluetoothctl power on` (BlueZ)"
_LINUX_SERVICE = (
    "Install BlueZ (Debian, Ubuntu: `apt install bluez`) and start it (`systemctl start bluetooth`); "
    "in a container, mount /run/dbus from the host"
)
_LINUX_ADAPTER = (
    "Plug in a Bluetooth adapter (4.0 or newer) and look whether BlueZ sees it: `bluetoothctl list`; "
    "a virtual machine or a container has none unless its host gives it one"
)
_LINUX_DENIED = "Join the group that may (`sudo usermod -aG bluetooth $USER`; BlueZ's policy), log out and in again"
_MAC = (
    "Switch Bluetooth on, and allow your terminal to use it in System Settings, Privacy & Security, Bluetooth; "
    "then start the terminal again"
)
_WINDOWS_OFF = "Switch Bluetooth on in Settings, Bluetooth & devices; it needs Windows 10 version 1709 or newer"
_WINDOWS_ADAPTER = f"Plug in a Bluetooth adapter (4.0 or newer). {_WINDOWS_OFF}"
_WINDOWS_DENIED = "Allow apps to use Bluetooth: Settings, Privacy & security, Radios"
_HINTS = {
    "linux": {
        _Trouble.NO_SERVICE: _LINUX_SERVICE,
        _Trouble.NO_ADAPTER: _LINUX_ADAPTER,
        _Trouble.OFF: _LINUX_OFF,
        _Trouble.DENIED: _LINUX_DENIED,
        _Trouble.UNKNOWN: f"{_LINUX_SERVICE}. {_LINUX_OFF}",
    },
    "darwin": dict.fromkeys(_Trouble, _MAC),
    "win32": {
        **dict.fromkeys(_Trouble, _WINDOWS_OFF),
        _Trouble.NO_ADAPTER: _WINDOWS_ADAPTER,
        _Trouble.DENIED: _WINDOWS_DENIED,
    },
}
_Reason = BleakBluetoothNotAvailableReason
_REASONS = {
    _Reason.NO_BLUETOOTH: (_Trouble.NO_ADAPTER, "this computer has no Bluetooth adapter"),
    _Reason.NO_BLE_CENTRAL_ROLE: (_Trouble.NO_ADAPTER, "this computer's Bluetooth adapter cannot do Low Energy"),
    _Reason.POWERED_OFF: (_Trouble.OFF, "Bluetooth is switched off"),
    _Reason.DENIED_BY_USER: (_Trouble.DENIED, "this program was denied the use of Bluetooth"),
    _Reason.DENIED_BY_SYSTEM: (_Trouble.DENIED, "the system's policy forbids Bluetooth"),
    _Reason.DENIED_BY_UNKNOWN: (_Trouble.DENIED, "this program may not use Bluetooth"),
}
_NO_BLUEZ = (_Trouble.NO_SERVICE, "BlueZ, the Bluetooth service, is not running")
_DBUS = {
    "org.freedesktop.DBus.Error.ServiceUnknown": _NO_BLUEZ,
    "org.freedesktop.DBus.Error.NameHasNoOwner": _NO_BLUEZ,
    "org.freedesktop.DBus.Error.Spawn.ServiceNotFound": _NO_BLUEZ,
    "org.freedesktop.DBus.Error.AccessDenied": (_Trouble.DENIED, "you may not use Bluetooth on this computer"),
    "org.bluez.Error.NotReady": (_Trouble.OFF, "Bluetooth is switched off"),
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
    found = _what(error)
    if found is None:
        return None
    trouble, what = found
    hint = _HINTS[platform][trouble] if platform in _HINTS else "Switch Bluetooth on"
    return AdapterError(f"{what}. {hint}. {_WITHOUT}")


def _what(error: Exception) -> tuple[_Trouble, str] | None:
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, (_Trouble.UNKNOWN, "Bluetooth is not available"))
    if isinstance(error, BleakDBusError):
        return _DBUS.get(error.dbus_error)
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError, PermissionError)):
        return _Trouble.NO_SERVICE, "the system's message bus (D-Bus) cannot be reached, so neither can Bluetooth"
    if isinstance(error, BleakError) and "adapter" in str(error).lower():
        return _Trouble.NO_ADAPTER, "this computer has no Bluetooth adapter that is switched on"
    return None
