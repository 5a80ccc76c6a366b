"""A process of its own that files recordings: ``python -m tests.store.filer WHERE CODE TIMES``."""

from __future__ import annotations

import sys

from insole.recording import About, Side
from insole.store import Store
from tests.store.samples import recording, stream


def main(where: str, code: str, times: int) -> None:
    with Store.open(where) as store:
        for _ in range(times):
            store.add(recording(stream(Side.LEFT, 3), about=About(subject_code=code)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
