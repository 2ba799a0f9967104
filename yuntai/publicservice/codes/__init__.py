"""Unified transaction codes (统一交易标识码): issued by the platform, one a lot, told back by message."""
