"""The entry point of the web server."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from accounts.database import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hourtab.settings")
application = get_wsgi_application()
refuse_to_start()
for _name in ("hourtab.urls", "leaks.check"):  # what no command loads, and no visitor should wait for
    import_module(_name)
