"""Recordings, stored durably: the only room that knows SQL."""

from insole.store.audit import Entry
from insole.store.backups import back_up, restore
from insole.store.bin import Binned
from insole.store.checking import Checked, check
from insole.store.damage import Damage
from insole.store.filing import AS_RECORDED, VisitDay
from insole.store.finder import Seen, Some
from insole.store.migrate import upgrade
from insole.store.reader import Info
from insole.store.salvaging import salvage
from insole.store.store import Store
from insole.store.writer import Writer

__all__ = [
    "AS_RECORDED",
    "Binned",
    "Checked",
    "Damage",
    "Entry",
    "Info",
    "Seen",
    "Some",
    "Store",
    "VisitDay",
    "Writer",
    "back_up",
    "check",
    "restore",
    "salvage",
    "upgrade",
]
