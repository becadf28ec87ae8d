"""What the browser is given besides pages: Bootstrap as its makers published it, and no more."""

import base64
import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders

# The digest that getbootstrap.com publishes for the minified CSS of this release.
BOOTSTRAP_5_3_8 = "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"


def test_bootstrap_is_the_official_file():
    css = Path(finders.find("vendor/bootstrap/bootstrap.min.css")).read_bytes()
    assert base64.b64encode(hashlib.sha384(css).digest()).decode() == BOOTSTRAP_5_3_8


def test_none_of_bootstraps_scripts_is_served():
    assert finders.find("vendor/bootstrap/bootstrap.min.js") is None
    assert finders.find("js/bootstrap.min.js") is None
