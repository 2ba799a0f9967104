"""Following tenders: who logs in sees what is new about the tenders of his choice."""
