"""What recordings are filed under and marked with: subjects, visits, marks. Values only; the store keeps them."""

from insole.records.mark import Mark, MarkKind
from insole.records.sheet import FootSheet, Sheet, mark_to_dict, sheet_from_dict, sheet_to_dict
from insole.records.subject import Subject, clean_code
from insole.records.visit import Visit

__all__ = [
    "FootSheet",
    "Mark",
    "MarkKind",
    "Sheet",
    "Subject",
    "Visit",
    "clean_code",
    "mark_to_dict",
    "sheet_from_dict",
    "sheet_to_dict",
]
