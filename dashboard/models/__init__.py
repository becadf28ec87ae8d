"""What belongs to a person, and to no record."""

from .notifications import Notification
from .snoozes import Snooze

__all__ = ["Notification", "Snooze"]
