"""Walking only, when there is little time."""

from __future__ import annotations

from analysis.protocol import Protocol, Walk

PROTOCOL = Protocol("walking", "Walking only", (Walk(24),))
