"""A pair of virtual insoles on an emulated radio: all of Bluetooth's host stack, no hardware."""

from ingest.virtual.kinds import KINDS as KINDS
from ingest.virtual.kinds import virtual_actor as virtual_actor
from ingest.virtual.kinds import virtual_walker as virtual_walker
from ingest.virtual.pair import VirtualPair as VirtualPair
from ingest.virtual.pair import virtual_pair as virtual_pair
