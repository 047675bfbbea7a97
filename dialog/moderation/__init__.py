"""Looking at what people say: the queue, and decisions with their grounds and reasons."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.conversation.watching import watch
    from dialog.errors import add_story
    from dialog.events import listen
    from dialog.moderation import (  # noqa: F401 - some add their routes
        cli,
        flags,
        masking_views,
        moving,
        moving_views,
        proposals,
        template_views,
        views,
        watch_views,
        watching,
        watching_rules,
        words,
    )
    from dialog.moderation.rules import UNDONE_BY, acts_on, hours_waited, may_be_masked
    from dialog.moderation.watching_rules import FLAGS_SETTLED_BY
    from dialog.web import add_words

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.moderation)
    watching.set_up(app)
    watch(app, watching.look_through)
    for kind in FLAGS_SETTLED_BY:
        listen(app, kind, flags.settle)
    for kind in ("comment.submitted", "comment.edited"):
        listen(app, kind, flags.put_on_record)
    for gone_on in ("comment.edited", "comment.withdrawn", "comment.masked", "comment.hidden"):
        listen(app, gone_on, proposals.let_lapse)
    app.jinja_env.globals.update(LOGGED=words.LOGGED, hours_waited=hours_waited)
    app.jinja_env.globals.update(waited_in_words=words.waited_in_words, share_in_words=words.share_in_words)
    app.jinja_env.globals.update(text_of=words.text_of, how_found=words.how_found)
    app.jinja_env.globals.update(
        source_of=words.source_of, acts_on=acts_on, DECIDED=words.DECIDED, UNDONE_BY=UNDONE_BY
    )
    app.jinja_env.globals.update(may_be_masked=may_be_masked)
    app.jinja_env.globals.update(
        last_happening=words.last_happening,
        sum_in_words=words.sum_in_words,
        who_looks=words.who_looks,
        who_proposed=words.who_proposed,
        what_was_said_of_it=words.what_was_said_of_it,
    )
    app.jinja_env.globals.update(
        relocations_of=moving.relocations_of,
        flags_on=flags.flags_on,
        rule_in_words=words.rule_in_words,
        words_watched=watching_rules.words_watched,
    )
    add_words(app, *words.WORDS)
    add_story(app, "comment", words.last_happening)
