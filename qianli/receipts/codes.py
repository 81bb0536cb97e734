"""Confirmation codes: made from a key, read back however a member typed them, looked up by a second keyed hash.

A code is nine characters and a check character. Nobody can guess one, and a typing mistake is told from a wrong code
before anything is looked up: the check finds every single wrong character and every two characters swapped.
"""

import hashlib
import hmac
import re
import unicodedata

from qianli.errors import BadInput

#: No 0/O, 1/I/L, S beside 5, U beside V: 29 characters, a prime, so that a weighted sum finds every single mistake.
ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXYZ"
LENGTH = 10
LONGEST_TYPED = 200

#: Characters that are never printed; what somebody who types one must have seen.
_SEEN = str.maketrans({"S": "5", "U": "V", "O": "Q", "0": "Q"})
_IGNORED = re.compile(r"[\s\-_.·‐-―−－—。・]|[\u200b-\u200f\u2060\ufeff]")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
#: References may hold 0, 1 and any letter: each counts like a character that it is not mistaken for.
_REFERENCE_VALUES = _VALUES | {name: _VALUES[like] for name, like in zip("01ILOSU", "KWXFTHE", strict=True)}


def make_code(secret: bytes, consignment_id: int, generation: int) -> str:
    """The code of a consignment, always the same for the same key and generation; a new generation revokes it."""
    body = token(secret, f"qianli code {consignment_id} {generation}", LENGTH - 1)
    return body + check_character(body)


def study_code(secret: bytes, programme_id: int, member_id: int, generation: int) -> str:
    """A member's own code on the pages of a study programme, of the same form."""
    body = token(secret, f"qianli study {programme_id} {member_id} {generation}", LENGTH - 1)
    return body + check_character(body)


def token(secret: bytes, meaning: str, length: int) -> str:
    """So many characters that follow from a key and what they stand for."""
    number = int.from_bytes(hmac.digest(secret, meaning.encode(), hashlib.sha256))
    characters = []
    for _ in range(length):
        number, value = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[value])
    return "".join(characters)


def check_character(text: str) -> str:
    """The character to put after `text` (digits, capital letters, dashes), so that a typing mistake shows."""
    characters = text.replace("-", "")
    if not set(characters) <= _REFERENCE_VALUES.keys():
        raise BadInput("编号里只能有数字、大写英文字母和短横线。")
    values = [_REFERENCE_VALUES[character] for character in reversed(characters)]
    total = sum(value * (2 + place % (len(ALPHABET) - 2)) for place, value in enumerate(values))
    return ALPHABET[-total % len(ALPHABET)]


def display(code: str) -> str:
    """The code as it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


def normalise(typed: str) -> str | None:
    """The code that was typed, or None if it cannot be one.

    Small letters, full-width ones, blanks, dashes and a whole pasted link are all welcome.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    last = unicodedata.normalize("NFKC", typed).strip().rstrip("/").rpartition("/")[2]
    code = _IGNORED.sub("", last).upper().translate(_SEEN)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or check_character(code[:-1]) != code[-1]:
        return None
    return code


def look_up_hash(secret: bytes, code: str) -> str:
    """What is stored instead of the code, to find its consignment by."""
    return hmac.new(secret, f"qianli look-up {code}".encode(), hashlib.sha256).hexdigest()


def address_hash(secret: bytes, address: str) -> str:
    """What is stored instead of a visitor's network address, to count failed codes by."""
    return hmac.new(secret, f"qianli address {address}".encode(), hashlib.sha256).hexdigest()
