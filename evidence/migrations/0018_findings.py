"""What was found in a file after intake, beside the metadata that says where."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0017_damaged_packages'),
    ]

    operations = [
        migrations.AddField(
            model_name='derivative',
            name='found',
            field=models.JSONField(default=list, help_text='closed vocabulary: evidence.derivatives.findings'),
        ),
    ]
