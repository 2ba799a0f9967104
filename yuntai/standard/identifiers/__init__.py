"""Codes that name things across systems; nothing here knows whether the thing exists."""
