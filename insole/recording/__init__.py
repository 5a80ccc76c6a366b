"""What a pair of insoles recorded, raw: as the device sent it or the file gave it."""

from insole.recording.about import MASS_RANGE_KG, NO_DATE, About, checked_mass_kg
from insole.recording.channels import channel_meaning, channel_unit
from insole.recording.columns import FIXED, UNIT_SUFFIX, sensor_columns
from insole.recording.feet import FootMeta, Unit
from insole.recording.streams import Chunk, ClockFit, FootStream, to_ticks_us
from insole.recording.whole import Recording
from insole.side import Side

__all__ = [
    "FIXED",
    "MASS_RANGE_KG",
    "NO_DATE",
    "UNIT_SUFFIX",
    "About",
    "Chunk",
    "ClockFit",
    "FootMeta",
    "FootStream",
    "Recording",
    "Side",
    "Unit",
    "channel_meaning",
    "channel_unit",
    "checked_mass_kg",
    "sensor_columns",
    "to_ticks_us",
]
