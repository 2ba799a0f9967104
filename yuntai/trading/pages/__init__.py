"""Pages of the trading system: they translate between addresses and services, and decide nothing."""
