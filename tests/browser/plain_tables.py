"""Settings for filling a test's home: the tables as the models say them, made at once instead of step by step."""

from desk.settings import *  # noqa: F403
from desk.settings import INSTALLED_APPS

MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}
