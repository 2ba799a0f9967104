"""Reconciliation (对账) of the platform with each connected system: runs, repair, signed reports."""
