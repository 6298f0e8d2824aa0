"""Which rows of this room does a carrier see? Its own."""

from __future__ import annotations

from django.db import migrations

from tojimari.platform.database.rls import protect


class Migration(migrations.Migration):
    dependencies = [("terminations", "0001_tables")]

    operations = protect("terminations_procedure", "terminations_termination", "terminations_step")
