"""Fence every table of this room off between carriers, in the database itself."""

from __future__ import annotations

from django.db import migrations

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("lines", "0001_tables")]
    operations = protect(
        "lines_subscriber",
        "lines_contactpoint",
        "lines_plan",
        "lines_line",
        "lines_service",
        "lines_bill",
    )
