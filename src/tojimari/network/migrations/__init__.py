"""How did the tables of this room come to be?"""

from __future__ import annotations
