"""Addresses of the desk, under /desk/. Each name stands in the table of tests/test_permissions.py."""

from __future__ import annotations

from django.urls import path

from desk.views import account, help, queue, story

app_name = "desk"
urlpatterns = [
    path("", help.home, name="home"),
    path("help", help.help_page, name="help"),
    path("login", account.Login.as_view(), name="login"),
    path("logout", account.Logout.as_view(), name="logout"),
    path("account", account.account, name="account"),
    path("undo", queue.undo_step, name="undo"),
    path("undo-last", queue.undo_last, name="undo-last"),
    path("sources", help.help_page, name="sources"),
    path("subscribers", help.help_page, name="subscribers"),
    path("<slug:slug>/queue", queue.queue, name="queue"),
    path("<slug:slug>/queue/decide", queue.decide_stories, name="decide"),
    path("<slug:slug>/stories/<str:key>", story.story, name="story"),
    path("<slug:slug>/stories/<str:key>/dropped", story.dropped, name="dropped"),
    path("<slug:slug>/stories/<str:key>/topics", story.set_topics, name="topics"),
    path("<slug:slug>/stories/<str:key>/split", story.split_copy, name="split"),
    path("<slug:slug>/stories/<str:key>/merge", story.merge_into, name="merge"),
    path("<slug:slug>/stories/<str:key>/confirm", story.confirm_fact, name="confirm"),
    path("<slug:slug>/editions", help.help_page, name="editions"),
]
