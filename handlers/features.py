"""All features, lowest first. A feature may import only features before it."""

from collections.abc import Sequence

from handlers.contributions.feature import FEATURE as CONTRIBUTIONS
from handlers.decisions.feature import FEATURE as DECISIONS
from handlers.exports.feature import FEATURE as EXPORTS
from handlers.funding.feature import FEATURE as FUNDING
from handlers.holidays.feature import FEATURE as HOLIDAYS
from handlers.home.feature import FEATURE as HOME
from handlers.imports.feature import FEATURE as IMPORTS
from handlers.kit.feature import Feature
from handlers.maintenance.feature import FEATURE as MAINTENANCE
from handlers.meetings.feature import FEATURE as MEETINGS
from handlers.meetings.minutes.feature import FEATURE as MINUTES
from handlers.members.feature import FEATURE as MEMBERS
from handlers.polls.feature import FEATURE as POLLS
from handlers.proposals.feature import FEATURE as PROPOSALS
from handlers.pulse.feature import FEATURE as PULSE
from handlers.roles.feature import FEATURE as ROLES
from handlers.tasks.feature import FEATURE as TASKS
from handlers.undelivered.feature import FEATURE as UNDELIVERED
from handlers.warnings.feature import FEATURE as WARNINGS
from handlers.workload.feature import FEATURE as WORKLOAD

FEATURES: Sequence[Feature] = (
    MAINTENANCE,
    PROPOSALS,
    POLLS,
    TASKS,
    HOLIDAYS,
    MEMBERS,
    DECISIONS,
    ROLES,
    CONTRIBUTIONS,
    FUNDING,
    WARNINGS,
    WORKLOAD,
    PULSE,
    MEETINGS,
    MINUTES,
    UNDELIVERED,
    HOME,
    EXPORTS,
    IMPORTS,
)
