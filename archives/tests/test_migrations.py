"""What is here already is brought to what the rules say now."""

from importlib import import_module

from django.apps import apps

from conftest import make_account
from testing.archives import at, tweet
from timeline.feeds.counters import recount_everything
from timeline.models import Post


def test_retweets_that_came_along_are_no_longer_counted_twice(bring):
    bring(
        [tweet("One", at(1), retweet_count="15"), tweet("RT @ada: One", at(2)), tweet("Two", at(3))]
    )
    one, two = Post.objects.get(text="One"), Post.objects.get(text="Two")
    zed = make_account("zed")
    for post in (one, two):
        post.retweet(zed)
    Post.objects.filter(is_carried=True).update(is_carried=False)
    Post.objects.filter(pk=one.pk).update(retweets_count=2)
    import_module("archives.migrations.0002_carried_retweets").fill(apps, None)
    assert [Post.objects.get(pk=post.pk).all_retweets for post in (one, two)] == [16, 1]
    assert not any(recount_everything().values())
