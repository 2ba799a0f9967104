"""Market subjects as the platform's registry knows them: this system's read copy."""
