"""A zip, made while it is sent: the same files give the same bytes, wherever they go."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from insole.export._sink import Sink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insole.export._exporter import OutFile

LEVEL = 1
"""Of compression: six times as fast as the usual, a tenth larger (measured on samples as text)."""
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The time that each file has: a zip tells no date, and is the same whenever it is made."""


def zipped(files: Iterable[OutFile]) -> Iterator[bytes]:
    """The bytes of a zip of those files, as they are made."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for file in files:
            info = zipfile.ZipInfo(file.name, date_time=OLDEST)
            info.compress_type = zipfile.ZIP_STORED if file.packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
            with archive.open(info, "w", force_zip64=file.may_be_large) as member:
                for chunk in file.chunks():
                    member.write(chunk)
                    yield from _some(sink)
            yield from _some(sink)
    yield from _some(sink)


def _some(sink: Sink) -> Iterator[bytes]:
    data = sink.taken()
    if data:
        yield data
