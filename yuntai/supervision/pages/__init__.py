"""Pages of the supervision system: they translate between addresses and services, and decide nothing."""
