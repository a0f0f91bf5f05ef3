"""What every page and mail to a client is printed through: figures keep their units beside them."""

from django import template

from presentation.together import kept_together

register = template.Library()
register.filter("kept_together", kept_together, is_safe=True)
