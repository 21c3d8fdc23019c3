"""Parts of a page that are kept by the values that they are given."""

from django.template import Context, engines
from django.utils.safestring import mark_safe

from microblog.kept.memory import MEMORY

TEMPLATE = engines["django"].engine.from_string  # type: ignore[attr-defined]


def shown(template: str, **context: object) -> str:
    return str(TEMPLATE(template).render(Context(context)))


def test_part_knows_its_values_and_nothing_else() -> None:
    inner = "{{ one }}{{ two }}{{ three }}{{ nothing }}"
    template = f"{{% kept one two=three.four nothing %}}{inner}{{% endkept %}}"
    assert shown(template, one="1", three={"four": "4"}, two="no", five="5") == "14None"
    assert shown("{% kept %}{{ csrf_token }}{{ request }}.{% endkept %}", csrf_token="x") == "."


def test_part_is_rendered_once_for_equal_values() -> None:
    template = "{% kept names %}{{ names|random }}{% endkept %}"
    names = tuple(f"name {number}" for number in range(1000))
    assert shown(template, names=names) == shown(template, names=names)
    assert shown(template, names=("<b>",)) == "&lt;b&gt;"


def test_two_parts_of_a_template_are_two() -> None:
    assert shown("{% kept a %}x{% endkept %}\n{% kept a %}y{% endkept %}", a="1") == "x\ny"


def test_part_of_what_is_no_value_is_shown_and_not_kept() -> None:
    template = "{% kept html %}{{ html }}{% endkept %}"
    assert shown(template, html=mark_safe("<b>")) == "<b>"
    assert len(MEMORY) == 0
    assert shown(template, html="<b>") == "&lt;b&gt;"
    assert shown(template, html=object) != shown(template, html="<b>")
