import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                ("text", models.TextField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "asset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="assets.asset",
                    ),
                ),
                ("text", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["text"], name="document_text")],
            },
        ),
        # Texts lie beside the rows: what the index found is walked in a few pages.
        migrations.RunSQL(
            """
            ALTER TABLE search_document SET (toast_tuple_target = 128);
            ALTER TABLE search_document ALTER COLUMN text SET STORAGE EXTERNAL;
            """,
            migrations.RunSQL.noop,
        ),
        # What filters ask of assets, beside each other: rows with their texts are ten times as wide.
        migrations.RunSQL(
            """
            CREATE INDEX search_measures ON assets_asset (id)
            INCLUDE (folder_id, name, width, height, size, format, state, captured, imported, modified, trashed);
            CREATE INDEX search_width ON assets_asset (width, id) WHERE trashed IS NULL;
            CREATE INDEX search_height ON assets_asset (height, id) WHERE trashed IS NULL;
            CREATE INDEX search_size ON assets_asset (size, id) WHERE trashed IS NULL;
            CREATE INDEX search_created ON assets_asset (coalesce(captured, imported), id) WHERE trashed IS NULL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
