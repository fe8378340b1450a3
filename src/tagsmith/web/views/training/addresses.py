"""The addresses of these pages."""

from django.urls import path

from tagsmith.web.views.training import (
    advice,
    aims,
    console,
    drafting,
    examples,
    files,
    groups,
    improving,
    lessons,
    models,
    picker,
    thresholds,
    trying,
    why,
)

MODEL = "training/<int:model_id>/"
TAG = MODEL + "examples/<int:tag_id>/"
VERSION = MODEL + "versions/<int:number>/"
THRESHOLD = MODEL + "thresholds/<int:tag_id>/"
WHY = "training/why/<int:asset_id>/<int:tag_id>/"

ADDRESSES = [
    path("training/", console.console, name="training"),
    path("training/create/", drafting.create, name="training-create"),
    path("training/import/", console.import_model, name="training-import"),
    path("training/tags/", drafting.tags, name="training-tags"),
    path("training/groups/", groups.groups, name="training-groups"),
    path("training/groups/look/", groups.look, name="training-look"),
    path("training/groups/<int:number>/", groups.group, name="training-group"),
    path("training/groups/<int:number>/aside/", groups.aside, name="training-aside"),
    path(MODEL, models.model, name="training-model"),
    path(MODEL + "about/", drafting.about, name="training-about"),
    path(MODEL + "examples/", examples.examples, name="training-examples"),
    path(MODEL + "advice/", advice.advice, name="training-advice"),
    path(MODEL + "submit/", examples.submit, name="training-submit"),
    path(TAG, examples.of_tag, name="training-tag"),
    path(TAG + "pick/", picker.pick, name="training-pick"),
    path(TAG + "add/", lessons.add, name="training-add"),
    path(TAG + "remove/", lessons.remove, name="training-remove"),
    path(TAG + "move/", lessons.move, name="training-move"),
    path(VERSION + "try/", trying.trial, name="training-trial"),
    path(VERSION + "publish/", models.publish, name="training-publish"),
    path(VERSION + "file/", files.download, name="training-file"),
    path(MODEL + "roll-back/", models.roll_back, name="training-roll-back"),
    path(MODEL + "retire/", models.retire, name="training-retire"),
    path(MODEL + "thresholds/", thresholds.thresholds, name="training-thresholds"),
    path(THRESHOLD, thresholds.threshold, name="training-threshold"),
    path(THRESHOLD + "clear/", thresholds.clear, name="training-clear"),
    path(MODEL + "next/", improving.improving, name="training-improving"),
    path(MODEL + "aims/", aims.aims, name="training-aims"),
    path(WHY, why.why, name="training-why"),
    path(WHY + "heat/", why.heat_map, name="training-heat"),
]
