"""No Bluetooth is said in plain words, with what to do on each system."""

from __future__ import annotations

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
)

from ingest.adapter import RADIO_ERRORS, plain_error

UNUSABLE = [
    *(BleakBluetoothNotAvailableError("", reason) for reason in BleakBluetoothNotAvailableReason),
    BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []),
    BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["no"]),
    BleakError("No Bluetooth adapters found."),
    FileNotFoundError(2, "No such file or directory"),
    ConnectionRefusedError(),
    PermissionError(),
]


@pytest.mark.parametrize("error", UNUSABLE, ids=repr)
@pytest.mark.parametrize(
    ("platform", "word"),
    [("linux", "BlueZ"), ("darwin", "System Settings"), ("win32", "Settings"), ("plan9", "Switch Bluetooth on")],
)
def test_an_unusable_radio_says_what_and_what_to_do(error: Exception, platform: str, word: str) -> None:
    assert isinstance(error, RADIO_ERRORS)
    plain = plain_error(error, platform=platform)
    assert plain is not None
    assert word in str(plain)
    assert "insole demo" in str(plain)


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), BleakDeviceNotFoundError("F0"), BleakError("not connected"), EOFError(), BrokenPipeError(),
     BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"])],
    ids=repr,
)  # fmt: skip
def test_a_lost_insole_is_not_an_unusable_radio(error: Exception) -> None:
    assert isinstance(error, RADIO_ERRORS)
    assert plain_error(error) is None


@pytest.mark.parametrize(
    ("error", "what", "to_do"),
    [
        (FileNotFoundError(2, "No such file"), "message bus", "apt install bluez"),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), "not running", "systemctl start bluetooth"),
        (BleakBluetoothNotAvailableError("", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "no Bluetooth adapter",
         "bluetoothctl list"),
        (BleakDBusError("org.bluez.Error.NotReady", []), "switched off", "bluetoothctl power on"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), "may not use", "usermod -aG bluetooth"),
    ],
    ids=["no bus", "no service", "no adapter", "off", "denied"],
)  # fmt: skip
def test_on_linux_each_trouble_has_its_own_advice(error: Exception, what: str, to_do: str) -> None:
    said = str(plain_error(error, platform="linux"))
    assert what in said
    assert to_do in said
