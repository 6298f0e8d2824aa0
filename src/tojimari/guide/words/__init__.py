"""Which words does a person need at a counter, on the phone and in a letter? Japanese to show or say, and its meaning.

Japanese stands in the code, because it is shown in Japanese to everybody; the meaning is a text for translators.
"""

from __future__ import annotations
