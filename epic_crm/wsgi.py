import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "epic_crm.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

if settings.ENVIRONMENT_PROBLEMS:  # A wrong value must not serve a single page.
    sys.stderr.write("\n".join(settings.ENVIRONMENT_PROBLEMS) + "\n")
    sys.exit(3)  # To gunicorn: do not try again and again.
