"""What happens on the site before its pages are recorded, done as people do it: by its forms and
buttons.
"""

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

import av
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from PIL import Image

from testing.pages.browser import Browser
from testing.pages.standstill import NOW, Clock

PASSWORD = "a long pass phrase"
LONG_AGO = NOW - timedelta(days=40)


@dataclass
class Scene:
    """Who looks at the site, each in a browser of their own.

    `ada` is the demo's: she writes, and keeps the server. `nell` writes, without a picture of her
    own; `bo` moderates; decisions were made about `cy`; `visitor` is not signed in.
    """

    clock: Clock
    visitor: Browser
    ada: Browser
    nell: Browser
    bo: Browser
    cy: Browser

    def browsers(self) -> dict[str, Browser]:
        return {
            "visitor": self.visitor,
            "ada": self.ada,
            "nell": self.nell,
            "bo": self.bo,
            "cy": self.cy,
        }


def play(clock: Clock) -> Scene:
    """Let it all happen, in an empty database; the clock stands still after that."""
    clock.move_to(LONG_AGO)
    call_command("migrate", interactive=False, verbosity=0)
    scene = Scene(clock, *(Browser(clock) for _ in range(5)))
    for handle in ("nell", "bo", "cy"):
        _sign_up(getattr(scene, handle), handle)
    _post(scene.nell, "Hello, is this on?\n\n  Two spaces,   three, and\ta tab.")
    _post(scene.cy, "Buy my boots, they walk by themselves.")
    _post(scene.cy, "Boots, again. Everybody should have a pair that walks by itself.")
    _post(scene.cy, "I will stop talking about boots tomorrow.")

    clock.move_to(NOW)
    output = io.StringIO()
    call_command("demo", stdout=output)
    _sign_in(scene.ada, output.getvalue())
    _ada_keeps_the_site(scene.ada)
    _ada_writes(scene.ada)
    _nell_takes_part(scene.nell)
    _people_complain(scene)
    _bo_moderates(scene.bo)
    _cy_answers(scene.cy)
    clock.go_on(60)
    for browser in scene.browsers().values():
        browser.open("/about")  # what was told once is read
        browser.clock = None
    return scene


# --- Who comes ---


def _sign_up(browser: Browser, handle: str) -> None:
    browser.open("/account/signup/")
    assert browser.clock
    browser.clock.go_on(10)
    email = f"{handle}@example.com"
    browser.press("Sign up", "main", name=handle, handle=handle, email=email, password1=PASSWORD)


def _sign_in(browser: Browser, output: str) -> None:
    """Sign in by what `manage.py demo` printed."""
    found = re.search(r"Sign in as @?(\S+) with the password (\S+)", output)
    assert found, output
    browser.open("/account/login/")
    browser.press("Sign in", "main", login=found[1], password=found[2])


# --- What they post ---


def _post(browser: Browser, text: str, path: str = "/compose", **more: object) -> str:
    """Post, and return the address of the new post."""
    browser.open(path)
    label = "Reply" if "reply_to" in path else "Post"
    browser.press(label, "main form.composer", text=text, **more)  # type: ignore[arg-type]
    return browser.page.path


def _picture(name: str, *colors: str, moves: bool = False) -> SimpleUploadedFile:
    frames = [Image.new("RGB", (640, 420), color) for color in colors]
    out = io.BytesIO()
    if moves:
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)
        return SimpleUploadedFile(f"{name}.gif", out.getvalue(), "image/gif")
    frames[0].save(out, "PNG")
    return SimpleUploadedFile(f"{name}.png", out.getvalue(), "image/png")


