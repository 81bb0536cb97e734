import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.documents import deflate

PART = st.tuples(st.sampled_from([deflate.packed, deflate.stored]), st.binary(max_size=300))


@settings(max_examples=50)
@given(st.lists(PART, max_size=5))
def test_parts_together_are_a_stream_of_all_their_bytes(parts: list) -> None:
    data, length = deflate.stream(make(content) for make, content in parts)
    assert zlib.decompress(data) == b"".join(content for _, content in parts)
    assert length == sum(len(content) for _, content in parts)


def test_more_than_a_stored_part_holds_is_packed() -> None:
    long = bytes(70_000)
    assert zlib.decompress(deflate.stream([deflate.stored(long)])[0]) == long
