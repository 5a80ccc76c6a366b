"""Recordings, stored durably: the only room that knows SQL."""

from insole.store.reader import Info
from insole.store.store import Store
from insole.store.writer import Writer

__all__ = ["Info", "Store", "Writer"]
