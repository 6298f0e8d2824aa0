"""How do SMS leave the house? By SMPP 3.4, the protocol that the gateways of operators speak.

`channel` is the way in, `client` keeps one connection for the process, `session` is what is said on it, `pdu` what it
looks like on the wire, `settings` how it is set.
"""

from __future__ import annotations
