"""Places on the pages of an app that apps above it fill: no template names what is above it.

A template says `{% slot "timeline.post_menu" %}`; an app above fills the slot in its
`AppConfig.ready`: `fill("timeline.post_menu", "moderation/components/report_post.html")`.
"""

COMPONENTS: dict[str, list[str]] = {}  # by slot, the names of the templates in it, in their order


def fill(slot: str, component: str) -> None:
    """Show the template `component` wherever `slot` stands, with the context of the place."""
    COMPONENTS.setdefault(slot, []).append(component)
