"""How does a step end a service in somebody's network?

The engine hands a batch of steps to `handlers`, which pass it to the network element that `routing` chose for the
line. Each element is one folder under `elements/`. Five words are all that an element must know: inspect, bar,
restore, remove and prove.
"""

from __future__ import annotations
