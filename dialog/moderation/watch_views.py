"""The administrators' pages for the rules that ask moderators for a look."""

from flask import Response, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from dialog.db import clock, db, transaction
from dialog.errors import CHANGED_BY_ANOTHER
from dialog.moderation import watching
from dialog.moderation.flags import tallies_of_rules
from dialog.moderation.models import WatchRule
from dialog.moderation.views import blueprint
from dialog.moderation.watch_forms import FORMS, SwitchForm, WatchForm
from dialog.moderation.watching_rules import LONGEST_NOTE, WatchKind, measured
from dialog.moderation.words import rule_in_words
from dialog.permissions import permitted
from dialog.states import Stale
from dialog.web import found, render, see, someone

KIND_SLUGS: dict[WatchKind, str] = {
    WatchKind.WORDS: "ord",
    WatchKind.LINKS: "lankar",
    WatchKind.REPEATED: "upprepning",
}
_KINDS_AT = {slug: kind for kind, slug in KIND_SLUGS.items()}


@blueprint.get("/forvaltning/regler")
@permitted("see_watch_rules")
def watch_rules() -> Response:
    return _show_all()


def _show_all(status: int = 200, *, problem: str | None = None) -> Response:
    rules, tallies = watching.all_rules(), tallies_of_rules()
    return render(
        "moderation/watch_rules.html",
        status,
        rules=rules,
        replaced={rule.replaces_id for rule in rules},
        measured={rule.id: measured(*tallies.get(rule.id, (0, 0, 0))) for rule in rules},
        kinds=KIND_SLUGS,
        problem=problem,
        is_saved="sparat" in request.args,
    )


@blueprint.get("/forvaltning/regler/ny/<kind>")
@permitted("see_watch_rules")
def write_watch_rule(kind: str) -> Response:
    form = FORMS[found(_KINDS_AT.get(kind))](formdata=None)
    return _show(form)


@blueprint.post("/forvaltning/regler/ny/<kind>")
@permitted("edit_watch_rules")
def add_watch_rule(kind: str) -> AnyResponse:
    form = FORMS[found(_KINDS_AT.get(kind))]()
    if not form.validate():
        return _show(form, 422)
    try:
        with transaction():
            watching.add_rule(form.terms(), administrator=someone(), now=clock.now())
    except watching.Exists as exists:
        return _show(form, 409, problem=_there_is(exists.rule))
    return see("moderation.watch_rules", sparat=1)


def _there_is(rule: WatchRule) -> str:
    return gettext("There is a rule already that does this: %(rule)s.", rule=rule_in_words(rule.terms))


@blueprint.get("/forvaltning/regler/<int:rule_id>")
@permitted("see_watch_rules")
def watch_rule(rule_id: int) -> Response:
    rule = _rule(rule_id)
    filled = WatchForm.filled_with(rule.terms)
    return _show(FORMS[rule.kind](formdata=None, data={"seen": str(rule.version), **filled}), rule=rule)


@blueprint.post("/forvaltning/regler/<int:rule_id>")
@permitted("edit_watch_rules")
def change_watch_rule(rule_id: int) -> AnyResponse:
    rule = _rule(rule_id)
    form = FORMS[rule.kind]()
    if not form.validate():
        return _show(form, 422, rule=rule)
    try:
        with transaction():
            watching.change_rule(
                rule, form.terms(), seen=form.seen.data or 0, administrator=someone(), now=clock.now()
            )
    except watching.Exists as exists:
        return _show(form, 409, rule=rule, problem=_there_is(exists.rule))
    except Stale:
        form.seen.data = rule.version
        return _show(form, 409, rule=rule, problem=str(CHANGED_BY_ANOTHER))
    return see("moderation.watch_rules", sparat=1)


@blueprint.post("/forvaltning/regler/<int:rule_id>/<any(pa, av):way>")
@permitted("edit_watch_rules")
def switch_watch_rule(rule_id: int, way: str) -> AnyResponse:
    rule, form = _rule(rule_id), SwitchForm()
    if not form.validate():
        return _show_all(422, problem=str(form.seen.errors[0]))
    try:
        with transaction():
            watching.switch_rule(
                rule, on=way == "pa", seen=form.seen.data, administrator=someone(), now=clock.now()
            )
    except Stale:
        return _show_all(409, problem=str(CHANGED_BY_ANOTHER))
    return see("moderation.watch_rules", sparat=1)


def _rule(rule_id: int) -> WatchRule:
    rule: WatchRule = found(db.session.get(WatchRule, rule_id))
    return rule


def _show(
    form: WatchForm, status: int = 200, *, rule: WatchRule | None = None, problem: str | None = None
) -> Response:
    return render(
        "moderation/watch_rule.html",
        status,
        form=form,
        rule=rule,
        is_replaced=rule is not None and watching.is_replaced(rule),
        problem=problem,
        longest=LONGEST_NOTE,
    )
