"""The sandbox: an issuer of certificates, demo persons with their keys, and the shifted clock.

No part of it may run beside a real city: it hands out private keys.  There is no bank yet: bonds come later.
"""
