"""Connected systems (对接系统): entered by their operators, connected when their technical tests pass."""
