"""What if there is no network at all?

A demonstration still has to run. This element keeps a make-believe HLR in the database, and every piece of evidence
that it gives says `simulated`.
"""

from __future__ import annotations
