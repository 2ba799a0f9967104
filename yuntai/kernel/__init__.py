"""Django parts with no trade in them, shared by the three kinds of system."""
