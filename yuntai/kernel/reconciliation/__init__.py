"""Reconciliation at either end: telling what is kept of a stream, and comparing it with the other side."""
