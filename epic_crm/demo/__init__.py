"""The demonstration: an agency of thirty people, and what they did until yesterday evening."""

from .people import ACCOUNTS, PASSWORD

__all__ = ["ACCOUNTS", "PASSWORD"]
