"""Seal what staff noted of wishes from an outage, also what was noted until now."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tojimari.codes.sealed import seal, unseal
from tojimari.platform.database.scope import every_carrier


def seal_notes(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with every_carrier(), editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, reference, plain_note FROM terminations_latewish WHERE plain_note <> ''")
        sealed = [(seal(note, about=f"note on {reference}"), pk) for pk, reference, note in cursor.fetchall()]
        cursor.executemany("UPDATE terminations_latewish SET note = %s WHERE id = %s", sealed)


def open_notes(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with every_carrier(), editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, reference, note FROM terminations_latewish WHERE note <> ''::bytea")
        opened = [(unseal(bytes(note), about=f"note on {name}") or "", pk) for pk, name, note in cursor.fetchall()]
        cursor.executemany("UPDATE terminations_latewish SET plain_note = %s WHERE id = %s", opened)


class Migration(migrations.Migration):
    dependencies = [("terminations", "0012_repairs")]

    operations = [
        migrations.RenameField("latewish", "note", "plain_note"),
        migrations.AddField(
            "latewish",
            "note",
            models.BinaryField(default=b"", help_text="What staff did with it, sealed; empty once its time is over."),
        ),
        migrations.RunPython(seal_notes, open_notes),
        migrations.RemoveField("latewish", "plain_note"),
    ]
