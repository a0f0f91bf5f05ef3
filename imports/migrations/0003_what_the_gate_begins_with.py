"""The gate begins with what is known: technicians of the rows, texts that were allowed, words let through."""

import hashlib

from django.db import migrations
from leaks.folding import key_of

AT_ONCE = 500


def words_key(text):
    return hashlib.sha256(key_of(text).encode()).hexdigest()


def hand_over(apps, schema_editor):
    LetThrough = apps.get_model("retainers", "LetThrough")
    StaffName = apps.get_model("retainers", "StaffName")
    AllowedText = apps.get_model("imports", "AllowedText")
    DraftWording = apps.get_model("imports", "DraftWording")
    SourceRow = apps.get_model("imports", "SourceRow")
    names = SourceRow.objects.exclude(technician="").order_by().values_list("provider_id", "technician")
    people = {(provider, name.strip()[:200]) for provider, name in names.distinct()}
    StaffName.objects.bulk_create(
        [StaffName(provider_id=provider, name=name) for provider, name in sorted(people) if name],
        batch_size=AT_ONCE,
    )
    let = {}
    for row in AllowedText.objects.order_by("pk"):
        key = words_key(row.text)
        let[row.provider_id, "find", None, key] = (row.text, row.allowed_by_id, row.allowed_at)
    for draft in DraftWording.objects.exclude(let_through="").select_related("draft_of").order_by("pk"):
        source = SourceRow.objects.filter(read_in=draft.draft_of_id, line=draft.line).first()
        if source is not None:
            key = words_key(draft.let_through)
            moment = draft.draft_of.published_at or draft.draft_of.uploaded_at
            let[draft.provider_id, "words", source.client_id, key] = (draft.let_through, draft.given_by_id, moment)
    LetThrough.objects.bulk_create(
        [
            LetThrough(
                provider_id=provider, kind=kind, client_id=client, key=key, text=text, let_by_id=by, let_at=at
            )
            for (provider, kind, client, key), (text, by, at) in let.items()
        ],
        batch_size=AT_ONCE,
    )


def take_back(apps, schema_editor):
    LetThrough = apps.get_model("retainers", "LetThrough")
    AllowedText = apps.get_model("imports", "AllowedText")
    known = set(AllowedText.objects.values_list("provider_id", "text"))
    AllowedText.objects.bulk_create(
        AllowedText(provider_id=row.provider_id, text=row.text[:200], allowed_by_id=row.let_by_id, allowed_at=row.let_at)
        for row in LetThrough.objects.filter(kind="find")
        if (row.provider_id, row.text[:200]) not in known
    )
    LetThrough.objects.all().delete()
    apps.get_model("retainers", "StaffName").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_entry_choices"), ("retainers", "0007_what_the_gate_keeps")]
    operations = [migrations.RunPython(hand_over, take_back)]
