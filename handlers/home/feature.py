"""What the home tab registers."""

from handlers.home import interactions
from handlers.kit.feature import Feature
from handlers.workload import overview

FEATURE = Feature(
    name="home",
    actions={"home.workload": overview.show_shares, "home.tasks": interactions.show_own_tasks},
    events={"app_home_opened": interactions.note_opened},
)
