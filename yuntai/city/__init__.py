"""A whole city on one machine: PostgreSQL, every system and holder as a process of its own, sandbox, demo.

Nothing of a production deployment is here: deploy/ shows how each system is run on machines of its own.
"""
