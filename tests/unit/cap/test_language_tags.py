"""A language may be named short where that can mean one only."""

import pytest

from hinomi.cap.texts import full_tag


@pytest.mark.parametrize(
    ("given", "meant"),
    [("ja", "ja-JP"), ("EN", "en-US"), ("ko-kr", "ko-KR"), ("zh", "zh"), ("fr", "fr"), ("", "")],
)
def test_a_short_tag_is_filled_only_where_it_means_one(given, meant):
    assert full_tag(given) == meant
