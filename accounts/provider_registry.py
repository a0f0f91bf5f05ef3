"""allauth's app of single sign-on, but that its providers are loaded with the addresses and not at every start.

They bring `requests` and all below it, which no command needs: a third of what a command took to begin.
"""

from importlib import import_module

from allauth.socialaccount.apps import SocialAccountConfig


class SingleSignOn(SocialAccountConfig):  # type: ignore[misc]  # allauth is untyped here
    """Whoever needs the providers calls `load`: `hourtab/sign_in_urls.py`."""

    def ready(self) -> None:
        """Register the checks, as the parent does, and nothing else."""
        import_module("allauth.socialaccount.checks")


def load() -> None:
    """Make the providers known, once a process."""
    from allauth.socialaccount.providers import registry

    registry.load()
