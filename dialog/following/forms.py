"""The choice of how often one gets letters about what one follows."""

from flask_babel import lazy_gettext

from dialog.fields import ChoiceField, Chosen, Form
from dialog.following.queries import how_often
from dialog.following.words import HOW_OFTEN
from dialog.web import someone


class HowOftenForm(Form):
    how_often = ChoiceField(lazy_gettext("How often do you want letters?"), HOW_OFTEN, [Chosen()])


def as_chosen() -> HowOftenForm:
    """The form with what whoever is signed in has chosen."""
    return HowOftenForm(None, data={"how_often": how_often(someone())})
