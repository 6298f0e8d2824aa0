"""Where do the pages get their dates, yen and digits from?"""

from __future__ import annotations
