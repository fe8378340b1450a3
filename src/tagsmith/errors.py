"""Every error that Tagsmith raises on purpose, in one tree.

::

    TagsmithError
    ├── BadInputError        what the caller gave cannot be used (also a ValueError)
    │   ├── ImageError       one image file: unreadable, corrupt, too large, no image
    │   ├── ExamplesError    teaching examples break a rule (limits, shared images)
    │   └── ModelFileError   a tag model file: tampered, truncated, too new, other encoder
    ├── EncoderError         an encoder is unknown, cannot be had, or its weights are wrong
    ├── NotTrainedError      asked of a tag model that has learned nothing yet (also a ValueError)
    ├── SettingsError        a setting is unknown or has a wrong value
    └── WriteError           an output cannot be written
"""


class TagsmithError(Exception):
    """The root: `except TagsmithError` catches what Tagsmith says about its input and surroundings."""


class BadInputError(TagsmithError, ValueError):
    """What the caller gave cannot be used; the message names the file or field."""


class ImageError(BadInputError):
    """One image cannot be used. `str(error)` is the reason alone; the caller knows the name."""


class ExamplesError(BadInputError):
    """Teaching examples break a rule; the message names the tag and the count."""


class ModelFileError(BadInputError):
    """A tag model file cannot be read or does not fit; the message says why."""


class EncoderError(TagsmithError):
    """An encoder is unknown, cannot be had here, or its weights are not what they should be."""


class NotTrainedError(TagsmithError, ValueError):
    """The tag model has learned nothing yet."""


class SettingsError(TagsmithError):
    """A setting is unknown or has a wrong value; the message names each."""


class WriteError(TagsmithError):
    """An output cannot be written; nothing half-written is left behind."""
