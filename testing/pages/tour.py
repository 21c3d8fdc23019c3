"""Which pages are recorded, as whom: each has a name that is the same in every checkout."""

from collections.abc import Iterator

from testing.pages.guide import Guide, Visit
from testing.pages.scene import Scene
from testing.pages.tour_reading import newcomer, visitor, writer
from testing.pages.tour_refused import errors, forms_refused
from testing.pages.tour_staff import keeper, moderator


def tour(scene: Scene) -> Iterator[Visit]:
    """Go round. What changes nothing comes first; pages that are read once come late.

    Where a page cannot be found, the rest is visited all the same: a Visit of status 0 says why.
    """
    for part in (
        visitor,
        forms_refused,
        writer,
        newcomer,
        moderator,
        keeper,
        errors,
        _changes,
    ):
        yield from part(scene)


# --- What changes something: last ---


def _changes(scene: Scene) -> Iterator[Visit]:
    guide = Guide("nell", scene.nell)
    for kind, htmx in (("htmx", True), ("plain", False)):
        for name, label, within in (
            ("like", "Like", ".action.like"),
            ("unlike", "Like", ".action.like"),
            ("bookmark", "Bookmark", ".action.bookmark"),
            ("unbookmark", "Bookmark", ".action.bookmark"),
            ("retweet", "Retweet", ".action.retweet"),
            ("unretweet", "Undo retweet", ".action.retweet"),
            ("follow", "Follow", ".follow"),
            ("unfollow", "Unfollow", ".follow"),
        ):
            page = "/explore" if "bookmark" in name else "/@oskar_maps"
            yield guide.press(
                f"{kind}-{name}", page, label, f"main {within}", htmx=htmx, follow=False
            )
    composer = ("/compose", "Post", "main form.composer")
    for kind, htmx in (("htmx", True), ("plain", False)):
        how = {"htmx": htmx, "follow": False}
        yield guide.press(f"{kind}-post", *composer, **how, text=f"One more, {kind}")
        yield guide.press(f"{kind}-delete-draft", "/drafts", "Delete the draft", **how)
        yield guide.press(
            f"{kind}-keep-draft", "/compose", "Save draft", **how, text="Later, perhaps"
        )
    yield guide.see("home-after-all", "/")
    yield guide.press("logged-out", "/settings", "Sign out", follow=False)
    yield guide.see("home-logged-out", "/")
