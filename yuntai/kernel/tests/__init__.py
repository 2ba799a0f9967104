"""Tests of the shared Django parts; they run under the settings of a trading system."""
