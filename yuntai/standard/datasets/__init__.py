"""The data sets of the interface standard: what a record of each kind holds, and whether one is right.

sets/ has one file a data set in words a lawyer reads; families.toml, common.toml and rules.toml say what
several have in common.  All else comes from them: checks, JSON Schema, the XML form, pages, the catalogue.
"""

from yuntai.standard.datasets.checks import validate
from yuntai.standard.datasets.definitions import (
    DataSet,
    Field,
    UnknownDataSet,
    data_set,
    data_sets,
    numbers,
)
from yuntai.standard.datasets.errors import Fault

__all__ = [
    "DataSet",
    "Fault",
    "Field",
    "UnknownDataSet",
    "data_set",
    "data_sets",
    "numbers",
    "validate",
]
