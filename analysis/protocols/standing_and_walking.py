"""How a person stands and walks, for a comparison of conditions.

Thirty seconds because sway is not measured in less (``LEAST_SWAY_S``), and because relaxed standing
alternates between the feet; twelve stances of each foot because a comparison needs them
(``FEW_STEPS``).
"""

from __future__ import annotations

from analysis.protocol import Protocol, Stand, Walk

PROTOCOL = Protocol("standing-and-walking", "Standing and walking", (Stand(30.0), Walk(24)))
