"""Evaluation rules (评标办法): exact arithmetic from opened prices to ranks, as pure functions.

Whether a bid is valid in law, a committee decides; a rule only rejects what arithmetic can see.
"""
