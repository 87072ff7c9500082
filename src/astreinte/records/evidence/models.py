"""Files that exclusions, causes and reports cite."""

from typing import ClassVar

from django.db import models

from astreinte.records.journal.models import OfProvider
from astreinte.records.validity.constraints import AppendOnly


class StoredFile(models.Model):
    """A file by its content; the bytes are in the data folder, once, whoever cites them."""

    JOURNALLED = True
    JOURNAL_WORDS = ("name",)

    provider_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=100)

    objects = OfProvider["StoredFile"].as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider_id", "sha256", "name", "media_type"], name="evidence_storedfile_once"
            ),
            AppendOnly(name="evidence_storedfile_append_only", erasable=("name",)),
        ]

    def __str__(self) -> str:
        return self.name or self.sha256
