"""The trading system's published interface: /api/v1 for people's tools, /holders/v1 for the key holders."""
