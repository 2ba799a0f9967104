"""Closing the set of bids, collecting the holders' shares, opening."""
