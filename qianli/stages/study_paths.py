"""Where the links of a programme lead. They follow from a key, so that they can be written down again at any time."""

from qianli.receipts.codes import study_code, token
from qianli.stages.codes import key
from qianli.store.message_facts import Standing

LENGTH = 24  # of 29 characters: nobody guesses 116 bits


def group_token(programme_id: int, organisation_id: int, generation: int, key_id: str) -> str:
    """What stands at the end of the link to an organisation's page."""
    return token(key(key_id), f"qianli study page {programme_id} {organisation_id} {generation}", LENGTH)


def own_code(programme_id: int, member_id: int, generation: int, key_id: str) -> str:
    """A member's own code."""
    return study_code(key(key_id), programme_id, member_id, generation)


def of_notice(one: Standing) -> str:
    """The path of the link in a notice: short for a member, since providers of short messages count characters."""
    message = one.message
    told = (int(message.details["programme"]), int(message.details["generation"]), str(message.details["key"]))
    programme_id, generation, key_id = told
    if message.member_id is None:
        return f"/s/{group_token(programme_id, message.organisation_id, generation, key_id)}"
    return f"/s/{own_code(programme_id, message.member_id, generation, key_id)}"
