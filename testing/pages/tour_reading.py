"""What a visitor, a writer and newcomers see."""

from collections.abc import Iterator

from testing.pages.browser import NotThereError
from testing.pages.guide import Guide, Visit, links, post_with, raising, slug
from testing.pages.scene import Scene

# --- As somebody who is not signed in ---

PROFILES = ("ada", "nell", "yuki_tram", "salma_stars", "DrQuillfeather@x.com")


def visitor(scene: Scene) -> Iterator[Visit]:
    guide = Guide("visitor", scene.visitor)
    pages = {
        "home": "/",
        "explore": "/explore",
        "search": "/search",
        "search-top": "/search?q=the",
        "search-people": "/search?q=a&tab=people",
        "search-refused": "/search?q=since:never",
        "about": "/about",
        "rules": "/rules",
        "transparency": "/transparency",
        "removal": "/removal",
        "removal-of": "/removal?handle=ada",
        "appearance": "/settings/appearance",
        "login": "/account/login/",
        "login-next": "/account/login/?next=/bookmarks",
        "signup": "/account/signup/",
        "password-reset": "/account/password/reset/",
        "password-reset-done": "/account/password/reset/done/",
        "password-reset-bad-key": "/account/password/reset/key/1-x-y/",
        "inactive": "/account/inactive/",
        "confirm-email": "/account/confirm-email/",
        "bookmarks-signs-in": "/bookmarks",
        "compose-signs-in": "/compose",
        "admin-signs-in": "/admin/",
        "tag-bells": "/tags/bells",
        "tag-birds": "/tags/birds",
        "tag-nobody": "/tags/nobodysaysthis",
        "followers": "/@ada/followers",
        "following": "/@ada/following",
        "report-account": "/@ada/report",
        "health": "/health",
        "robots": "/robots.txt",
        "manifest": "/manifest.webmanifest",
        "sitemap": "/sitemap.xml",
    }
    yield from guide.all(pages)
    for handle in PROFILES:
        yield guide.see(f"profile-{slug(handle)}", f"/@{handle}")
    for tab in ("replies", "media", "likes"):
        yield guide.see(f"profile-ada-{tab}", f"/@ada/{tab}")
        yield guide.see(f"profile-nell-{tab}", f"/@nell/{tab}")
        yield guide.see(f"htmx-profile-{tab}", f"/@mateo_bakes/{tab}", htmx=True)
    yield guide.see("htmx-explore", "/explore", htmx=True)
    yield guide.link("profile-ada-page-2", "Show more", on="/@ada")
    yield guide.link("explore-page-2", "Show more", on="/explore")
    for name, (page, text) in POSTS.items():
        yield from _post_pages(guide, name, page, text)


POSTS = {
    "thread": ("/@mateo_bakes", "Three in the morning"),
    "pinned-edited": ("/@ada", "This is the last word"),
    "pictures": ("/@ada", "Two fields"),
    "sensitive": ("/@ada", "Look away"),
    "moving": ("/@ada", "It moves"),
    "video": ("/@ada", "It moves, and is a video"),
    "card": ("/@ada", "Read this:"),
    "own-thread": ("/@ada", "A thread begins"),
    "quote": ("/@nell", "She is right"),
    "reply": ("/@nell/replies", "Is it the last word"),
    "spaces": ("/@nell", "Hello, is this on?"),
    "external": ("/@DrQuillfeather@x.com", ""),
    "popular": ("/@priya_counts", "mathematicians ever finish"),
    "japanese": ("/@yuki_tram", ""),
    "arabic": ("/@salma_stars", ""),
}
WITH_MORE = ("pinned-edited", "popular", "external")


def _post_pages(guide: Guide, name: str, page: str, text: str) -> Iterator[Visit]:
    try:
        path = post_with(guide.browser, page, text)
    except NotThereError as error:
        yield guide.do(f"post-{name}", raising(error))
        return
    yield guide.see(f"post-{name}", path)
    for tab in ("retweets", "quotes", "likes", "history") if name in WITH_MORE else ():
        yield guide.see(f"post-{name}-{tab}", f"{path}/{tab}")
    if name == "thread":
        yield guide.see("htmx-post", path, htmx=True)
        yield guide.link("report-post", "Report", on=path, within="main article")
        yield guide.see("post-under-another-handle", path.replace("mateo_bakes", "ada"))


# --- As a writer ---


