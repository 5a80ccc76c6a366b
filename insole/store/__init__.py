"""Recordings, stored durably: the only room that knows SQL."""

from insole.store.audit import Entry
from insole.store.bin import Binned
from insole.store.filing import AS_RECORDED, VisitDay
from insole.store.finder import Seen, Some
from insole.store.reader import Info
from insole.store.store import Store
from insole.store.writer import Writer

__all__ = ["AS_RECORDED", "Binned", "Entry", "Info", "Seen", "Some", "Store", "VisitDay", "Writer"]
