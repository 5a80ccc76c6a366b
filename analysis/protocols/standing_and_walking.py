"""How a person stands and walks, for a comparison of conditions.

Thirty seconds because sway is not measured in less (``LEAST_SWAY_S``), and because relaxed standing
alternates between the feet; ten stances of each foot (our judgement).
"""

from __future__ import annotations

from analysis.protocol import Protocol, Stand, Walk

PROTOCOL = Protocol("standing-and-walking", "Standing and walking", (Stand(30.0), Walk(20)))
