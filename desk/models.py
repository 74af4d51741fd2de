"""The one row of the desk: a person who works here. Roles are Groups."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An editor or operator."""

    keys_on = models.BooleanField(default=True, help_text="single-letter keys in the desk (WCAG 2.1.4)")
