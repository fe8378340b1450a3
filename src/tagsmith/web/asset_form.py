"""The form of an asset's metadata."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tagsmith.assets.fields import Changes
from tagsmith.assets.models import Asset

MOMENT = "%Y-%m-%dT%H:%M:%S"


class AssetForm(forms.Form):
    """What people may write about an asset, and the revision that they saw."""

    title = forms.CharField(label=gettext_lazy("Title"), required=False)
    description = forms.CharField(label=gettext_lazy("Description"), required=False, widget=forms.Textarea)
    keywords = forms.CharField(
        label=gettext_lazy("Keywords"), required=False, help_text=gettext_lazy("Separated by commas.")
    )
    creator = forms.CharField(label=gettext_lazy("Creator"), required=False)
    rights = forms.CharField(label=gettext_lazy("Rights"), required=False)
    captured = forms.DateTimeField(
        label=gettext_lazy("Captured"),
        required=False,
        help_text=gettext_lazy("In UTC."),
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}, format=MOMENT),
    )
    custom = forms.CharField(
        label=gettext_lazy("Further fields"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("One on each line, such as shelf: B4"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean_description(self) -> str:
        """Return the text with plain line ends: browsers send others."""
        return plain(self.cleaned_data["description"])

    def clean_custom(self) -> dict[str, str]:
        """Return the fields by name."""
        return named_lines(self.cleaned_data["custom"])

    def changes(self, asset: Asset) -> Changes:
        """Return what was changed against the form as it was filled from the asset; the rest is left alone."""
        wanted = self.cleaned_data
        values = {**wanted, "keywords": wanted["keywords"].split(",")}
        shown = AssetForm(written(asset))
        shown.full_clean()
        changed = [
            name for name in written(asset) if name != "revision" and wanted[name] != shown.cleaned_data.get(name)
        ]
        return cast("Changes", {name: values[name] for name in changed})


def written(asset: Asset) -> dict[str, Any]:
    """Return an asset's metadata as the form holds it."""
    return {
        "title": asset.title,
        "description": asset.description,
        "keywords": ", ".join(asset.keywords),
        "creator": asset.creator,
        "rights": asset.rights,
        "captured": asset.captured.strftime(MOMENT) if asset.captured else "",
        "custom": "\n".join(f"{name}: {value}" for name, value in asset.custom.items()),
        "revision": asset.revision,
    }


def differences(form: AssetForm, asset: Asset) -> list[tuple[str, str]]:
    """Return what is stored now of the fields in which it differs from what was typed: label and value."""
    stored = written(asset)
    names = [name for name in stored if name != "revision" and stored[name] != plain(form.data.get(name, "")).strip()]
    return [(str(form.fields[name].label), stored[name]) for name in names]


def plain(text: str) -> str:
    """Return a text with plain line ends."""
    return text.replace("\r\n", "\n")


def named_lines(text: str) -> dict[str, str]:
    """Return the values by name of lines such as `shelf: B4`; raises ValidationError for a line that is none."""
    pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
    if not all(colon and name.strip() for name, colon, _value in pairs):
        raise forms.ValidationError(_("Each line needs a name, a colon and a value."))
    return {name.strip(): value.strip() for name, _colon, value in pairs}