def writer(scene: Scene) -> Iterator[Visit]:
    guide, ada = Guide("ada", scene.ada), scene.ada
    pages = {
        "home": "/",
        "explore": "/explore",
        "search-latest": "/search?q=the&tab=latest",
        "search-media": "/search?q=the&tab=media",
        "profile": "/@ada",
        "profile-nell": "/@nell",
        "profile-replies": "/@ada/replies",
        "profile-media": "/@ada/media",
        "profile-likes": "/@ada/likes",
        "profile-mateo": "/@mateo_bakes",
        "followers": "/@ada/followers",
        "following": "/@ada/following",
        "compose": "/compose",
        "compose-dialog": "/compose?dialog",
        "compose-text": "/compose?text=Hello%20there",
        "drafts": "/drafts",
        "bookmarks": "/bookmarks",
        "settings": "/settings",
        "settings-profile": "/settings/profile",
        "settings-handle": "/settings/handle",
        "settings-start": "/settings/start",
        "welcome-picture": "/welcome/picture",
        "welcome-bio": "/welcome/bio",
        "welcome-people": "/welcome/people",
        "settings-reports": "/settings/reports",
        "settings-decisions": "/settings/decisions",
        "descriptions": "/settings/descriptions",
        "email": "/account/email/",
        "password-change": "/account/password/change/",
        "password-set": "/account/password/set/",
        "reauthenticate": "/account/reauthenticate/",
        "logout": "/account/logout/",
        "login": "/account/login/",
        "appearance": "/settings/appearance",
        "removal": "/removal",
        "about": "/about",
        "rules": "/rules",
        "tag": "/tags/bells",
        "complete-people": "/complete?q=@m",
        "complete-tags": "/complete?q=%23b",
        "complete-nothing": "/complete?q=@zzzz",
    }
    yield from guide.all(pages)
    for name, path in (
        ("home", "/"),
        ("drafts", "/drafts"),
        ("bookmarks", "/bookmarks"),
        ("compose", "/compose?dialog"),
        ("settings", "/settings"),
        ("profile", "/@ada"),
    ):
        yield guide.see(f"htmx-{name}", path, htmx=True)
    yield guide.link("home-page-2", "Show more", on="/")
    drafts = [link for link in links(ada, "/drafts") if "draft=" in link]
    for n, path in enumerate(drafts):
        yield guide.see(f"compose-draft-{n}", path)
    for name, (page, text) in POSTS.items():
        try:
            path = post_with(ada, page, text)
        except NotThereError as error:
            yield guide.do(f"post-{name}", raising(error))
            continue
        yield guide.see(f"post-{name}", path)
        number = path.rpartition("/")[2]
        if name in ("thread", "quote", "pinned-edited"):
            yield guide.see(f"compose-reply-{name}", f"/compose?reply_to={number}")
            yield guide.see(f"compose-quote-{name}", f"/compose?quote={number}&dialog")
            yield guide.see(f"edit-{name}", f"/posts/{number}/edit")
            yield guide.see(f"audience-{name}", f"/posts/{number}/audience")
            yield guide.see(f"hidden-{name}", f"{path}/hidden")
            yield guide.see(f"delete-{name}", f"/posts/{number}/delete")
            yield guide.see(f"detach-{name}", f"/posts/{number}/detach")
            yield guide.see(f"report-{name}", f"/posts/{number}/report")


def newcomer(scene: Scene) -> Iterator[Visit]:
    """See what Nell does, with no picture and few posts, and Cy, who was told of decisions."""
    for who in ("nell", "cy"):
        guide = Guide(who, getattr(scene, who))
        pages = {
            "home": "/",
            "explore": "/explore",
            "profile": f"/@{who}",
            "profile-ada": "/@ada",
            "compose": "/compose",
            "drafts": "/drafts",
            "bookmarks": "/bookmarks",
            "settings": "/settings",
            "settings-profile": "/settings/profile",
            "reports": "/settings/reports",
            "following": f"/@{who}/following",
            "descriptions": "/settings/descriptions",
            "admin-403": "/admin/",
        }
        yield from guide.all(pages)
        for kind in ("reports", "decisions"):
            found = [
                link
                for link in links(guide.browser, f"/settings/{kind}")
                if link.startswith(("/removal/", "/decisions/"))
            ]
            for n, path in enumerate(found):
                yield guide.see(f"{kind}-{n}", path)
        yield guide.see("decisions", "/settings/decisions")
        yield guide.see("settings-after-reading", "/settings")
