"""Every error that Tagsmith raises on purpose, in one tree.

::

    TagsmithError
    ├── BadInputError        what the caller gave cannot be used (also a ValueError)
    │   ├── ImageError       one image file: unreadable, corrupt, too large, no image
    │   ├── TaxonomyError    a tag's name, place or file breaks a rule
    │   ├── LibraryError     a folder's or an asset's name or place breaks a rule
    │   ├── ExamplesError    teaching examples break a rule (limits, shared images)
    │   └── ModelFileError   a tag model file: tampered, truncated, too new, other encoder
    ├── NotFoundError        there is no such thing, or not for this caller
    ├── ConflictError        somebody else changed it meanwhile, or it is in use
    ├── DatabaseError        the database cannot be started, reached or used
    ├── EncoderError         an encoder is unknown, cannot be had, or its weights are wrong
    ├── NotTrainedError      asked of a tag model that has learned nothing yet (also a ValueError)
    ├── ProviderError        the sign-in provider cannot be reached, or does not do as it should
    │   └── UntrustedError   what it says of somebody does not hold
    ├── RefusedError         the sign-in provider knows them, but they may not sign in here
    ├── SettingsError        a setting is unknown or has a wrong value
    ├── SignInError          name and password do not go together, or were tried too often
    └── WriteError           an output cannot be written

The message of an error that pages may show is words and values, not one text, so that they can say it in the reader's
language: `LibraryError("{name!r} cannot be a name", name=name)`.
"""

from tagsmith.sentences import Sentence, say


class TagsmithError(Exception):
    """The root: `except TagsmithError` catches what Tagsmith says about its input and surroundings."""

    def __init__(self, message: str = "", /, **values: object) -> None:
        super().__init__(say(message, **values))

    @property
    def sentence(self) -> Sentence:
        """What is wrong, as pages say it in the reader's language."""
        sentence: Sentence = self.args[0]
        return sentence


class BadInputError(TagsmithError, ValueError):
    """What the caller gave cannot be used; the message names the file or field."""


class ImageError(BadInputError):
    """One image cannot be used. `str(error)` is the reason alone; the caller knows the name."""


class TaxonomyError(BadInputError):
    """A tag's name or place, or a taxonomy file, breaks a rule; the message names the tag or the line."""


class LibraryError(BadInputError):
    """A folder's or an asset's name or place breaks a rule; the message names it."""


class ExamplesError(BadInputError):
    """Teaching examples break a rule; the message names the tag and the count."""


class ModelFileError(BadInputError):
    """A tag model file cannot be read or does not fit; the message says why."""


class NotFoundError(TagsmithError):
    """There is no such thing, or this caller may not see it: the two are not told apart."""


class ConflictError(TagsmithError):
    """Somebody else changed it meanwhile, or it is in use; the message says what to do."""


class DatabaseError(TagsmithError):
    """The database cannot be started, reached or used; the message says what to do."""


class EncoderError(TagsmithError):
    """An encoder is unknown, cannot be had here, or its weights are not what they should be."""


class NotTrainedError(TagsmithError, ValueError):
    """The tag model has learned nothing yet."""


class ProviderError(TagsmithError):
    """The sign-in provider cannot be reached, or does not do as it should; the message says what."""


class UntrustedError(ProviderError):
    """What the sign-in provider says of somebody does not hold: forged, expired, or meant for another."""


class RefusedError(TagsmithError):
    """The sign-in provider knows them, but they may not sign in here; `who` is what it calls them."""

    def __init__(self, who: str, reason: str) -> None:
        super().__init__(f"{who!r} may not sign in: {reason}")
        self.who, self.reason = who, reason


class SettingsError(TagsmithError):
    """A setting is unknown or has a wrong value; the message names each."""


class SignInError(TagsmithError):
    """Somebody did not get in; `wait` is after how many seconds another attempt is looked at, 0 if at once."""

    def __init__(self, wait: int = 0) -> None:
        super().__init__(
            say("too many attempts: wait {seconds} s", seconds=wait)
            if wait
            else say("name and password do not go together")
        )
        self.wait = wait


class WriteError(TagsmithError):
    """An output cannot be written; nothing half-written is left behind."""
