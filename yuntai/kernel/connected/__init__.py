"""Connected systems as the platform told of them: what a system knows beside its own list of peers."""
