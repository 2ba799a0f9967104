"""Projects, tenders, lots, notices, documents and the milestones of a lot."""
