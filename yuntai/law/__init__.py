"""The law as data: clauses, how days are counted, working days, rounding.  Knows no trade and no system."""
