"""How long Slack asks to wait, in each form in which `Retry-After` occurs."""

from datetime import timedelta

import pytest

from handlers.kit.retry_after import LONGEST, SHORTEST, read_retry_after

MONDAY = "Mon, 30 Nov 2026 16:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "30"}, 30),
        ({"RETRY-AFTER": ["30"]}, 30),
        ({"Retry-After": 30}, 30),
        ({"Retry-After": " 30 "}, 30),
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": ["soon", "7"]}, 7),
        ({"Retry-After": "Mon, 30 Nov 2026 16:00:45 GMT", "Date": MONDAY}, 45),
        ({"retry-after": "Mon, 30 Nov 2026 16:00:45 GMT", "date": [MONDAY]}, 45),
        ({"Retry-After": "Monday, 30-Nov-26 16:01:00 GMT", "Date": MONDAY}, 60),
        ({"Retry-After": "Mon, 30 Nov 2026 15:00:00 GMT", "Date": MONDAY}, SHORTEST.total_seconds()),
        ({"Retry-After": "Mon, 30 Nov 2037 16:00:00 GMT", "Date": MONDAY}, LONGEST.total_seconds()),
        ({"Retry-After": "0"}, SHORTEST.total_seconds()),
        ({"Retry-After": "-5"}, SHORTEST.total_seconds()),
        ({"Retry-After": "1e300"}, LONGEST.total_seconds()),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "86400"}, LONGEST.total_seconds()),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 99999999999999999999 Dec 2026 00:00:00 GMT"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": []}, None),
        ({"Retry-After": None}, None),
        ({}, None),
    ],
)
def test_every_form_is_read_and_none_stops_delivery_for_good(headers, seconds):
    assert read_retry_after(headers) == (timedelta(seconds=seconds) if seconds is not None else None)
