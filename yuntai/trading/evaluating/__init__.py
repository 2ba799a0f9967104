"""Scoring the opened bids by the procedure's rule."""
