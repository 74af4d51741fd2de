"""The WSGI entry point."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from desk.errors import DeskError
from desk.variables import check

# Gunicorn starts a worker that ends with any other code again, for ever.
CANNOT_BEGIN = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
try:
    check()
    application = get_wsgi_application()
except DeskError as error:
    sys.stderr.write(f"glabella: {error}\n")
    sys.exit(CANNOT_BEGIN)
