"""Telling people: letters written with the change they are about, and sent after it."""

from flask import Flask


def set_up(app: Flask) -> None:
    from dialog.events import listen
    from dialog.notify import operations, worker

    listen(app, "sign_in.requested", operations.queue_sign_in)
    listen(app, "comment.submitted", operations.queue_receipt)
    listen(app, "comment.published", operations.queue_decision)
    listen(app, "comment.hidden", operations.queue_decision)
    for settled in ("granted", "denied"):
        listen(app, f"appeal.{settled}", operations.queue_settled_appeal)
    for decided in ("held", "masked", "unmasked"):
        listen(app, f"comment.{decided}", operations.queue_decision)
    for reported in ("opened", "joined"):
        listen(app, f"report.{reported}", operations.queue_receipt_of_report)
    for settled in ("upheld", "dismissed", "lapsed"):
        listen(app, f"report.{settled}", operations.queue_outcome_of_report)
    listen(app, "fault.received", operations.queue_to_reporter_of_fault)
    listen(app, "fault.received", operations.queue_fault_to_administrators)
    for answered in ("answered", "fixed"):
        listen(app, f"fault.{answered}", operations.queue_to_reporter_of_fault)
    listen(app, "supervision.overdue", operations.queue_moderators_reminder)
    listen(app, "response.review_waits", operations.queue_review)
    for ended in ("response.published", "response.not_published", "response.comment_left"):
        listen(app, ended, operations.queue_what_was_not_as_planned)
    listen(app, "response.sent_back", operations.queue_taken_back)
    for told in ("response.published", "response.revised"):
        listen(app, told, operations.queue_answer)
    listen(app, "matter.forwarded", operations.queue_forwarding)
    listen(app, "comment.moved", operations.queue_move)
    listen(app, "matter.delay_explained", operations.queue_lateness)
    for late in ("late", "very_late"):
        listen(app, f"matter.{late}", operations.queue_lateness)
        listen(app, f"committee.{late}", operations.queue_reminder)
    for settled in ("kept", "changed", "not_kept", "reopened"):
        listen(app, f"commitment.{settled}", operations.queue_settled_commitment)
    listen(app, "committee.reminded", operations.queue_commitments_due)
    for told in ("reported_back", "report_revised"):
        listen(app, f"dialogue.{told}", operations.queue_report)
    for reminder in ("soon", "today"):
        listen(app, f"dialogue.feedback_{reminder}", operations.queue_feedback_due)
    listen(app, "verdict.asked", operations.queue_question)
    for judged in ("confirmed", "declined", "resting"):
        listen(app, f"organisation.{judged}", operations.queue_judgement)
    listen(app, "mandate.offered", operations.queue_offer)
    listen(app, "mandate.runs_out", operations.queue_expiry_of_mandate)
    listen(app, "mandate.ended", operations.queue_end_of_mandate)
    worker.set_up(app)
