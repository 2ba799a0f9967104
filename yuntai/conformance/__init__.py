"""The conformance suite (检测认证): tests any vendor's trading system from outside, over what it publishes.

Pure Python without Django, and no code of any system: what it asks for is docs/connect/conformance.md.
"""
