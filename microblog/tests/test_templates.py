"""Templates can be read: no line of one is too long.

Mails (.txt) are left out: where their lines break is what people get.
"""

from django.conf import settings

from microblog.tests.test_layers import LAYERS

MAX_LINE = 160


def test_no_line_of_a_template_is_too_long() -> None:
    templates = [
        path
        for app in LAYERS
        for path in sorted((settings.BASE_DIR / app / "templates").rglob("*.html"))
    ]
    long = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}: {len(line)}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_LINE
    ]
    assert len(templates) > 90
    assert not long, "\n".join(long)
