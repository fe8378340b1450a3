"""The form that changes the metadata of many assets: of each field, what to do, and with which value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagsmith.assets.edits import SEVERAL, Edit, Mode
from tagsmith.assets.fields import FIELDS
from tagsmith.assets.selectors.metadata import Together
from tagsmith.web.asset_form import AssetForm, named_lines, plain

LEAVE = "leave"
HOW: dict[str, Promise] = {
    LEAVE: gettext_lazy("Leave as it is"),
    Mode.APPEND: gettext_lazy("Add"),
    Mode.REMOVE: gettext_lazy("Remove"),
    Mode.REPLACE: gettext_lazy("Replace with"),
    Mode.CLEAR: gettext_lazy("Clear"),
}
CUSTOM_HOW = HOW | {
    Mode.APPEND: gettext_lazy("Add or replace these"),
    Mode.REMOVE: gettext_lazy("Remove these"),
    Mode.REPLACE: gettext_lazy("Replace all with"),
}
LABELS = {name: field.label for name, field in AssetForm.base_fields.items()}


@dataclass(frozen=True)
class Line:
    """A field as the form shows it: what to do with it, with which value; what the assets have now, if it is known."""

    name: str
    label: Any
    mode: forms.BoundField
    value: forms.BoundField
    agree: bool = False
    now: Any = None
    several: Sequence[tuple[str, int]] = ()


class EditForm(forms.Form):
    """A mode and a value for each field of `AssetForm`; the value of what is left or cleared does not count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            how = CUSTOM_HOW if name == "custom" else HOW
            known = [(mode, how[mode]) for mode in how if name in SEVERAL or mode not in (Mode.APPEND, Mode.REMOVE)]
            self.fields[f"{name}_mode"] = forms.ChoiceField(choices=known, required=False)
            self.fields[name] = _value_field(name)

    def lines(self, together: Together | None = None) -> Iterator[Line]:
        """Yield the fields in their order, with what is written about the assets taken together."""
        same = together.same if together else {}
        several = {"keywords": together.keywords, "custom": together.custom} if together else {}
        for name in FIELDS:
            now = name in same, same.get(name), several.get(name, ())
            yield Line(name, LABELS[name], self[f"{name}_mode"], self[name], *now)

    def clean(self) -> dict[str, Any]:
        """Refuse a value of which nobody says what to do with it, and a mode that needs one and has none."""
        wanted = super().clean() or {}
        for name in FIELDS:
            mode, value = wanted.get(f"{name}_mode") or LEAVE, wanted.get(name)
            if mode == LEAVE and value:
                self.add_error(name, _("Say what to do with this."))
            if mode in (Mode.APPEND, Mode.REMOVE, Mode.REPLACE) and not value and name not in self.errors:
                self.add_error(name, _("Write something, or choose to leave or clear the field."))
        if not self.errors and not self.edits():
            self.add_error(None, _("Choose what to change."))
        return wanted

    def edits(self) -> dict[str, Edit]:
        """Return what is to be done; raises ValidationError for a line of further fields that is none."""
        modes = {name: self.cleaned_data.get(f"{name}_mode") or LEAVE for name in FIELDS}
        return {name: Edit(Mode(mode), self._value(name, Mode(mode))) for name, mode in modes.items() if mode != LEAVE}

    def clean_description(self) -> str:
        """Return the text with plain line ends: browsers send others."""
        return plain(self.cleaned_data["description"])

    def clean_custom(self) -> str:
        """Look whether each line has a name and a value, where that is needed."""
        text: str = self.cleaned_data["custom"]
        if self.cleaned_data.get("custom_mode") in (Mode.APPEND, Mode.REPLACE):
            named_lines(text)
        return text

    def _value(self, name: str, mode: Mode) -> Any:
        value = self.cleaned_data.get(name)
        if mode is Mode.CLEAR:
            return None
        if name == "keywords":
            return value.split(",") if value else []
        if name == "custom" and value:
            lines = [line.partition(":")[0].strip() for line in value.splitlines()]
            return [line for line in lines if line] if mode is Mode.REMOVE else named_lines(value)
        return value


def _value_field(name: str) -> forms.Field:
    """Return the field of `AssetForm`, as a part of a table whose rows have a label already."""
    made = AssetForm.base_fields[name]
    widget = made.widget.__class__({**made.widget.attrs, "aria-label": made.label})
    if isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = "3"
    if isinstance(widget, forms.DateTimeInput):
        widget.format = getattr(made.widget, "format", None)
    kind = forms.DateTimeField if name == "captured" else forms.CharField
    return kind(label=made.label, required=False, help_text=made.help_text, widget=widget)
