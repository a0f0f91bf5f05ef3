"""Mails as a PSA sends them, with exports attached."""

from email.message import EmailMessage

from tests.desk.test_inbox import GOOD


def mail(*files, text="The weekly report."):
    """A mail with these attachments, each (name, bytes, main type, subtype)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "psa@msp.example", "hours@msp.example", "Report"
    made.set_content(text)
    for name, data, kind, sub in files:
        made.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    return made.as_bytes()


def csv(text=GOOD, name="week.csv"):
    return (name, text.encode(), "text", "csv")
