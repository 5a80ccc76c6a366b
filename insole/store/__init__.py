"""Recordings, stored durably: the only room that knows SQL."""

from insole.store.audit import Entry
from insole.store.bin import Binned
from insole.store.reader import Info
from insole.store.store import Store
from insole.store.writer import Writer

__all__ = ["Binned", "Entry", "Info", "Store", "Writer"]
