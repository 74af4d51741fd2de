"""Addresses of the desk, under /desk/. Each name stands in the table of tests/test_permissions.py."""

from __future__ import annotations

from django.urls import path

from desk.views import account, composer, help, publication, queue, rules, sending, sources, story, subscribers

app_name = "desk"
urlpatterns = [
    path("", help.home, name="home"),
    path("help", help.help_page, name="help"),
    path("login", account.Login.as_view(), name="login"),
    path("logout", account.Logout.as_view(), name="logout"),
    path("account", account.account, name="account"),
    path("undo", queue.undo_step, name="undo"),
    path("undo-last", queue.undo_last, name="undo-last"),
    path("sources", sources.sources, name="sources"),
    path("sources/add", sources.add, name="source-add"),
    path("sources/import", sources.import_opml, name="opml-import"),
    path("sources.opml", sources.opml, name="opml"),
    path("sources/<str:key>", sources.source, name="source"),
    path("sources/<str:key>/tend", sources.tend, name="source-tend"),
    path("sources/<str:key>/pause", sources.pause, name="source-pause"),
    path("sources/<str:key>/rules", rules.rules, name="source-rules"),
    path("subscribers", subscribers.subscribers, name="subscribers"),
    path("subscribers/import", subscribers.import_people, name="people-import"),
    path("subscribers/<str:token>", subscribers.subscriber, name="subscriber"),
    path("subscribers/<str:token>/leave", subscribers.leave_for, name="leave-for"),
    path("subscribers/<str:token>/judge", subscribers.judge_mail, name="judge-mail"),
    path("subscribers/<str:token>/export.json", subscribers.export_person, name="person-export"),
    path("subscribers/<str:token>/erase", subscribers.erase_person, name="person-erase"),
    path("subscribers/<str:token>/suppress", subscribers.suppress_person, name="person-suppress"),
    path("publications/new", publication.new_publication, name="publication-new"),
    path("<slug:slug>/publication", publication.publication_page, name="publication"),
    path("<slug:slug>/queue", queue.queue, name="queue"),
    path("<slug:slug>/queue/decide", queue.decide_stories, name="decide"),
    path("<slug:slug>/subscribers.csv", subscribers.export_people, name="people-export"),
    path("<slug:slug>/stories/<str:key>", story.story, name="story"),
    path("<slug:slug>/stories/<str:key>/dropped", story.dropped, name="dropped"),
    path("<slug:slug>/stories/<str:key>/topics", story.set_topics, name="topics"),
    path("<slug:slug>/stories/<str:key>/split", story.split_copy, name="split"),
    path("<slug:slug>/stories/<str:key>/merge", story.merge_into, name="merge"),
    path("<slug:slug>/stories/<str:key>/confirm", story.confirm_fact, name="confirm"),
    path("<slug:slug>/editions", composer.editions, name="editions"),
    path("<slug:slug>/editions/draft", composer.make_draft, name="draft"),
    path("<slug:slug>/editions/<slug:which>", composer.composer, name="edition"),
    path("<slug:slug>/editions/<slug:which>/words", composer.change_words, name="words"),
    path("<slug:slug>/editions/<slug:which>/place", composer.change_place, name="place"),
    path("<slug:slug>/editions/<slug:which>/add", composer.add, name="add-item"),
    path("<slug:slug>/editions/<slug:which>/preview", sending.preview, name="preview"),
    path("<slug:slug>/editions/<slug:which>/mail", sending.mail, name="mail"),
    path("<slug:slug>/editions/<slug:which>/proof", sending.proof, name="proof"),
    path("<slug:slug>/editions/<slug:which>/check", sending.check, name="check"),
    path("<slug:slug>/editions/<slug:which>/approve", sending.approve, name="approve"),
    path("<slug:slug>/editions/<slug:which>/steer", sending.steer, name="steer"),
]
