"""Which settings do the tests run with?

A data folder of their own, made before the first setting is read, and nothing of the person's own environment but
DATABASE_URL: with it the suite runs on that server instead of the embedded one.
"""

from __future__ import annotations

import os
import tempfile

HOME_NAME = "TOJIMARI_HOME"

if "PYTEST_XDIST_WORKER" not in os.environ:
    for name in [name for name in os.environ if name.startswith("TOJIMARI_")]:
        del os.environ[name]
    os.environ[HOME_NAME] = tempfile.mkdtemp(prefix="tojimari-tests-")
    os.environ["TOJIMARI_RUN_AS"] = "nobody"
    os.environ["TOJIMARI_DEMO"] = "true"
    # Else each process that the tests start would compile the whole program anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from tojimari.platform.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
