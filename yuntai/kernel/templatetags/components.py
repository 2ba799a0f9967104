"""Page components, all in one library: `{% load components %}` gives every tag and filter.

Each takes plain values, never a model, and so never runs a query.  Python code imports the values from here.
"""

from django import template

from yuntai.kernel.templatetags import acts, fields, frame, lists, stages, tables, values
from yuntai.kernel.templatetags.acts import BidPage, DocumentToSign, IrreversibleAct
from yuntai.kernel.templatetags.fields import Field, FormError, errors_of, from_bound
from yuntai.kernel.templatetags.lists import Crumb, DeskTask, Filter, NoticeRow, Option, Pages, Waiting
from yuntai.kernel.templatetags.stages import Fact, Refusal, Status, TimelineStep, Verification, WarningNote
from yuntai.kernel.templatetags.tables import Cell, Column, Table, sorted_columns

__all__ = [
    "BidPage",
    "Cell",
    "Column",
    "Crumb",
    "DeskTask",
    "DocumentToSign",
    "Fact",
    "Field",
    "Filter",
    "FormError",
    "IrreversibleAct",
    "NoticeRow",
    "Option",
    "Pages",
    "Refusal",
    "Status",
    "Table",
    "TimelineStep",
    "Verification",
    "Waiting",
    "WarningNote",
    "errors_of",
    "from_bound",
    "register",
    "sorted_columns",
]

register = template.Library()
for part in (values, stages, lists, tables, fields, acts, frame):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
