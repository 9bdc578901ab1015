"""What people and strangers do with mail: a question as JSON on stdin, the answer as JSON on stdout."""

import imaplib
import json
import smtplib
import ssl
import subprocess
import sys


def send(asked):
    """Hands a message to port 25, or to the submission port where there is a user."""
    with smtplib.SMTP("127.0.0.1", asked["port"], "client.example", timeout=30) as smtp:
        if "user" in asked:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            smtp.starttls(context=context)
            try:
                smtp.login(asked["user"], asked["password"])
            except smtplib.SMTPAuthenticationError as error:
                return {"step": "auth", "code": error.smtp_code}
        smtp.ehlo_or_helo_if_needed()
        size = f" SIZE={len(asked['message'])}" if asked.get("tells_size", True) else ""
        code, text = smtp.docmd("MAIL", f"FROM:<{asked['from']}>{size}")
        if code >= 400:
            return {"step": "mail", "code": code, "text": text.decode()}
        code, text = smtp.docmd("RCPT", f"TO:<{asked['to']}>")
        if code >= 400:
            return {"step": "rcpt", "code": code, "text": text.decode()}
        code, text = smtp.data(asked["message"])
        return {"step": "data", "code": code, "text": text.decode()}


def read(asked):
    """Logs in and gives every message of the inbox."""
    imap = imaplib.IMAP4("127.0.0.1", asked["port"])
    try:
        imap.login(asked["user"], asked["password"])
    except imaplib.IMAP4.error:
        return {"logged_in": False, "messages": []}
    imap.select("INBOX", readonly=True)
    found = imap.search(None, "ALL")[1][0].split()
    messages = [imap.fetch(number, "(BODY.PEEK[])")[1][0][1].decode("latin-1") for number in found]
    imap.logout()
    return {"logged_in": True, "messages": messages}


def verify(asked):
    """Verifies every signature of a message with the keys that a name server answers with."""
    import dkim  # the package python3-dkim; independent of OpenDKIM

    def txt(name, timeout=5):
        words = ["dig", "@127.0.0.1", "-p", str(asked["dns"]), "+short", "TXT", name.decode()]
        answer = subprocess.run(words, capture_output=True, check=True, timeout=timeout).stdout
        return b"".join(answer.strip().strip(b'"').split(b'" "'))

    message = asked["message"].encode("latin-1")
    mail = dkim.DKIM(message)
    signatures = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    results = []
    for index, value in enumerate(signatures):
        try:
            valid = mail.verify(idx=index, dnsfunc=txt)
        except dkim.DKIMException:
            valid = False
        tags = dkim.util.parse_tag_value(value)
        word = lambda tag: tags[tag].decode().strip()
        results.append({"valid": valid, "domain": word(b"d"), "selector": word(b"s"), "algorithm": word(b"a")})
    return {"signatures": results}


ASKED = json.load(sys.stdin)
json.dump({"send": send, "read": read, "verify": verify}[ASKED["do"]](ASKED), sys.stdout)
