"""What came of a call on the one list of all calls: who was reached about a parcel or an address has more to say."""

from models import CallEnd
from qianli.stages import calls, phone_calls
from qianli.store.scope import Scope

REACHED = {
    calls.Outcome.confirmed, calls.Outcome.told, calls.Outcome.still_here, calls.Outcome.moved, calls.Outcome.unsure,
}  # fmt: skip


def note(
    scope: Scope,
    id_: int,
    outcome: str,
    *,
    address: str = "",
    as_it_is: bool = False,
    tries: int | None = None,
    by: str,
) -> str:
    """Write down what came of a call; the answer is a sentence. ValueError for an outcome there is not."""
    about = phone_calls.about(scope, id_)
    if about is None or outcome not in REACHED:
        return phone_calls.note(scope, id_, CallEnd(outcome), tries=tries, by=by)
    code, number = about
    # The call is theirs to make, whosever the campaign is.
    said = calls.Outcome(outcome)
    return calls.note(calls.EVERYTHING, code, number, said, address=address, as_it_is=as_it_is, by=by)
