"""The rules that a new provider starts with, until a file or a person says otherwise (contract.md)."""

from retainers.terms import TRAVEL, Effects, Rule, TextCondition


def _by_work_type(name: str, category: str, *texts: str) -> Rule:
    return Rule(name, Effects(categories=(category,)), texts=(TextCondition("work_type", texts),))


DEFAULT_RULES: tuple[Rule, ...] = (
    _by_work_type("Travel", TRAVEL, "*travel*", "*trip charge*"),
    _by_work_type("On site", "onsite", "*onsite*", "*on-site*", "*on site*", "*site visit*"),
    _by_work_type(
        "After hours", "after_hours", "*after hours*", "*after-hours*", "*out of hours*", "*emergency*"
    ),
)
