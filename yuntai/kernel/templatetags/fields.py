"""Form fields with hint, clause and error, the error summary, and what an amount means."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms, template
from django.forms import BoundField

from yuntai.kernel.templatetags.lists import Option

register = template.Library()


@dataclass(frozen=True)
class Field:
    """One field of a form.

    kind: text, textarea, number, money, date, datetime-local, select, radio, checkbox, file, hidden.
    hint: stands before the control.  clause: key of the rule the field follows.  unit: after the control.
    accept, multiple: for files.  options: for select and radio.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    clause: str = ""
    error: str = ""
    required: bool = True
    unit: str = ""
    options: tuple[Option, ...] = ()
    accept: str = ""
    multiple: bool = False
    maximum_length: int | None = None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def described_by(self) -> str:
        """The ids that screen readers read with the control."""
        parts = ((self.hint, "hint"), (self.error, "error"))
        return " ".join(f"{self.id}_{part}" for text, part in parts if text)

    @property
    def input_type(self) -> str:
        return {"money": "text", "number": "text"}.get(self.kind, self.kind)

    @property
    def input_mode(self) -> str:
        return {"money": "decimal", "number": "numeric"}.get(self.kind, "")


@dataclass(frozen=True)
class FormError:
    """One refusal in the summary; field: name of the field it leads to, "" for the form as a whole."""

    field: str
    text: str


def from_bound(bound: BoundField, *, clause: str = "", unit: str = "") -> Field:
    """Return the Field for a Django form field, with its typed value and first error kept."""
    errors = bound.errors
    value = bound.value()
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        value="" if value is None else str(value),
        kind=kind_of(bound),
        hint=str(bound.help_text),
        clause=clause,
        error=str(errors[0]) if errors else "",
        required=bound.field.required,
        unit=unit,
        options=tuple(Option(str(key), str(label)) for key, label in getattr(bound.field, "choices", ())),
        maximum_length=getattr(bound.field, "max_length", None),
    )


KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.BooleanField, "checkbox"),
    (forms.ChoiceField, "select"),
    (forms.DecimalField, "money"),
    (forms.IntegerField, "number"),
    (forms.DateTimeField, "datetime-local"),
    (forms.DateField, "date"),
    (forms.FileField, "file"),
)


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    return next((kind for field, kind in KINDS if isinstance(bound.field, field)), "text")


def errors_of(form: forms.BaseForm) -> tuple[FormError, ...]:
    """Return what the summary lists: the form's own refusals first, then each field's, in field order."""
    own = tuple(FormError("", str(text)) for text in form.non_field_errors())
    fields = tuple(
        FormError(bound.html_name, f"{bound.label}：{text}") for bound in form for text in bound.errors
    )
    return own + fields


@register.inclusion_tag("ui/form_field.html")
def form_field(field: Field | BoundField, clause: str = "", unit: str = "") -> dict[str, object]:
    shown = field if isinstance(field, Field) else from_bound(field, clause=clause, unit=unit)
    return {"field": shown}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(errors: Sequence[FormError] | forms.BaseForm) -> dict[str, object]:
    """Show every refusal above the form, each leading to its field; shows nothing when there is none."""
    return {"errors": errors_of(errors) if isinstance(errors, forms.BaseForm) else errors}


@register.inclusion_tag("ui/amount_echo.html")
def amount_echo(value: str, field_id: str) -> dict[str, object]:
    """Say an amount in 元 and in capital characters, and follow the field `field_id` while it is typed."""
    return {"value": value, "field_id": field_id}
