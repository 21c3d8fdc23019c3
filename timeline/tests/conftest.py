"""What tests of timelines share."""

import pytest

from accounts.models import Account
from testing.scene import Scene, stage


@pytest.fixture
def scene(ada: Account, ben: Account, cal: Account) -> Scene:
    """Posts of every kind, with all that can hang on them."""
    return stage(ada, ben, cal)
