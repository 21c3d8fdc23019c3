"""What posts are about, in their writers' own words."""

from django.db import models
from django.urls import reverse

from microblog.text import fold_tag
from timeline.models.post import Post


class TagQuerySet(models.QuerySet["Tag"]):
    def named(self, name: str) -> "TagQuerySet":
        return self.filter(folded=fold_tag(name)) if "\0" not in name else self.none()  # PostgreSQL has no such text


class Tag(models.Model):
    """A hashtag: `name` as it was first written, `folded` the form in which its spellings are one."""

    name = models.CharField(max_length=100)
    folded = models.CharField(max_length=300, unique=True, editable=False)  # folding makes up to three letters of one

    objects = TagQuerySet.as_manager()

    def __str__(self) -> str:
        return f"#{self.name}"

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.name])


class Tagging(models.Model):
    """`post` carries `tag`."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings")
    post = models.ForeignKey(Post, models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "post"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.post_id} has {self.tag}"
