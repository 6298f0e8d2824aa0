"""How does a line, or its roaming, end in a PyHSS (HSS of an LTE network, REST interface of version 2)?

Its pitfalls: "not there" is 200 with `null`, and so is "more than one". Deleting sends nobody away. Its "deregister"
does nothing for a line without IMS. What was deleted can be brought back, keys and all, by a plain GET of anybody's.
"""

from __future__ import annotations
