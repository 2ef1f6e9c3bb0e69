"""Contract of seats: there is one way to place people, and it asks the agency."""

import re
from pathlib import Path

HANDLERS = Path(__file__).parents[2] / "handlers"
PLACES = re.compile(r"\bseats\.(?:place|assign)\(")

MAY_PLACE = {
    "members/membership.py",
    # people without an agency
    "members/founding.py",
    "members/facilitators.py",
}


def test_only_membership_places_people_in_agencies():
    placing = {
        path.relative_to(HANDLERS).as_posix()
        for path in HANDLERS.rglob("*.py")
        if PLACES.search(path.read_text(encoding="utf-8"))
    }
    assert placing == MAY_PLACE
