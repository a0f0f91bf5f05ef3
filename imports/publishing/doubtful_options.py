"""What the uploader said of a file that makes sense and yet does little: told in the preview, refused nowhere."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from imports.models import SourceRow
from imports.publishing.options import Options
from imports.reading.rows import Problem, Row
from retainers.company_names import company_key


def doubtful(
    options: Options, rows: Sequence[Row], claimed: Collection[str], today: date
) -> Iterator[Problem]:
    """`claimed`: the PSA's agreements that retainers name, collapsed."""
    if options.through and options.through > today:
        yield Problem(
            0,
            "",
            options.through.isoformat(),
            f"The file is said to cover work through {options.through}, which is still to come: it is taken"
            f" as {today}.",
        )
    known = {*claimed, *(company_key(row.agreement) for row in rows)} if options.agreements else set()
    for name in options.agreements:
        if company_key(name) not in known and not _was_published(name):
            yield Problem(
                0,
                "",
                name,
                f"No retainer and no row is of an agreement “{name}”: the file is compared with nothing of it.",
            )


def _was_published(name: str) -> bool:
    found: bool = SourceRow.objects.filter(columns__agreement__iexact=name).exists()
    return found
