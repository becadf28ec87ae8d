"""What every part of the settings stands on: where it is, and what the environment says first."""

from pathlib import Path

from .environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment = Environment(BASE_DIR / ".env")
VAR = environment.folder(BASE_DIR / "var")  # What a running CRM writes: database, keys, files.

TLS = environment.flag("TLS")
DEBUG = environment.flag("DEBUG")
if TLS and DEBUG:
    environment.problems.append("DEBUG=1 with TLS=1 would show the code to everybody: unset one.")
DEMO = environment.flag("DEMO")  # Shows the demo accounts on the login page.
