"""The pages: Django's WSGI handler."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astreinte.project.settings")

application = get_wsgi_application()
