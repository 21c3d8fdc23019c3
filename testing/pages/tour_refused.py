"""Forms that are not right, and addresses that answer with an error."""

from collections.abc import Iterator

from testing.pages.browser import Browser, Page
from testing.pages.guide import Guide, Visit
from testing.pages.scene import Scene

TOO_MUCH = 10**10  # bytes, said and not sent


# --- Forms that are not right ---


def forms_refused(scene: Scene) -> Iterator[Visit]:
    guide = Guide("visitor", scene.visitor)
    login, signup = "/account/login/", "/account/signup/"
    yield guide.press("422-login", login, "Sign in", login="ada", password="wrong")
    yield guide.press("422-login-empty", login, "Sign in")
    taken = {"handle": "ada", "email": "x", "password1": "1234"}
    yield guide.press("422-signup", signup, "Sign up", **taken)
    yield guide.press("422-removal", "/removal", "Ask for removal", handle="nobody_here")
    yield guide.press("422-report", "/@ada/report", "Report")
    yield guide.press("422-reset", "/account/password/reset/", "Send the link", email="no")

    guide = Guide("ada", scene.ada)
    composer = ("/compose", "Post", "main form.composer")
    for name, fields in (("empty", {}), ("long", {"text": "long " * 100})):
        yield guide.press(f"422-compose-{name}", *composer, **fields)
        yield guide.press(f"htmx-422-compose-{name}", *composer, htmx=True, **fields)
    profile = {"website": "no address", "name": "N" * 60}
    yield guide.press("422-profile", "/settings/profile", "Save", **profile)
    yield guide.press("422-bio", "/welcome/bio", "Next", bio="long " * 100)
    yield guide.press("422-handle", "/settings/handle", "Change the handle", handle="nell")
    passwords = {"oldpassword": "wrong", "password1": "x"}
    change = ("/account/password/change/", "Change the password")
    yield guide.press("422-password", *change, **passwords)
    yield guide.press("422-roles", "/admin/roles/", "Give", name="nobody_here")
    yield guide.press("422-thread", "/compose", "Add another post", text="A first post")


# --- Errors ---


def errors(scene: Scene) -> Iterator[Visit]:
    visitor, ada = Guide("visitor", scene.visitor), Guide("ada", scene.ada)
    for guide in (visitor, ada):
        browser = guide.browser
        for name, path in (
            ("404", "/nothing/here"),
            ("404-profile", "/@nobody_is_called_so"),
            ("404-post", "/@ada/1"),
            ("404-tracker", "/removal/nosuchreference"),
            ("404-notice", "/decisions/nosuchreference"),
            ("404-cursor", "/@ada?before=x"),
            ("405-get", "/posts/1/like"),
            ("slash", "/about/"),
            ("claim-bad", "/account/claim/nosuchtoken"),
            ("first-bad", "/account/first/nosuchtoken"),
            ("invitation-bad", "/account/invitation/nosuchtoken"),
        ):
            yield guide.see(name, path, follow=False)
            if name in ("404", "404-post"):
                yield guide.see(f"htmx-{name}", path, htmx=True, follow=False)
        yield guide.do("405-post", lambda browser=browser: browser.send("/about"))  # type: ignore[misc]
        yield guide.do("like-without-a-post", lambda browser=browser: browser.send("/posts/1/like"))  # type: ignore[misc]
        yield guide.do("413", lambda browser=browser: _too_much(browser))  # type: ignore[misc]
    strict = Browser(None, enforce_csrf_checks=True)
    yield visitor.do("403-csrf", lambda: strict.send("/account/login/", {"login": "x"}))
    yield visitor.do("400-host", lambda: strict.open("/", host="evil.example"))


def _too_much(browser: Browser) -> Page:
    return browser.send("/compose", {"text": "x"}, claims=TOO_MUCH)
