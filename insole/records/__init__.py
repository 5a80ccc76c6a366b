"""What recordings are filed under and marked with: subjects, visits, marks. Values only; the store keeps them."""

from insole.records.mark import Mark, MarkKind
from insole.records.subject import Subject, clean_code
from insole.records.visit import Visit

__all__ = ["Mark", "MarkKind", "Subject", "Visit", "clean_code"]
