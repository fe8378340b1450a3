"""People and what they may do. Which folders they may see is in `assets` (grants)."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do, each including the one before."""

    VIEWER = "viewer", _("Viewer")
    EDITOR = "editor", _("Editor")
    TRAINER = "trainer", _("Trainer")
    ADMINISTRATOR = "administrator", _("Administrator")

    def includes(self, other: "Role") -> bool:
        """Whether a person of this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class PersonManager(BaseUserManager["Person"]):
    """What Django's authentication asks of the table."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person who signs in under this name, in whatever case it is written."""
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.VIEWER)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    sessions_ended = models.DateTimeField(null=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = (models.UniqueConstraint(Lower("username"), name="person_username_any_case"),)

    def may(self, role: Role) -> bool:
        """Whether this person may do what `role` may."""
        return self.is_active and Role(self.role).includes(role)

    def get_session_auth_hash(self) -> str:
        """Return what a session of theirs must know to go on: another after a new password, and when all are ended."""
        known = f"{self.password} {self.sessions_ended}"
        return salted_hmac("tagsmith.accounts.session", known, algorithm="sha256").hexdigest()


class Identity(models.Model):
    """Whom a provider of OpenID Connect means by a subject: bound to a person when they first sign in by it.

    `shown` is what the provider called them then; it may change there, issuer and subject do not.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    shown = models.CharField(max_length=255)
    bound = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="identity_once"),
            models.UniqueConstraint(fields=("person", "issuer"), name="identity_one_of_a_provider"),
        )


class Attempts(models.Model):
    """How often somebody gave a wrong password for a name from an address, and when last; gone when they get in."""

    username = models.CharField(max_length=150)
    address = models.CharField(max_length=100)
    count = models.IntegerField()
    last = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("username", "address"), name="attempts_once"),)
