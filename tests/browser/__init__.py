"""The systems as people see them: Chromium against a whole city."""
