#!/usr/bin/env python
"""HourTab's commands."""

import gc
import os
import sys

if __name__ == "__main__":
    gc.set_threshold(200_000, 10, 10)  # what a start and an import make mostly stays
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hourtab.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"HourTab can't start: {error}")
    finally:
        gc.freeze()  # the process ends: nothing is looked through for garbage once more
