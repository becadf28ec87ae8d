"""What belongs to a person, and to no record."""

from .notifications import Notification
from .saved_views import SavedView
from .snoozes import Snooze

__all__ = ["Notification", "SavedView", "Snooze"]
