"""The first step of a tag model: its words, and its tags, chosen by searching or browsing the taxonomy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tagsmith.accounts.models import Role
from tagsmith.errors import BadInputError, ConflictError
from tagsmith.sentences import Sentence
from tagsmith.taxonomy.advice.hints import hint_on_taught
from tagsmith.taxonomy.keys import fold
from tagsmith.taxonomy.models import Tag
from tagsmith.taxonomy.selectors import live_tags
from tagsmith.taxonomy.services.create import create_tag
from tagsmith.taxonomy.suggesting import titles_of
from tagsmith.taxonomy.wording import folded_label
from tagsmith.training.drafting import choose_tags, describe
from tagsmith.training.jobs import current
from tagsmith.training.models import TagModel
from tagsmith.training.selectors import find_model, taught_tags
from tagsmith.training.services import LONGEST_TITLE, create_tag_model
from tagsmith.web.notices import notify
from tagsmith.web.phrases import phrase
from tagsmith.web.requests import actor_of
from tagsmith.web.roles import only

SHOWN = 60
SORTS = {
    "name": (gettext_lazy("Name"), ("folded",)),
    "created": (gettext_lazy("Created"), ("-created", "pk")),
    "modified": (gettext_lazy("Modified"), ("-modified", "pk")),
}


class ModelForm(forms.Form):
    """What a tag model is about."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput({"autocomplete": "off"})
    )
    description = forms.CharField(label=gettext_lazy("Description"), required=False, widget=forms.Textarea)
    exclusive = forms.BooleanField(
        label=gettext_lazy("An image shows at most one of the tags"),
        required=False,
        help_text=gettext_lazy("Leave it on for kinds of one thing; turn it off for tags that go together."),
    )


@dataclass(frozen=True)
class Option:
    """A tag that can be chosen or is: by its title, how many stand below it, and what speaks against teaching it."""

    pk: int
    key: str
    name: str
    below: int = 0
    hint: Sentence | None = None


@only(Role.TRAINER)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a tag model: a draft until it is submitted."""
    form = ModelForm(request.POST or None, initial={"exclusive": True})
    tags = _sent_tags(request)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            model = create_tag_model(
                actor_of(request),
                wanted["title"],
                tags,
                description=wanted["description"],
                exclusive=wanted["exclusive"],
            )
        except BadInputError as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("The draft is kept: you can leave it and come back."))
            return redirect("training-examples", model.pk)
    return render(request, "web/training/about.html", {"form": form, "chosen": _shown(tags), **_options(request)})


@only(Role.TRAINER)
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, model_id: int) -> HttpResponse:
    """Change the words and the tags of a tag model that is there."""
    model = find_model(model_id)
    words = {name: getattr(model, name) for name in ("title", "description", "exclusive")}
    form = ModelForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid():
        try:
            describe(actor_of(request), model, **form.cleaned_data)
            choose_tags(actor_of(request), model, _sent_tags(request))
        except (BadInputError, ConflictError) as error:
            form.add_error(None, phrase(error))
        else:
            notify(request, _("Saved."))
            return redirect("training-examples", model.pk)
    chosen = _sent_tags(request) if request.method == "POST" else _tags_of(model)
    context = {"model": model, "form": form, "chosen": _shown(chosen), **_options(request)}
    return render(request, "web/training/about.html", context)


@only(Role.TRAINER)
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """Show the tags that fit a word, or those directly below one; or make one, which is then chosen."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            context["made"] = create_tag(actor_of(request), request.POST.get("q", "").strip())
        except (BadInputError, ConflictError) as error:
            context["problem"] = phrase(error)
    return render(request, "web/training/tags.html", {**_options(request), **context})


def _options(request: HttpRequest) -> dict[str, Any]:
    asked = request.POST if request.method == "POST" and "q" in request.POST else request.GET
    text, sort, inside = asked.get("q", "").strip(), asked.get("sort", "name"), asked.get("in", "")
    above = live_tags().filter(pk=inside).first() if inside.isdecimal() else None
    rows = _that_fit(text, above)
    _, order = SORTS.get(sort, SORTS["name"])
    found = list(
        rows.annotate(below=Count("children", Q(children__deleted__isnull=True))).order_by(*order)[: SHOWN + 1]
    )
    return {
        "words": text,
        "sort": sort,
        "sorts": {name: title for name, (title, _) in SORTS.items()},
        "above": above,
        "tags": _shown(found[:SHOWN]),
        "is_cut": len(found) > SHOWN,
        "can_make": bool(text) and not any(fold(tag.name) == fold(text) for tag in found),
        "limits": current().limits,
    }


def _shown(tags: Sequence[Tag]) -> list[Option]:
    language = get_language() or "en"
    titles = titles_of((tag.pk for tag in tags), language)
    named = [(tag, titles.get(tag.pk, tag.name)) for tag in tags]
    return [
        Option(tag.pk, tag.key, title, vars(tag).get("below", 0), hint_on_taught(tag, title, language))
        for tag, title in named
    ]


def _that_fit(text: str, above: Tag | None) -> QuerySet[Tag]:
    if text:
        by_word = Q(name__icontains=text) | Q(labels__folded__startswith=folded_label(text))
        return live_tags().filter(pk__in=live_tags().filter(by_word).values("pk"))
    return live_tags().filter(parent=above)


def _sent_tags(request: HttpRequest) -> Sequence[Tag]:
    """Return the tags that were chosen, in the order in which they were."""
    ids = [int(one) for one in request.POST.getlist("tags") if one.isdecimal()]
    known = live_tags().in_bulk(ids)
    return [known[pk] for pk in dict.fromkeys(ids) if pk in known]


def _tags_of(model: TagModel) -> Sequence[Tag]:
    return list(live_tags().filter(pk__in=taught_tags(model).values()))
