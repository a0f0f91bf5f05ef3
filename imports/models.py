"""Uploads and the PSA's internal columns: what no client-facing page can reach.

An `Import` keeps the original file and what was asked of it; publishing ties it to one publication a
retainer. A `SourceRow` keeps the row behind a published entry, tied by its `origin` mark.
"""

import uuid
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from django.db import models
from django.utils.timezone import now

from accounts.large_values import DocumentEncoder
from accounts.models import ApiKey, User
from accounts.tenancy import HELD, LedgerModel, ProviderKey, SameProvider, TenantModel
from retainers.models import Client, Publication


class Import(TenantModel):
    """One uploaded export. The file is stored before anything is read."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "in preview"
        PUBLISHED = "published", "published"
        UNDONE = "undone", "undone"
        DISCARDED = "discarded", "discarded"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200)
    original = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(default=now)
    uploaded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_with = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, related_name="+")
    options = models.JSONField(default=dict)
    format = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_with = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, related_name="+")
    through = models.DateField(null=True)
    result = models.JSONField(default=dict, encoder=DocumentEncoder)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["provider", "-id"], name="import_newest_first"),)
        constraints = (ProviderKey(name="one_provider_imports_import"),)

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportPublication(LedgerModel):
    """That an import made a publication, for one retainer."""

    follows: ClassVar[Mapping[str, str]] = {"client": "retainers_mergedclient"}

    made_by = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="publications")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.made_by} → {self.publication}"


class SourceRow(LedgerModel):
    """The row of the export behind an entry. `columns` holds the fields of `imports.reading.rows.Row` as text.

    `replaces` is the mark of the row that this one was published instead of.
    """

    follows: ClassVar[Mapping[str, str]] = {"client": "retainers_mergedclient"}

    # Found by client and format, and held by the composite keys: an index, or a foreign key alone, of its own on each
    # would only cost every row.
    provider = models.ForeignKey("accounts.Provider", related_name="+", db_index=False, **HELD)
    origin = models.UUIDField(unique=True, default=uuid.uuid4)
    replaces = models.UUIDField(null=True)
    read_in = models.ForeignKey(Import, related_name="source_rows", **HELD)
    client = models.ForeignKey(Client, related_name="+", db_index=False, **HELD)
    format = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    entry_id = models.TextField(blank=True)
    ticket = models.TextField(blank=True)
    technician = models.TextField(blank=True)
    title = models.TextField(blank=True)
    columns = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["client", "format"], name="source_by_client_and_format"),)
        constraints = (
            SameProvider(
                column="read_in_id",
                parent="imports_import",
                name="same_provider_imports_sourcerow_read_in_id",
            ),
            SameProvider(
                column="client_id",
                parent="retainers_client",
                name="same_provider_imports_sourcerow_client_id",
            ),
        )

    def __str__(self) -> str:
        return f"line {self.line}"


class KeptRow(NamedTuple):
    """The record of a row as it is read again, where an object would only cost time. `columns` as text."""

    pk: int
    origin: uuid.UUID
    read_in_id: int
    client_id: int
    format: str
    line: int
    entry_id: str
    ticket: str
    technician: str
    title: str
    columns: str


class LastFile(TenantModel):
    """What the last published file of a format said row by row (`imports.stages.Still`, packed): no more than what
    makes the next one quick, and made anew by any file that goes the whole way.

    `whose`: the client (slug) that such files are for, "" for all. `judged_by` is one name for all that decided
    what became of the rows, the file's own cells aside. `read`: what was read beside them, `read_by` one name for the
    file and all that decided how; both empty where that isn't kept.
    """

    format = models.CharField(max_length=60)
    whose = models.CharField(max_length=60, blank=True)
    judged_by = models.CharField(max_length=64)
    read_by = models.CharField(max_length=64, blank=True)
    kept = models.BinaryField(blank=True, default=b"")
    read = models.BinaryField(blank=True, default=b"")

    class Meta:
        ordering = ("format", "whose")
        constraints = (
            models.UniqueConstraint(fields=["provider", "format", "whose"], name="last_file_once"),
        )

    def __str__(self) -> str:
        return self.format


class RememberedWording(TenantModel):
    """The provider's translation memory: words that a person gave, by title or by ticket."""

    class Kind(models.TextChoices):
        TITLE = "title", "title"
        TICKET = "ticket", "ticket"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    key = models.CharField(max_length=500)
    text = models.CharField(max_length=500)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("kind", "key")
        constraints = (
            models.UniqueConstraint(fields=["provider", "kind", "key"], name="wording_remembered_once"),
        )

    def __str__(self) -> str:
        return self.text


class DraftWording(TenantModel):
    """Words that a person gave to one row of an import still in preview.

    `let_through`: the person saw what the leak check found in these very words and let them pass once.
    """

    draft_of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="draft_wordings")
    line = models.PositiveIntegerField()
    text = models.CharField(max_length=500, blank=True)
    let_through = models.CharField(max_length=500, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["draft_of", "line"], name="draft_wording_once_a_line"),
        )

    def __str__(self) -> str:
        return self.text


class NeverOurs(TenantModel):
    """A company in the PSA that is no client here: its rows are excluded in every file, and stop nothing."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    settled_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "never ours"
        constraints = (models.UniqueConstraint(fields=["provider", "key"], name="never_ours_once"),)

    def __str__(self) -> str:
        return self.name


class WordingReview(TenantModel):
    """A person's words whose internal title has changed since: to be looked at, not yet wrong."""

    origin = models.UUIDField(unique=True)
    title_before = models.TextField(blank=True)
    title_after = models.TextField(blank=True)
    raised_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title_after


class SavedMapping(TenantModel):
    """Columns that a person mapped by hand, recognised by the set of headers the next time."""

    name = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    document = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["provider", "name"], name="mapping_name_once"),)

    def __str__(self) -> str:
        return self.name


class StandingAnswer(TenantModel):
    """What a person has answered about files for good: it holds until somebody takes it back.

    `kind` is the question's. What it holds for: the `format` and its `headers` (a digest), and in them the
    `subject`: a column's header, a technician, another format, or the row itself (a digest).
    """

    kind = models.CharField(max_length=12)
    format = models.CharField(max_length=60, blank=True)
    headers = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    value = models.CharField(max_length=60, blank=True)
    given_in = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="+")
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=now)
    taken_back_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "kind", "format", "headers", "subject"],
                condition=models.Q(taken_back_at=None),
                name="answered_once_until_taken_back",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class EntryChoice(TenantModel):
    """What a person decided of one entry, above what the rules say: it stays through imports and new rules.

    None leaves a part to the rules. `exclusion` is the reason of an entry that is not to count, "" says that
    it is to count whatever a rule says.
    """

    origin = models.UUIDField(unique=True)
    pool = models.CharField(max_length=60, null=True)  # noqa: DJ001  # NULL: as the rules say
    categories = models.JSONField(null=True)
    exclusion = models.CharField(max_length=200, null=True)  # noqa: DJ001  # NULL: as the rules say
    reason = models.CharField(max_length=200)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.reason