def _video() -> SimpleUploadedFile:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.thread_count = 1
        for n in range(20):
            image = Image.new("RGB", (320, 240), (n * 10, 120, 200))
            for packet in stream.encode(av.VideoFrame.from_image(image)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return SimpleUploadedFile("clip.mp4", out.getvalue(), "video/mp4")


def _ada_writes(ada: Browser) -> None:
    edited = _post(ada, "This is the first word about it. #bells")
    ada.open(edited)
    ada.follow("Edit", "main article")
    ada.press("Save", "main", text="This is the last word about it.\nFor now. #bells @nell")
    pictures = [_picture("red", "firebrick"), _picture("blue", "navy")]
    _post(
        ada,
        "Two fields, of which one has no words",
        files={"images": pictures},
        alt_1="A field of red",
    )
    _post(ada, "Look away", files={"images": [_picture("green", "seagreen")]}, sensitive="on")
    _post(ada, "It moves", files={"images": [_picture("flag", "orange", "teal", moves=True)]})
    _post(ada, "It moves, and is a video", files={"images": [_video()]})
    with (
        _page_elsewhere() as host,
        override_settings(LINK_CARDS=True, LINK_CARD_ALLOWED_HOSTS=[host]),
    ):
        _post(ada, f"Read this: http://{host}/story")
    ada.open("/compose")
    ada.press("Add another post", "main", text="A thread begins")
    ada.press("Add another post", "main", text_2="goes on")
    ada.press("Post all", "main", text_3="and ends.")
    first = ada.page.path
    ada.open("/@ada")
    ada.open(edited)
    ada.press("Pin to your profile", "main article")
    for path in (first, edited, "/explore"):
        ada.open(path)
        ada.press("Bookmark", "main article")
    ada.open("/compose")
    ada.press("Save draft", "main", text="Something that I may say,\nin two lines")
    ada.open("/compose")
    ada.press("Add another post", "main", text="A thread that")
    ada.press("Save draft", "main", text_2="is not done")


@contextmanager
def _page_elsewhere() -> Iterator[str]:
    """Serve one page with what a link card shows; yields its host and port."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 630), "rebeccapurple").save(out, "PNG")
    page = (
        b'<!doctype html><meta charset="utf-8"><title>The walking boots</title>'
        b'<meta property="og:title" content="The walking boots, a story">'
        b'<meta property="og:description" content="Nobody wore them, and all the same they left.">'
        b'<meta property="og:image" content="/boots.png">'
    )

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_picture = self.path.endswith(".png")
            body, kind = (out.getvalue(), "image/png") if is_picture else (page, "text/html")
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _nell_takes_part(nell: Browser) -> None:
    nell.open("/@ada")
    nell.press("Follow @ada", "main")
    for handle in ("mateo_bakes", "yuki_tram"):
        nell.open(f"/@{handle}")
        nell.press(f"Follow @{handle}", "main")
    nell.open("/@ada")
    nell.press("Like", "main article")
    nell.press("Retweet", "main article .retweet div")
    quoted = nell.links("Quote", "main article")[0]
    _post(nell, "She is right, you know.", quoted)
    nell.open("/@ada")
    _post(nell, "Is it the last word, though? @ada", nell.links("Reply", "main article")[0])
    nell.open(quoted.replace("quote", "reply_to"))
    nell.press("Save draft", "main", text="A reply that I keep")


# --- What keeps moderators busy ---


def _link_in_mail(to: str) -> str:
    """Return the path of the last link that was sent to the address `to`."""
    for message in reversed(mail.outbox):
        if to in message.to and (links := re.findall(r"http://[^/\s]+(/\S+)", str(message.body))):
            return str(links[0])
    raise AssertionError(f"no mail with a link went to {to}")


def _people_complain(scene: Scene) -> None:
    nell, visitor = scene.nell, scene.visitor
    nell.open("/@cy")
    reports = nell.links("Report", "main article")
    for path, category, text in (
        (reports[0], "spam", "Boots, every day.\nThey do not even walk."),
        (reports[1], "rule", "More boots."),
    ):
        nell.open(path)
        nell.press("Report", "main form", category=category, text=text)
    visitor.open("/@cy/report")
    visitor.press(
        "Report", "main form", category="other", text="He is my neighbour.", email="vi@example.net"
    )
    visitor.open(_link_in_mail("vi@example.net"))
    visitor.press("Send my", "main")
    visitor.open("/removal?handle=cy")
    visitor.press(
        "Ask for removal",
        "main",
        reason="me",
        email="vi@example.net",
        text="The boots on the picture are mine.",
    )
    visitor.open(_link_in_mail("vi@example.net"))
    visitor.press("Send my", "main")
    visitor.press("Send", "main form", text="I have a photograph to prove it.")


def _ada_keeps_the_site(ada: Browser) -> None:
    ada.open("/admin/roles/")
    ada.press("Give", "main", name="bo", role="Moderators")
    for name, text in (("No boots", "Boots that walk belong outdoors."), ("Be kind", "")):
        ada.open("/admin/words/")
        ada.follow("Rules", "main .settings")
        ada.follow("Add", "main")
        ada.press("Save", "main", title=name, text=text)
    ada.open("/admin/words/")
    ada.follow("Statements", "main .settings")
    ada.follow("Add", "main")
    ada.press("Save", "main", title="Boots", statement="Your boots broke a rule of ours.")


def _bo_moderates(bo: Browser) -> None:
    """Decide about Cy, write to who reported, and put off another case."""
    bo.open("/admin/")
    bo.follow("@cy", "ol.cases")
    case = bo.page.path
    bo.press("Take it in hand", "main")
    bo.press("Keep", "main", text="I know these boots.\nThey do walk.")
    bo.press("Send", "main", text="Which boots do you mean?")
    bo.open(case)
    bo.press("Show what will change", "main", tick=["Warn", "Hide the posts"])
    bo.press("Do it", "main")
    bo.open("/admin/")
    bo.follow("Ostrevik", "ol.cases")
    bo.press("Put off", "main", days="3")
    bo.open("/admin/")
    bo.follow("yuki_tram", "ol.cases")
    bo.press("Show what will change", "main", tick=["No action"])
    bo.press("Do it", "main")


def _cy_answers(cy: Browser) -> None:
    """Appeal against what was decided."""
    cy.open("/settings/decisions")
    found = [link for link in cy.links(within="main") if link.startswith("/decisions/")]
    cy.open(found[0])
    cy.press("Appeal", "main", text="They are only boots.\nAnd they are mine.")
