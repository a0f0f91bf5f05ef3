"""What publications add and retire: entries, hours granted and approved, notices.

Rows are written once; a change retires a row in one publication and adds another one (`LedgerModel`). So the page of
any past publication can be shown again. Hours are integers here: ten-thousandths as the export had them, hundredths
as they are granted.
"""

from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from django.db import models

from accounts.tenancy import HELD, LedgerModel, SameProvider
from retainers.models.agreements import Publication, Retainer


class Published(LedgerModel):
    """What a publication adds and a later one may retire."""

    set_once: ClassVar[tuple[str, ...]] = ("retired_in",)

    retainer = models.ForeignKey(Retainer, on_delete=models.PROTECT, related_name="%(class)s_set")
    added_in = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    retired_in = models.ForeignKey(Publication, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Entry(Published):
    """A published time entry: only what a client may see, and what the ledger needs to count it.

    `origin` is the mark of the row of the export that it came from (the PSA's own columns stay in `imports`); an
    entry that is worded anew or re-classified keeps it. `replaces` is the mark of the entry in whose place this one
    came when its row changed. `wording` is empty while the pool's neutral text stands in. `incident` groups the
    entries of one ticket, `person` those of one person: both are marks that mean nothing outside, and "" where that
    is not known. `clock` is when it was done (`entry_clocks.clock_of`), which settles incidents and which no client
    reads. `parts` says of an entry that is split at the boundary its parts in their order, as `records` writes
    them; none otherwise.
    """

    class WordedBy(models.TextChoices):
        PERSON = "person", "a person"
        RULE = "rule", "a rule"
        MEMORY = "memory", "memory"
        NOTES = "notes", "the export's notes"
        NEUTRAL = "neutral", "neutral text"

    # Its provider and its retainer are those of its publications: a foreign key of its own on each, or an index that
    # every row stands in, would only cost each of them.
    provider = models.ForeignKey("accounts.Provider", related_name="+", db_index=False, **HELD)
    retainer = models.ForeignKey(Retainer, related_name="entry_set", db_index=False, **HELD)
    added_in = models.ForeignKey(Publication, related_name="+", **HELD)
    retired_in = models.ForeignKey(Publication, null=True, related_name="+", db_index=False, **HELD)
    origin = models.UUIDField()
    replaces = models.UUIDField(null=True)
    day = models.DateField()
    worked_units = models.BigIntegerField(null=True)
    billable_units = models.BigIntegerField(null=True)
    deducted_units = models.BigIntegerField(null=True)
    is_billable = models.BooleanField(default=True)
    categories = models.JSONField(default=list)
    pool = models.CharField(max_length=60, blank=True)
    exclusion = models.CharField(max_length=200, blank=True)
    parts = models.JSONField(default=list)
    wording = models.CharField(max_length=500, blank=True)
    worded_by = models.CharField(max_length=8, choices=WordedBy.choices, default=WordedBy.NEUTRAL)
    incident = models.CharField(max_length=16, blank=True)
    person = models.CharField(max_length=16, blank=True, default="")
    clock = models.CharField(max_length=11, blank=True, default="")

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["origin"],
                condition=models.Q(retired_in__isnull=True),
                name="entry_live_once_per_origin",
            ),
            models.CheckConstraint(
                condition=models.Q(worked_units__isnull=False)
                | models.Q(billable_units__isnull=False)
                | models.Q(deducted_units__isnull=False),
                name="entry_has_hours",
            ),
            *(
                SameProvider(
                    column=column,
                    parent="retainers_publication",
                    name=f"same_retainer_retainers_entry_{column}",
                    beside="retainer_id",
                )
                for column in ("added_in_id", "retired_in_id")
            ),
        )
        indexes = (
            models.Index(fields=["retainer", "day"], name="entry_by_day"),
            models.Index(
                fields=["retired_in"],
                condition=models.Q(retired_in__isnull=False),
                name="entry_by_retirement",
            ),
        )

    def __str__(self) -> str:
        return f"entry of {self.day}"


class LiveEntry(NamedTuple):
    """The record of an entry as it is read again, where an object would only cost time."""

    pk: int
    retainer_id: int
    origin: UUID
    day: date
    worked_units: int | None
    billable_units: int | None
    deducted_units: int | None
    is_billable: bool
    categories: list[str]
    pool: str
    exclusion: str
    parts: list[object]
    wording: str
    worded_by: str
    incident: str
    person: str
    clock: str
    replaces: UUID | None
    retainer: Retainer


# No rule leaves the whole entry out: of one that is split at the boundary a part may count though its start doesn't.
MAY_COUNT = models.Q(exclusion="") | ~models.Q(parts=[])


class TopUp(Published):
    """Hours bought on top of the cap. `expires`: "never", "cycle", a number of cycles or a day.

    `key` is the provider's own mark, under which the top-up is corrected; "" without one.
    """

    day = models.DateField()
    hours_units = models.BigIntegerField()
    pool = models.CharField(max_length=60, blank=True)
    expires = models.CharField(max_length=10, default="never")
    note = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(hours_units__gt=0), name="top_up_above_zero"),
            models.UniqueConstraint(
                fields=["retainer", "key"],
                condition=models.Q(retired_in__isnull=True) & ~models.Q(key=""),
                name="top_up_live_once_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"top-up of {self.day}"


class Adjustment(Published):
    """A signed correction with its reason: a credit above zero, a charge below.

    `expires` and `key` are as a top-up's; "" says nothing of when a credit lapses, and the agreement decides.
    """

    day = models.DateField()
    hours_units = models.BigIntegerField()
    pool = models.CharField(max_length=60, blank=True)
    expires = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.CheckConstraint(condition=~models.Q(hours_units=0), name="adjustment_not_zero"),
            models.UniqueConstraint(
                fields=["retainer", "key"],
                condition=models.Q(retired_in__isnull=True) & ~models.Q(key=""),
                name="adjustment_live_once_per_key",
            ),
        )

    def __str__(self) -> str:
        return f"adjustment of {self.day}"


class Approval(Published):
    """Hours past the cap that a contact has agreed to for the cycle that begins on `cycle`.

    `name` and `email` are the contact's own, as they were on record when it was confirmed.
    """

    cycle = models.DateField()
    hours_units = models.BigIntegerField()
    name = models.CharField(max_length=120)
    email = models.EmailField()
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ("confirmed_at", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(hours_units__gt=0), name="approval_above_zero"),
        )

    def __str__(self) -> str:
        return f"approval for {self.cycle}"


class Notice(Published):
    """A manager's word beside the number, with the hours that are not yet counted where they are known.

    `pool` is the key of the pool that it is about, "" for the one that leads. `live` is a live incident as
    `retainers.live` writes it, whose hours are reckoned; `running` until it has ended.
    """

    text = models.CharField(max_length=300)
    pending_units = models.BigIntegerField(null=True)
    pool = models.CharField(max_length=200, blank=True, default="")
    live = models.JSONField(null=True)
    running = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["retainer"], condition=models.Q(retired_in__isnull=True), name="notice_live_once"
            ),
            models.CheckConstraint(
                condition=models.Q(pending_units__isnull=True) | models.Q(pending_units__gte=0),
                name="notice_pending_not_negative",
            ),
        )

    def __str__(self) -> str:
        return self.text
