"""The web process of a supervision system."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuntai.supervision.settings")

application = get_wsgi_application()
