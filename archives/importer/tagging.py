"""Tags of many posts at once."""

from collections.abc import Sequence

from timeline.models import Tag, Tagging


def put_tags(taggings: Sequence[tuple[int, str, str]]) -> None:
    """Let posts carry tags: each of `taggings` is a post's id, a tag's folded form, and the tag as
    typed.
    """
    names = {folded: name for _, folded, name in reversed(taggings)}
    if names:
        Tag.objects.bulk_create(
            (Tag(name=name, folded=folded) for folded, name in sorted(names.items())),
            ignore_conflicts=True,
        )
        ids = dict(Tag.objects.filter(folded__in=names).values_list("folded", "pk"))
        Tagging.objects.bulk_create(
            Tagging(post_id=post, tag_id=ids[folded]) for post, folded, _ in taggings
        )
