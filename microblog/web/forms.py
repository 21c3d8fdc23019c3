"""How a form looks."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms and their fields are rendered by our own templates."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
