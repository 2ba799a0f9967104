"""The published interface standard: identifiers, money, messages, their envelope, receipts and a client.

Pure Python: no Django, no database.  Another vendor may build a connected system from this package alone.
"""
