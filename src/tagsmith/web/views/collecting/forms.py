"""What people fill in about saved searches and collections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tagsmith.accounts.models import Person, Role
from tagsmith.collecting.naming import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TEXT


class KeptForm(forms.Form):
    """A name; and whether everybody may see it, which only editors are asked."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=LONGEST_NAME, widget=forms.TextInput({"autocomplete": "off"})
    )
    shared = forms.BooleanField(label=gettext_lazy("Everybody may see it, and editors may change it"), required=False)

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not person.may(Role.EDITOR):
            del self.fields["shared"]


class SearchForm(KeptForm):
    """A saved search."""

    text = forms.CharField(
        label=gettext_lazy("What to search for"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("As it is written in the search box."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    field_order = ("name", "text", "shared")


class CollectionForm(KeptForm):
    """A collection."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea({"rows": 3}),
    )
    field_order = ("name", "description", "shared")
