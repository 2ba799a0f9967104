"""Who somebody is, for the whole city: passkeys, citizens, and the login that other systems rely on."""
