"""The one row of the desk: a person who works here. Roles are Groups."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An editor or operator."""

    keys_on = models.BooleanField(default=True, help_text="single-letter keys in the desk (WCAG 2.1.4)")


class LoginTry(models.Model):
    """A wrong password: counted by name and network address together, forgotten after a quarter of an hour."""

    who = models.CharField(max_length=64, help_text="sha256 of name and address")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who", "at"], name="login_tries")]
