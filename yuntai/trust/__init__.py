"""Trust in bytes: keys, signatures, certificates, sealing and clocks.  Knows nothing of tenders or trade."""
