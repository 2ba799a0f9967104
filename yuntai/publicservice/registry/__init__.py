"""Participants (市场主体): an organization registers once, and every connected system knows of it."""
