"""Tables of what an analysis found: steps, their regions, values, centres of pressure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insole.export._beside import dictionary
from insole.export._exporter import Choice, OutFile
from insole.export._text import Column, small_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from analysis.recipe import Study
    from insole.export._outgoing import Outgoing

RECORDING = Column("recording", "", "what the recording's files are called, as in recordings.csv")
SIDE = Column("side", "", "foot: left or right")
STEP = Column("step", "", "number of the stance among the foot's complete ones, from 1")


def table(
    columns: Sequence[Column], rows: Callable[[Study], Iterable[Sequence[object]]]
) -> Callable[[Outgoing, Choice], Iterator[OutFile]]:
    """How an exporter writes a table of a study: which columns, and the rows after the recording's name."""

    def files(outgoing: Outgoing, choice: Choice) -> Iterator[OutFile]:
        every = (RECORDING, *columns)

        def chunks() -> Iterator[bytes]:
            named = ((outgoing.label, *row) for row in rows(outgoing.study))
            return small_table(every, named, choice)

        yield OutFile(f"{outgoing.label}.csv", chunks)
        yield dictionary(outgoing.label, every)

    return files
