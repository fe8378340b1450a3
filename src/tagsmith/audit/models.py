"""Who did what, when, before and after. Rows are only ever added."""

from django.conf import settings
from django.db import models
from django.db.models import Q

LEADS = Q(stands_for__gt=0)


class Entry(models.Model):
    """One change by a person, or one event of a machine.

    `unit` groups the changes that were made, and can be undone, together. `subject` and `subject_id` name the
    thing that changed without a foreign key, so that entries outlive it.

    `stands_for` is how many entries the last of those that one statement added to a unit stands for, itself among them;
    the others stand for none. So what was done can be listed by reading few, however many things it was done to.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    unit = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    stands_for = models.IntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("subject", "subject_id", "-at"), name="entry_subject"),
            models.Index(fields=("-at",), name="entry_at"),
            models.Index(fields=("unit", "-id"), name="entry_unit"),
            models.Index(fields=("-id",), condition=LEADS, name="entry_leads"),
            models.Index(fields=("subject", "-at", "-id"), condition=LEADS, name="entry_subject_leads"),
            models.Index(fields=("subject", "action", "-id"), condition=LEADS, name="entry_kind"),
            models.Index(fields=("actor_name", "-id"), condition=LEADS, name="entry_actor"),
            models.Index(fields=("unit", "-id"), condition=LEADS, name="entry_unit_leads"),
        )
