"""What the demo's manager does with a report: uploads it, words the titles that are new, publishes it."""

from dataclasses import replace
from datetime import date, timedelta

from accounts import keys
from accounts.actors import with_key
from accounts.models import ApiKey, User
from demo.scenario import Scenario
from demo.uploads import Upload
from desk.imports.unattended import publish_unseen
from imports import originals
from imports.models import Import, RememberedWording
from imports.publishing.answers import change_options
from imports.publishing.hindrances import HinderedError
from imports.publishing.preview import preview
from imports.publishing.preview_answers import save_choices
from imports.publishing.preview_form import Choices, Given
from imports.reading.rows import Row
from imports.wording.memory import remember
from imports.wording.ranks import title_key
from retainers.models import Client

READS = timedelta(minutes=6)  # from an upload to its publication
COMES_BACK = timedelta(hours=2, minutes=35)


class Sender:
    """The manager of the provider in scope."""

    def __init__(self, scenario: Scenario, manager: User | None) -> None:
        self.scenario, self.manager = scenario, manager
        self.clients = {client.slug: client for client in Client.objects.all()}
        self.worded = set(RememberedWording.objects.values_list("key", flat=True))

    def send(self, upload: Upload) -> None:
        """Upload and publish. What the pipeline won't publish stays in preview, for a person."""
        self._word(upload)
        if not self._is_pushed(upload):
            self._publish(self._store(upload, self.manager), self.manager)
            return
        with with_key(self._schedules_key()):
            self._publish(self._store(upload, None), None)

    def _is_pushed(self, upload: Upload) -> bool:
        """Whether a job in the PSA pushes the report: in the weeks before it fell silent."""
        table = self.scenario.demo.get("schedule")
        if table is None or upload.client:
            return False
        most, least = table["days"]
        before = (self.scenario.first - upload.at.astimezone(self.scenario.zone).date()).days
        return bool(least <= before <= most)

    def _schedules_key(self) -> ApiKey:
        name = self.scenario.demo["schedule"]["name"]
        found: ApiKey | None = ApiKey.objects.filter(name=name, revoked_at=None).first()
        return found or keys.create(name=name, scopes=keys.PUSHES, by=self.manager)[0]

    def leave_open(self, upload: Upload, today: date) -> None:
        """Upload, begin to word one new title, and be called away."""
        source = self._store(upload, self.manager)
        draft = self.scenario.demo["morning"]["draft"]
        plan = preview(source, today=today)
        lines = [
            row.line
            for client in plan.clients
            for row in client.waiting
            if client.client.slug == draft["client"] and row.classified.row.title == draft["title"]
        ]
        given = {line: Given(draft["words"]) for line in lines[:1]}
        save_choices(source=source, plan=plan, choices=Choices(words=given), by=self.manager)

    def publish_left_over(self, source: Import) -> None:
        """Publish an upload that was left in preview, without the rows that nobody could read."""
        change_options(source=source, change=lambda options: replace(options, skip_bad_rows=True))
        self._publish(source, self.manager, after=COMES_BACK)

    def _store(self, upload: Upload, by: User | None) -> Import:
        return originals.store(
            data=upload.content(),
            file_name=upload.file_name,
            client=self.clients[upload.client] if upload.client else None,
            options=upload.options.document(),
            by=by,
            at=upload.at,
        )

    def _word(self, upload: Upload) -> None:
        """Remember words for the report's titles that have none yet, where the manager knows some."""
        for entry in upload.entries:
            key = title_key(entry.title)
            if entry.words and key not in self.worded:
                row = Row(line=0, date=entry.day, worked=None, title=entry.title)
                remember(rows=[row], text=entry.words, by=self.manager, at=upload.at)
                self.worded.add(key)

    def _publish(self, source: Import, by: User | None, after: timedelta = READS) -> None:
        try:
            publish_unseen(source=source, by=by, at=source.uploaded_at + after)
        except HinderedError:
            return
