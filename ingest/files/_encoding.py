"""How a text export is encoded: UTF-8, UTF-16, UTF-32 or Latin-1, with a mark or without."""

from __future__ import annotations

import codecs
import io
from typing import Protocol

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Decoder(Protocol):
    """An incremental decoder."""

    def decode(self, data: bytes, final: bool = False) -> str:
        """Decode the next bytes."""
        ...


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are Latin-1: exports mix neither, and so no file is refused for a name's umlaut."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("insole-latin-1", _as_latin_1)


def encoding_of(head: bytes) -> tuple[str, int]:
    """How a text begins: its encoding, and the bytes of its mark.

    UTF-16 is known by its mark, or by a zero in every other byte; all else is UTF-8, and Latin-1
    where it is not.
    """
    for mark, name in BOMS:
        if head.startswith(mark):
            return name, len(mark)
    even, odd = head[: len(head) // 2 * 2 : 2], head[1 : len(head) // 2 * 2 : 2]
    if odd and odd.count(0) > 0.9 * len(odd) and not even.count(0):
        return "utf-16-le", 0
    if even and even.count(0) > 0.9 * len(even) and not odd.count(0):
        return "utf-16-be", 0
    return "utf-8", 0


def decoder_of(encoding: str) -> Decoder:
    """An incremental decoder that never fails and ends each line with a line feed."""
    errors = "insole-latin-1" if encoding == "utf-8" else "replace"
    return io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
