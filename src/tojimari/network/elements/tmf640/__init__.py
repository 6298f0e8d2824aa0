"""How does a line, or one service on it, end in an operator's activation platform (TM Forum TMF640, version 4)?

It is the general way in: the platform knows its own elements. What it is asked for is one state or one characteristic
of one service; what it does may take days, and is waited for without holding anything up.
"""

from __future__ import annotations
