"""Where stands the number under which a carrier issues invoices for consumption tax?"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lines", "0010_issuer_and_rest")]

    operations = [
        migrations.AddField(
            model_name="carrier",
            name="invoice_number",
            field=models.TextField(
                blank=True,
                db_default="",
                help_text="T and thirteen digits: under which it issues invoices (Consumption Tax Act, Article 57-2).",
            ),
        ),
    ]
