"""Addresses for everybody. A publication's slug catches what is left, so it comes last."""

from django.urls import path

from desk.views.public import archive, feeds, home, leaving, preferences, signup, story, topics

FEEDS = {"atom.xml": "atom", "rss.xml": "rss", "feed.json": "json"}

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", home.health, name="health"),
    path("leave/preview", leaving.proof, name="leaving_proof"),
    path("leave/<str:token>", leaving.leaving, name="leaving"),
    path("signup/confirm/<str:signed>", signup.confirming, name="confirming"),
    path("preferences/<str:signed>", preferences.preferences, name="preferences"),
    path("preferences/<str:signed>/export", preferences.exporting, name="exporting"),
    path("s/<slug:key>", story.story, name="story"),
    path("<slug:slug>/", signup.publication, name="publication"),
    path("<slug:slug>/topics-link", signup.topics_link, name="topics_link"),
    path("<slug:slug>/accent.css", archive.accent, name="accent"),
    path("<slug:slug>/issues/<int:number>", archive.issue, name="issue"),
    path("<slug:slug>/issues/monthly-<int:number>", archive.issue, {"cadence": "monthly"}, name="monthly_issue"),
    path("<slug:slug>/topics/", topics.topics, name="topics"),
    path("<slug:slug>/topics/<slug:key>", topics.topic, name="topic"),
    *(
        path(f"<slug:slug>/{file}", feeds.publication_feed, {"kind": kind}, name=f"{kind}_feed")
        for file, kind in FEEDS.items()
    ),
    *(
        path(
            f"<slug:slug>/topics/<slug:key>/{file}",
            feeds.topic_feed,
            {"kind": kind},
            name=f"topic_{kind}_feed",
        )
        for file, kind in FEEDS.items()
    ),
]
