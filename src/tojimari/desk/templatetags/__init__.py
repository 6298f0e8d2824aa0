"""What do the pages of the desk say in words?"""

from __future__ import annotations
