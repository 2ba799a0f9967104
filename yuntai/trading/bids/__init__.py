"""Sealed bids: taking in, giving a receipt, withdrawing.  Nothing here can open one."""
