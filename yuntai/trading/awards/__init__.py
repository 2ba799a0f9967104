"""Award candidates, standstill, award."""
