"""Mutual recognition of certificates (互认): the trust list in force, and what its CAs have revoked."""
