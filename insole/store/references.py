"""Rows that refer to others which are not there. No database lets them be; a damaged file may hold them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from insole.store import tables


def orphans(connection: sa.Connection) -> list[str]:
    """A sentence for each table with rows that refer to rows which are not there."""
    found = []
    for table in tables.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
            n = connection.scalar(_count(table, key))
            if n:
                found.append(f"{n} rows of {table.name} belong to a {key.referred_table.name} that is not there")
    return found


def _count(table: sa.Table, key: sa.ForeignKeyConstraint) -> sa.Select[Any]:
    of = key.referred_table.alias()
    pairs = [(element.parent, of.c[element.column.name]) for element in key.elements]
    there = sa.exists().where(*(mine == theirs for mine, theirs in pairs))
    given = [mine.is_not(None) for mine, _ in pairs]
    return sa.select(sa.func.count()).select_from(table).where(*given, ~there)
