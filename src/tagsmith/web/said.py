"""What is said of what was done to assets, at once or in the background."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def tagged(key: str, count: int) -> str:
    """Say on how many assets a tag was set, removed, promoted or allowed."""
    if not count:
        return _("%(tag)s: nothing to change on these assets.") % {"tag": key}
    return _counted(
        ngettext("%(tag)s: %(count)s asset changed.", "%(tag)s: %(count)s assets changed.", count), count, key
    )


def untagged(count: int) -> str:
    """Say of how many tags what people did was taken back."""
    return _counted(ngettext("Undone on %(count)s tag.", "Undone on %(count)s tags.", count), count)


def moved(count: int) -> str:
    """Say how many assets were moved."""
    return _counted(ngettext("%(count)s asset was moved.", "%(count)s assets were moved.", count), count)


def moved_back(count: int, left: int) -> str:
    """Say whether something was put back where it was, and how much stays."""
    said = [_("It is back where it was.") if count else _("Nothing was put back.")]
    if left:
        stays = ngettext("%(count)s stays: it was moved since.", "%(count)s stay: they were moved since.", left)
        said.append(_counted(stays, left))
    return " ".join(said)


def trashed(count: int) -> str:
    """Say how many assets were put into the trash."""
    said = ngettext("%(count)s asset is in the trash.", "%(count)s assets are in the trash.", count)
    return _counted(said, count)


def restored() -> str:
    """Say that what was put into the trash is back."""
    return _("Taken back out of the trash.")


def edited(count: int) -> str:
    """Say on how many assets metadata was changed."""
    said = ngettext(
        "The metadata of %(count)s asset is changed.", "The metadata of %(count)s assets is changed.", count
    )
    return _counted(said, count)


def edits_undone(count: int, left: int) -> str:
    """Say on how many assets an edit was taken back, and how many keep something of since."""
    said = [_counted(ngettext("Undone on %(count)s asset.", "Undone on %(count)s assets.", count), count)]
    if left:
        keeps = ngettext(
            "%(count)s asset keeps what was changed since.", "%(count)s assets keep what was changed since.", left
        )
        said.append(_counted(keeps, left))
    return " ".join(said)


def _counted(said: str, count: int, tag: str = "") -> str:
    return said % {"count": number_format(count, force_grouping=True), "tag": tag}
