"""A write service that breaks when most of it is done leaves nothing of it: the trail's line is its last statement."""

import re

import pytest
from django.apps import apps
from django.db import connection

from accounts.tenancy import all_tenants
from tests.at_once.deeds import DEEDS

WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\b")


# they write no line on the trail, or nothing before it
NOT_LAST = {
    "answers.change_options",
    "approving.approve",
    "asking.ask",
    "consents._ask",
    "links.copy",
    "memory.correct",
    "mornings.remind",
    "mornings.send_digest",
    "preview_answers.save_choices",
    "pushes.tell_silence",
    "pushes.tell_waiting",
    "saved_mappings.call_mapping",
    "saved_mappings.take_back",
    "saved_views.save_view",
    "second_step.send_code",
    "services.change_role",
    "telling._tell",
    "waiting_mail.tell_what_waits",
    "watch_telling._tell",
    "watches.ask",
}


class BrokenOffError(Exception):
    """What no service expects."""


class Breaking:
    """Lets everything through up to the line of the trail that follows another statement which writes."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        if WRITES.match(sql):
            if self.written and "accounts_auditevent" in sql:
                raise BrokenOffError
            self.written.append(sql)
        return execute(sql, params, many, context)


def every_row() -> dict[str, list[tuple]]:
    with all_tenants("every row, to compare"):
        return {
            model._meta.db_table: sorted(model._base_manager.values_list(), key=repr)
            for model in apps.get_models()
        }


@pytest.mark.parametrize("name", [name for name in DEEDS if name not in NOT_LAST])
def test_a_deed_that_breaks_at_its_line_on_the_trail_leaves_nothing(house, name):
    deed, _other, _check = DEEDS[name](house)
    before, breaking = every_row(), Breaking()
    with connection.execute_wrapper(breaking), pytest.raises(BrokenOffError):
        deed()
    assert breaking.written
    assert every_row() == before
