"""What does `python -m tojimari` do? The same as the command `tojimari`."""

from __future__ import annotations

from tojimari.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
