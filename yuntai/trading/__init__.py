"""SYSTEM: electronic trading (电子交易系统), one deployment per industry or operator."""
