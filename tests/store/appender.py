"""A process of its own that appends: ``python -m tests.store.appender FOLDER APPENDS [CHANNEL ...]``.

It prints the recording's id, then the number of each append that returned; then it seals.
"""

from __future__ import annotations

import sys

from insole.recording import About, Side
from insole.store import Store
from tests.store.samples import STARTED_AT, both, chunk

SAMPLES = 20


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(folder: str, appends: int, channels: tuple[str, ...]) -> None:
    with Store.open(folder) as store:
        writer = store.begin(STARTED_AT, About(), both(channels=channels))
        say(writer.id)
        for i in range(appends):
            writer.append([chunk(side, i * SAMPLES, SAMPLES, channels=channels) for side in Side])
            say(str(i))
        writer.seal()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), tuple(sys.argv[3:]))
