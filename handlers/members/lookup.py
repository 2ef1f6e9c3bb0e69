"""Finding the agency or person that somebody means."""

from handlers.kit.lookup import person, typed_person

__all__ = ["agency", "chosen_agency", "person", "typed_person"]
