"""What is due next is said in words for people."""

from handlers import features, upcoming
from storage.vocabulary import NoticeKind


def test_everything_that_can_be_due_has_words():
    assert set(upcoming.FEATURES) == set(features.DUES)
    assert set(upcoming.NOTICES) == set(NoticeKind)
