"""What tests of the courier and of the sweeps share."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.delivery.raw_slack import raw_slack
from tests.town import START


@pytest.fixture
def slack():
    """Slack as bytes, for answers that the sandbox would not give."""
    with raw_slack() as slack:
        yield slack


@pytest.fixture
def now():
    """The time of a clock that stands still until a test moves it."""
    return SimpleNamespace(at=START + timedelta(seconds=1))
