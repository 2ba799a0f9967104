"""Values that nobody would type into an address on purpose, for the tests of each system's pages."""

ODD = (
    "-1",
    "0",
    "9" * 30,
    "1.5",
    "x",
    "",
    "%27%22%3Cb%3E",
    "%FF%FE",
    "%F0%9F%8F%97",
    "../..",
    "字" * 400,
    "a" * 5000,
)
