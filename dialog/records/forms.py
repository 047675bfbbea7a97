"""The form for opening what is sealed."""

from flask_babel import lazy_gettext

from dialog.fields import Form, Length, TextField
from dialog.records.rules import LONGEST_REASON, SHORTEST_REASON


class OpeningForm(Form):
    reason = TextField(
        lazy_gettext("Why it must be opened"),
        [Length(SHORTEST_REASON, LONGEST_REASON, lazy_gettext("Write why it must be opened."))],
    )
