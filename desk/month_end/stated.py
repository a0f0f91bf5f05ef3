"""The statements of a month's cycles as files: one PDF each, as the client gets it, in one archive."""

import io
import zipfile
from collections.abc import Collection
from datetime import date

from accounts.models import Provider
from portal.statement_views import StatementReading, read_statements
from retainers.settling.acts import CycleKey


def statements_zip(provider: Provider, cycles: Collection[CycleKey], today: date) -> bytes:
    """The archive; a file is named after its client, agreement and cycle."""
    wanted = set(cycles)
    readings = read_statements(
        provider, {cycle.retainer for cycle in wanted}, {cycle.starts for cycle in wanted}, today
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for reading in readings:
            if CycleKey(reading.newest.retainer_id, reading.newest.cycle_starts) in wanted:
                archive.writestr(_name(reading), reading.pdf().content)
    return packed.getvalue()


def _name(reading: StatementReading) -> str:
    retainer = reading.newest.retainer
    return f"{retainer.client.slug}-{retainer.key}-{reading.newest.cycle_starts}.pdf"
