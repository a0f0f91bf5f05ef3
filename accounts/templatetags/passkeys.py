"""What a page hands to `passkeys.js`: in an attribute, for no page holds a script of its own."""

import json

from django import template

register = template.Library()


@register.filter
def as_json(value: object) -> str:
    return json.dumps(value)
