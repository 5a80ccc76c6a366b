"""The same input gives the same bytes: in this process, in others, and while many are made at once."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from analysis.compare import compare
from dashboards.report import pdf_of_comparison, pdf_of_recording
from tests.support import ROOT

PROGRAM = """
import hashlib, sys
from pathlib import Path
from analysis.compare import compare
from analysis.recipe import study
from dashboards.report import pdf_of_comparison, pdf_of_recording
from ingest.files import read
a, b = (study(read(Path("fixtures") / name)) for name in ("pedar_walk.asc", "moticon_walk.txt"))
for pdf in (pdf_of_recording(a), pdf_of_comparison([a, b], [compare(a.report, b.report)])):
    print(hashlib.sha256(pdf).hexdigest())
"""


def hashes(**environment):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_in_other_processes_with_other_hash_seeds_and_time_zones():
    first = hashes(PYTHONHASHSEED="1", TZ="UTC")
    assert len(set(first)) == 2
    assert hashes(PYTHONHASHSEED="2", TZ="Pacific/Auckland") == first


def test_again_in_this_process(usual, conditions):
    assert pdf_of_recording(usual) == pdf_of_recording(usual)
    comparisons = [compare(conditions[0].report, other.report) for other in conditions[1:]]
    assert pdf_of_comparison(conditions, comparisons) == pdf_of_comparison(conditions, comparisons)


def test_in_several_threads_at_once(usual, made):
    studies = [usual, made("counts"), made("force only")] * 3
    alone = [hashlib.sha256(pdf_of_recording(study)).digest() for study in studies[:3]] * 3
    with ThreadPoolExecutor(6) as threads:
        together = [hashlib.sha256(pdf).digest() for pdf in threads.map(pdf_of_recording, studies)]
    assert together == alone
