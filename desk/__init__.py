"""The Django project: settings, web pages, command line."""
