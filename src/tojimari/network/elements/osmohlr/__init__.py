"""How does OsmoHLR, a free HLR for 2G and 3G networks, end a line?

It has three ports and needs all of them: VTY (the operator's console) is the only one that tells the visited network
to let go of a phone; CTRL (machine to machine) reads, removes keys and deletes, many requests in flight; GSUP (the
interface to visited networks) is where the probe asks to attach and must be refused. `element.OsmoHlrElement` puts
them together, `server.OsmoHlr` runs one for development and tests.
"""

from __future__ import annotations
