"""A provider's context and short questions to the leak check, for its tests."""

from leaks import LeakContext, find_leaks

CONTEXT = LeakContext(
    technicians=frozenset(
        {"Webb, Marcus", "Priya Nair", "Will Tanner", "May Chen", "Page, Grace", "Müller, Jörg"}
    ),
    other_clients=frozenset({"Birch & Lowe LLP", "Cobalt Freight Co.", "Summit", "Edge", "Zentrix AG"}),
    this_client="Acme Dental",
    tickets=frozenset({"48211", "0008230", "T20260602.8211", "365"}),
)


def hits(text: str, context: LeakContext = CONTEXT) -> list[tuple[str, str]]:
    return [(hit.kind, hit.text) for hit in find_leaks(text, context)]


def kinds(text: str) -> set[str]:
    return {kind for kind, _ in hits(text)}
