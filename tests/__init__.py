"""Tests of the whole: boundaries, law, city, browser, faults.  Each package's own tests lie beside it."""
