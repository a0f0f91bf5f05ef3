"""From words for one title to a rule for all that are like it: its form, filled in, to be looked at and tried."""

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


def to_rule(post: QueryDict) -> HttpResponseRedirect:
    """The form of a new rule, for the line whose button was pressed."""
    number = post.get("always", "")
    said = {"title": post.get(f"title-{number}", ""), "wording": post.get(f"words-{number}", "")}
    return redirect(f"{reverse('rule_new')}?{urlencode(said)}")
