"""The contract, signed by both sides with their certificates."""
