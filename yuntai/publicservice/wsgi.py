"""The web process of the public service platform."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuntai.publicservice.settings")

application = get_wsgi_application()
