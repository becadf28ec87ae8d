"""What belongs to a person, and to no record."""

from .notifications import Notification

__all__ = ["Notification"]
