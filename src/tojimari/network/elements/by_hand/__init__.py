"""What if no machine can reach the place where a service is switched off?

Then a named member of staff does it and attests it, and the certificate says that it was so.
"""

from __future__ import annotations
