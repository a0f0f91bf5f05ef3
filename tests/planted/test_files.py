"""An agreement file that names somebody is refused, each of its texts by itself."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.models import Retainer
from tests.factories import load_agreements
from tests.planted.secret import CLEAN, FILE, HELD_BACK, NOW, PLANTED, SECRET, it_is_known, load


def test_a_file_is_refused_with_every_place_at_which_it_would_name_somebody(db, tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    provider = Provider.objects.get()
    it_is_known(provider)
    with pytest.raises(CommandError) as refused:
        load(tmp_path, PLANTED)
    said = str(refused.value)
    for place in (
        "rules[1].then.wording",
        "clients[acme].retainers[support].name",
        "clients[acme].retainers[support].terms[1].scope",
        "clients[acme].retainers[support].terms[1].pools[support].name",
        "clients[acme].retainers[support].terms[1].pools[support].neutral_text",
        "clients[acme].retainers[support].terms[1].pools[projects].name",
        "clients[acme].retainers[support].terms[1].multipliers[after_hours].name",
        "clients[acme].retainers[support].terms[1].words.de.scope",
        "clients[acme].retainers[support].terms[1].words.de.pools.support",
        "clients[acme].retainers[support].terms[1].words.de.multipliers.after_hours",
        "clients[acme].retainers[support].terms[1].words.de.neutral_texts.support",
        "clients[acme].retainers[support].rules[1].then.wording",
        "clients[acme].retainers[support].top_ups[1].note",
        "clients[acme].retainers[support].adjustments[1].reason",
    ):
        assert f"{place}: “{SECRET}” is the name of a technician." in said
    assert len(said.splitlines()) == len(HELD_BACK)
    with tenant_scope(provider):
        assert SECRET not in str(Retainer.objects.get().version.document)


@pytest.mark.parametrize("name", HELD_BACK)
def test_each_text_of_a_file_is_refused_by_itself(db, tmp_path, time_machine, name):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    it_is_known(Provider.objects.get())
    with pytest.raises(CommandError, match="is the name of a technician"):
        load(tmp_path, CLEAN | {name: PLANTED[name]})


@pytest.mark.parametrize("key", ["pool", "retainer", "category"])
def test_a_key_that_names_somebody_is_refused(db, tmp_path, time_machine, key):
    time_machine.move_to(NOW, tick=False)
    it_is_known(Provider.objects.create(slug="north", name="North IT"))
    old = {"pool": 'key = "projects"', "retainer": 'key = "support"\nname', "category": '"after_hours"'}[key]
    new = old.replace("projects", "quarkmeyer_bank").replace("support", "quarkmeyer-bank")
    new = new.replace("after_hours", "zebulon_quarkmeyer")
    text = (
        FILE.format(**CLEAN)
        .replace(old, new)
        .replace("{ after_hours =", "{ zebulon_quarkmeyer =", key == "category")
    )
    with pytest.raises(CommandError, match="clients read keys"):
        load_agreements(tmp_path, text)


def test_a_file_that_only_repeats_what_stands_is_loaded_again(provider, tmp_path):
    it_is_known(provider)
    load(tmp_path, PLANTED)
    with tenant_scope(provider):
        assert Retainer.objects.get().version.number == 1


@pytest.mark.parametrize("field", ["name", "support_phone"])
def test_what_the_provider_calls_itself_is_looked_at_too(db, tmp_path, time_machine, field):
    time_machine.move_to(NOW, tick=False)
    text = FILE.format(**CLEAN).replace('name = "North IT"\n', 'name = "North IT"\nsupport_phone = "1"\n')
    old = 'name = "North IT"' if field == "name" else 'support_phone = "1"'
    (tmp_path / "agreements.toml").write_text(text.replace(old, f'{field} = "pw: Winter2026!"', 1))
    with pytest.raises(CommandError, match=rf"provider\.{field}"):
        call_command("load_retainers", str(tmp_path / "agreements.toml"), stdout=StringIO())
