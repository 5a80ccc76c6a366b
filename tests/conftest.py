"""For all tests: a slow machine is no failure, so Hypothesis sets no deadlines."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("insole", deadline=None)
settings.load_profile("insole")
