"""What does the web server call?

The site alone keeps a pool of database connections: opening one for each request costs more than the request itself.
Workers and commands hold a single connection each and need none.
"""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tojimari.platform.config import config

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tojimari.platform.settings")

settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": config().pool_size, "timeout": 5}
settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

application = get_wsgi_application()
