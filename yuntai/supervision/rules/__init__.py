"""The warning rules in force, listed by hand.  Pure: no Django, and nothing of what is supervised.

Each rule states its limits itself: a supervisor that reads the limit from the code it supervises cannot find
that code wrong.
"""

from yuntai.supervision.rules import short_bid_period
from yuntai.supervision.rules.rule import Level, Rule

RULES: tuple[Rule, ...] = (short_bid_period.RULE,)

__all__ = ["RULES", "Level", "Rule"]
