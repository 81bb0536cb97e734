"""Every error of Qianli; the message is the sentence a person reads, in Chinese.

QianliError
├── BadInput             a file, a value or a command that cannot be read (exit 2)
├── NotFound             what was named does not exist (exit 2)
├── RuleBroken           understood, and refused by a rule (exit 1)
│   ├── Conflict         the database refused it: somebody was faster, or it is there already
│   └── TooManyTries     wrong codes too often; `wait_s` says how long to wait
├── DocumentError        a paper cannot be made (exit 1)
│   ├── NotStampable     … by stamping; the press lays it out whole instead
│   └── LayoutFailed     the process that lays out crashed, took too long or too much; passing
├── InterfaceError       a courier, a channel, or a file of theirs (exit 1)
│   ├── InterfaceUnavailable     passing; tried again
│   │   ├── CourierUnavailable
│   │   ├── ChannelUnavailable
│   │   └── QuotaUsedUp          … tomorrow
│   ├── BookingRejected      final: by a courier
│   ├── SendingRejected      final: by a channel
│   └── UnreadableAnswer     final
├── DatabaseUnavailable  the database is away, locked or full; passing (exit 1)
├── StorageUnavailable   a file cannot be stored: disk full, place closed; passing (exit 1)
├── EngineMissing        no Prefect server answers (exit 1)
└── ConfigurationError   a setting is missing or unsafe (exit 1)
"""


class QianliError(Exception):
    """Something a person should read. `message` is Chinese and holds no personal data."""

    def __init__(self, message: str, **ids: object) -> None:
        super().__init__(message)
        self.message = message
        self.ids = ids


class BadInput(QianliError):
    """A file, a value or a command that cannot be read. `problems` lists every one of them, if there are several."""

    def __init__(self, message: str, problems: list[str] | None = None, **ids: object) -> None:
        super().__init__(message, **ids)
        self.problems = problems or []


class NotFound(QianliError):
    """What was named does not exist."""


class RuleBroken(QianliError):
    """Understood, and refused by a rule."""


class Conflict(RuleBroken):
    """The database refused it: somebody was faster, or it is there already."""


class TooManyTries(RuleBroken):
    """Wrong codes too often."""

    def __init__(self, message: str, wait_s: int) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class DocumentError(QianliError):
    """A paper cannot be made."""


class NotStampable(DocumentError):
    """A paper cannot be made by stamping; the press lays it out whole instead."""


class LayoutFailed(DocumentError):
    """The process that lays papers out crashed, or was ended because it took too long or too much memory."""


class InterfaceError(QianliError):
    """A courier or a channel, or a file of its."""


class InterfaceUnavailable(InterfaceError):
    """A passing fault; tried again. `is_untouched`: it is known for certain that nothing was done of what was asked."""

    def __init__(self, message: str, *, is_untouched: bool = False, **ids: object) -> None:
        super().__init__(message, **ids)
        self.is_untouched = is_untouched


class CourierUnavailable(InterfaceUnavailable):
    """A courier does not answer, or not now."""


class ChannelUnavailable(InterfaceUnavailable):
    """A channel does not answer, or not now; whether it sent what it was given is not known."""


class QuotaUsedUp(InterfaceUnavailable):
    """Today's calls are made; tomorrow there are new ones."""


class BookingRejected(InterfaceError):
    """The courier will not take it.

    `kind` is ours: address, not_served, contraband, account, phone or other. `words` are the courier's own; they may
    name somebody, so they are for the organisers' screens only and never for logs, `why` or the message.
    """

    def __init__(self, message: str, *, kind: str = "other", words: str = "", **ids: object) -> None:
        super().__init__(message, kind=kind, **ids)
        self.kind = kind
        self.words = words


class SendingRejected(InterfaceError):
    """The channel will not send it, and has not.

    `kind` is ours: number, template, blocked, content, account or other; of these, account alone is not the message's
    own matter. `words` are the channel's, and treated as a courier's.
    """

    def __init__(self, message: str, *, kind: str = "other", words: str = "", **ids: object) -> None:
        super().__init__(message, kind=kind, **ids)
        self.kind = kind
        self.words = words


class UnreadableAnswer(InterfaceError):
    """The answer, push or file of a courier or channel cannot be read."""


class DatabaseUnavailable(QianliError):
    """The database is away, locked or full; nothing was written, and another try may help."""


class StorageUnavailable(QianliError):
    """A file cannot be stored; its row stays, and another try may help."""


class EngineMissing(QianliError):
    """No Prefect server answers."""


class ConfigurationError(QianliError):
    """A setting is missing or unsafe."""
