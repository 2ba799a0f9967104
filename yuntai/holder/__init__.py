"""The key holder's process: a key for each lot, and its shares when its own clock says so, not before.

Knows nothing of bids.  Runs at each holder (T, P, C, R) on that holder's own machine, as `yuntai holder`.
"""
