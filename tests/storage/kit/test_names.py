"""The migration that compares names by how they look."""

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select

from storage import agencies, consortia, roles
from storage.agencies import Agency
from storage.members import Member
from storage.names import normalize_name
from storage.roles import Role
from tests.town import START

_MIGRATION = import_module("storage.migrations.versions.0008_names")


def migrate(db):
    with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        _MIGRATION.upgrade()


def old_form(name):
    return " ".join(name.split()).casefold()


def former_agency(consortium_id, name, ended_at=None):
    """Return an agency as releases before this migration stored it."""
    return Agency(consortium_id=consortium_id, name=name, folded=old_form(name), created_at=START, ended_at=ended_at)


def test_agencies_and_roles_keep_their_names_and_are_found_however_they_are_typed(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        ana = Member(
            consortium_id=consortium.id, team_id="T1", user_id="U1", name="Ana", zone="UTC", joined_at=START, email=None
        )
        session.add(ana)
        session.flush()
        session.add_all(former_agency(consortium.id, name) for name in ("Children’s Fund", "Elm Schools"))
        role = {"consortium_id": consortium.id, "team_id": "T1", "hours": 1, "created_at": START}
        session.add(
            Role(**role, title="Chair’s aide", folded=old_form("Chair’s aide"), member_id=ana.id, created_by=ana.id)
        )
    migrate(db)
    with db.read() as session:
        assert {(a.name, a.folded) for a in agencies.active(session, consortium.id)} == {
            ("Children’s Fund", "children's fund"),
            ("Elm Schools", "elm schools"),
        }
        found = roles.find_by_title(session, consortium.id, "chair's aide")
        assert found is not None
        assert found.title == "Chair’s aide"


def test_of_two_current_agencies_that_look_the_same_the_later_one_is_numbered(db):
    with db.begin() as session:
        north = consortia.create(session, "T1", "North", "UTC", START).id
        south = consortia.create(session, "T2", "South", "UTC", START).id
        for consortium, name in (
            (north, "Children's Fund"),
            (north, "Children’s Fund"),
            (north, "Childrenʼs Fund"),
            (south, "Children’s Fund"),
        ):
            session.add(former_agency(consortium, name))
            session.flush()
        session.add(former_agency(north, "Elm’s  Schools", ended_at=START))
        session.add(former_agency(north, "Elm's Schools"))
    migrate(db)
    with db.read() as session:
        rows = session.scalars(select(Agency).order_by(Agency.id)).all()
    assert [row.name for row in rows] == [
        "Children's Fund",
        "Children’s Fund (2)",
        "Childrenʼs Fund (3)",
        "Children’s Fund",
        "Elm’s  Schools",
        "Elm's Schools",
    ]
    assert all(row.folded == normalize_name(row.name) for row in rows)


def test_the_migration_compares_as_the_release_does():
    for name in ("Children’s Fund", "Peña", "Pen\u0303a", "E\u200blm", "Ｅｌｍ – Oak…", "Straße"):
        assert _MIGRATION._fold(name) == normalize_name(name)
