"""Forgetting what runs changed, and sessions that ended. How long the change log is kept is given once."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from tagsmith.tagging.retention import forget_changes
from tagsmith.workflows.models import Run

_keep_days = [365]


def configure(keep_days: int) -> None:
    """Say once, where the program is put together, how many days the change log is kept."""
    _keep_days[:] = [keep_days]


def forget_old(now: datetime) -> int:
    """Forget the change log of before its time, and sessions that ended; return how many changes are forgotten.

    Runs are marked first: none of them can be undone in part.
    """
    before = now - timedelta(days=_keep_days[0])
    Run.objects.filter(started__lt=before, forgotten=None).update(forgotten=now)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return forget_changes(before)
