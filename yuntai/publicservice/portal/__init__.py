"""The portal: what trading systems said of their tenders, told to the public; nothing is added to it."""
