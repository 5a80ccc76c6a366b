"""What a virtual insole says before anybody is connected to it, in the two parts that a radio has for that."""

from __future__ import annotations

from dataclasses import dataclass

from bumble.core import UUID, AdvertisingData

from insole.errors import LinkError

PART_MAX = 31
"""Bytes of either part (Bluetooth Core 5.4, Vol 6, Part B, 2.3.1.1 and 2.3.2.2); Linux drops what is longer."""

_FLAGS = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED


@dataclass(frozen=True)
class Advertisement:
    """The two parts.

    Attributes
    ----------
    data
        Sent to all, again and again.
    scan_response
        Answered to a computer that asks for more, as one does that scans actively.

    Raises
    ------
    LinkError
        If a part is longer than ``PART_MAX``.
    """

    data: bytes
    scan_response: bytes = b""

    def __post_init__(self) -> None:
        for part, content in (("advertisement", self.data), ("scan response", self.scan_response)):
            if len(content) > PART_MAX:
                raise LinkError(
                    f"a virtual insole's {part} has {len(content)} bytes and a radio takes {PART_MAX}: "
                    "let it say less, or move something to the other part"
                )


def advertisement(service_uuid: str, manufacturer: bytes | None, name: str) -> Advertisement:
    """Make the two parts.

    A computer looks for the service, so it is in the first part; manufacturer data is beside it if it
    fits, else in the second. The name comes last, where there is room: it can be read once connected.

    Parameters
    ----------
    service_uuid
        What a computer looks for.
    manufacturer
        Manufacturer data, the company first; None if there is none.
    name
        Of the insole.

    Raises
    ------
    LinkError
        If the manufacturer data fits in neither.
    """
    kind = AdvertisingData.Type
    data = _structure(kind.FLAGS, bytes([_FLAGS]))
    data += _structure(kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, UUID(service_uuid).to_bytes())
    response = b""
    if manufacturer is not None:
        said = _structure(kind.MANUFACTURER_SPECIFIC_DATA, manufacturer)
        if len(data + said) <= PART_MAX:
            data += said
        else:
            response = said
    named = _structure(kind.COMPLETE_LOCAL_NAME, name.encode())
    if len(response + named) <= PART_MAX:
        response += named
    return Advertisement(data, response)


def _structure(kind: AdvertisingData.Type, content: bytes) -> bytes:
    return bytes(AdvertisingData([(kind, content)]))
