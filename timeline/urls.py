"""The addresses of posts and of the lists that they stand in."""

from django.urls import path

from timeline.views import (
    autocomplete,
    compose,
    descriptions,
    drafts,
    edits,
    engagement,
    lists,
    media,
    people,
    posts,
    profiles,
    reactions,
    sitemap,
)

urlpatterns = [
    path("", lists.home, name="home"),
    path("explore", lists.explore, name="explore"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("tags/<str:name>", lists.tag, name="tag"),
    path("bookmarks", lists.bookmarks, name="bookmarks"),
    path("compose", compose.compose, name="compose"),
    path("complete", autocomplete.complete, name="complete"),
    path("drafts", drafts.drafts, name="drafts"),
    path("drafts/<id:pk>/delete", drafts.delete_draft, name="delete_draft"),
    path("@<handle:handle>", profiles.profile, name="profile"),
    path("@<handle:handle>/replies", profiles.profile, {"tab": "replies"}, name="profile_replies"),
    path("@<handle:handle>/media", profiles.profile, {"tab": "media"}, name="profile_media"),
    path("@<handle:handle>/likes", profiles.profile, {"tab": "likes"}, name="profile_likes"),
    path("@<handle:handle>/followers", people.followers, name="followers"),
    path("@<handle:handle>/following", people.following, name="following"),
    path("@<handle:handle>/follow", people.follow, name="follow"),
    path("@<handle:handle>/unfollow", people.unfollow, name="unfollow"),
    path("@<handle:handle>/<id:pk>", posts.post, name="post"),
    path(
        "@<handle:handle>/<id:pk>/retweets",
        engagement.reactions,
        {"tab": "retweets"},
        name="post_retweets",
    ),
    path(
        "@<handle:handle>/<id:pk>/quotes",
        engagement.reactions,
        {"tab": "quotes"},
        name="post_quotes",
    ),
    path(
        "@<handle:handle>/<id:pk>/likes", engagement.reactions, {"tab": "likes"}, name="post_likes"
    ),
    path("@<handle:handle>/<id:pk>/history", edits.history, name="history"),
    path("posts/<id:pk>/like", reactions.like, name="like"),
    path("posts/<id:pk>/unlike", reactions.unlike, name="unlike"),
    path("posts/<id:pk>/retweet", reactions.retweet, name="retweet"),
    path("posts/<id:pk>/unretweet", reactions.unretweet, name="unretweet"),
    path("posts/<id:pk>/bookmark", reactions.bookmark, name="bookmark"),
    path("posts/<id:pk>/unbookmark", reactions.unbookmark, name="unbookmark"),
    path("posts/<id:pk>/pin", posts.pin, name="pin"),
    path("posts/<id:pk>/unpin", posts.unpin, name="unpin"),
    path("posts/<id:pk>/edit", edits.edit_post, name="edit"),
    path("posts/<id:pk>/detach", posts.detach, name="detach"),
    path("posts/<id:pk>/delete", posts.delete, name="delete"),
    path("settings/descriptions", descriptions.descriptions, name="descriptions"),
    path("media/<str:key>/<str:name>", media.media, name="media"),
]
