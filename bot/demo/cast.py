"""The people and channels of the demo: an invented consortium of seven agencies."""

from bot.sandbox import Channel, Person, Workspace

PEOPLE = (
    ("ana", "Ana Reyes", "America/Denver", "Elm County Schools", "member"),
    ("ben", "Ben Ortiz", "America/Denver", "Elm County Schools", "representative"),
    ("cleo", "Cleo Marchetti", "America/Chicago", "Birch Unified", "representative"),
    ("dario", "Dario Ferrante", "America/Chicago", "Birch Unified", "alternate"),
    ("eva", "Eva Castellanos", "America/Phoenix", "Oak Valley District", "representative"),
    ("finn", "Finn Abernathy", "America/Phoenix", "Oak Valley District", "member"),
    ("gus", "Gus Whitehorse", "America/Denver", "Pine Ridge Schools", "representative"),
    ("hana", "Hana Okafor", "America/New_York", "Cedar State University", "representative"),
    ("ivo", "Ivo Brandt", "America/New_York", "Cedar State University", "alternate"),
    ("june", "June Park", "America/Los_Angeles", "Riverbend Literacy", "representative"),
    ("kai", "Kai Nakamura", "America/Los_Angeles", "Riverbend Literacy", "member"),
    ("lena", "Lena Sorensen", "America/Denver", "Two Forks College", "representative"),
    ("milo", "Milo Adeyemi", "America/Denver", "Two Forks College", "alternate"),
    ("nora", "Nora Lindgren", "America/Chicago", "Birch Unified", "member"),
    ("omar", "Omar Haddad", "America/Denver", "Pine Ridge Schools", "member"),
    ("pia", "Pia Rossi", "Europe/Berlin", "Cedar State University", "member"),
)
GUEST = Person("quinn", "Quinn Avery", "quinn@visitors.example", "America/Denver", title="Visitor")

_TITLES = {"representative": "Speaks for {}", "alternate": "Alternate for {}", "member": "Works at {}"}
_FACILITATORS = ("ana", "hana")


def _title(name: str, agency: str, role: str) -> str:
    """Return the title that a person's profile shows."""
    title = _TITLES[role].format(agency)
    return f"{title}, facilitator" if name in _FACILITATORS else title


def _workspace() -> Workspace:
    people = tuple(
        Person(
            name,
            real_name,
            f"{name}@northern-valleys.example",
            zone,
            admin=name == "ana",
            title=_title(name, agency, role),
        )
        for name, real_name, zone, agency, role in PEOPLE
    )
    names = tuple(person.name for person in people)
    return Workspace(
        name="Northern Valleys",
        domain="northern-valleys",
        people=(*people, GUEST),
        channels=(
            Channel("general", (*names, "quinn"), topic="News for everyone"),
            Channel("council", (*names, "quinn"), topic="Where the consortium decides"),
        ),
    )


WORKSPACE = _workspace()

OPENS = {"as": "hana", "in": "council"}
"""The visitor begins as Hana: her agency has not been heard on the open proposal, so the visitor can vote at once."""

TABLE = "agency,person,role\n" + "\n".join(f"{agency},{name},{role}" for _, name, _, agency, role in PEOPLE)
"""The table that the facilitator imports."""
