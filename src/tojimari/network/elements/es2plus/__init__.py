"""What can an operator do about the profile of an eSIM, once it stands at a profile server (SM-DP+)?

Cancel its order while nobody has downloaded it (GSMA SGP.22 v2.5, ES2+). Once it is on a chip, nobody but the person
can delete it there; what is left is to hear of it: from the server, or from the chip itself, which signs its notice.
"""

from __future__ import annotations
