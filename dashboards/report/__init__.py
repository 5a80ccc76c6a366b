"""The report to hand over: PDF of a recording, or of two to four conditions held against each other.

Drawn with ReportLab, black on white, so that it can be read printed in grey. Every number is one of the
analysis's JSON, written as on the pages; nothing is measured here. The same input gives the same bytes.
"""

from __future__ import annotations

from dashboards.report.comparison import pdf_of_comparison
from dashboards.report.paper import PAPERS
from dashboards.report.recording import pdf_of_recording

__all__ = ["PAPERS", "pdf_of_comparison", "pdf_of_recording"]
