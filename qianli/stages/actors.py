"""Who acted, as people call them: users by name, where the journal has their number."""

from collections.abc import Iterable

from sqlmodel import Session

from qianli.store import users

USER = "user:"
DIGITS = 10


def named(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Actor → the same without `user:`, by name if it was a number; one statement."""
    said = {actor: actor.removeprefix(USER) for actor in actors}
    ids = {
        actor: int(text) for actor, text in said.items() if text != actor and text.isdecimal() and len(text) < DIGITS
    }
    names = users.names(session, ids=ids.values()) if ids else {}
    return said | {actor: names[id_] for actor, id_ in ids.items() if id_ in names}
