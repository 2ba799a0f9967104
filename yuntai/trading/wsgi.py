"""The trading system as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yuntai.trading.settings")

application = get_wsgi_application()
