"""Real servers on loopback for tests of live accounts: Dovecot for mail, Radicale for calendars and address books."""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "alice@example.org", "geheim-77-kaese"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
WAIT_S = 20.0


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until something listens there."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


@dataclass
class Dovecot:
    """A running mail server: plain and TLS port, its certificate, and a connection to put mail there."""

    port: int
    tls_port: int
    certificate: Path
    folder: Path

    def client(self) -> imaplib.IMAP4:
        """A connection that may write, for the tests."""
        found = imaplib.IMAP4("127.0.0.1", self.port)
        found.login(USER, PASSWORD)
        return found

    def put(self, *mails: str, folder: str = "INBOX") -> None:
        """Append mails."""
        client = self.client()
        client.create(folder)
        for mail in mails:
            client.append(folder, "", None, mail.replace("\n", "\r\n").encode())  # type: ignore[arg-type]
        client.logout()

    def log(self) -> str:
        """What the server wrote down."""
        return (self.folder / "log").read_text("utf-8", "replace")


CONFIG = """
base_dir={folder}/run
log_path={folder}/log
protocols=imap
listen=127.0.0.1
ssl=yes
ssl_cert=<{folder}/cert.pem
ssl_key=<{folder}/key.pem
disable_plaintext_auth=no
auth_verbose=yes
auth_failure_delay=0
default_internal_user={internal}
default_login_user={internal}
default_internal_group={internal_group}
mail_location=maildir:{folder}/mail/%u
first_valid_uid=1
passdb {{
 driver=static
 args=user={user} password={password}
}}
userdb {{
 driver=static
 args=uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
 inbox=yes
 mailbox Spam {{
  special_use=\\Junk
  auto=create
 }}
 mailbox Bin {{
  special_use=\\Trash
  auto=create
 }}
 mailbox Drafts {{
  special_use=\\Drafts
  auto=create
 }}
 mailbox Sent {{
  special_use=\\Sent
  auto=create
 }}
}}
service imap-login {{
 chroot=
 inet_listener imap {{
  port={port}
 }}
 inet_listener imaps {{
  port={tls_port}
 }}
}}
service anvil {{
 chroot=
 unix_listener anvil-auth-penalty {{
  mode=0
 }}
}}
"""


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with one user, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="kithbook-imap-"))
    found = Dovecot(free_port(), free_port(), folder / "cert.pem", folder)
    make_certificate(folder)
    mail = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    (folder / "mail").mkdir()
    os.chown(folder / "mail", mail.pw_uid, mail.pw_gid)
    folder.chmod(0o755)
    text = CONFIG.format(
        folder=folder, port=found.port, tls_port=found.tls_port, uid=mail.pw_uid, gid=mail.pw_gid, user=USER,
        password=PASSWORD, internal=mail.pw_name, internal_group=_group(mail.pw_gid),
    )  # fmt: skip
    (folder / "conf").write_text(text, "utf-8")
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "conf")], stderr=subprocess.PIPE)
    try:
        wait_for(found.port)
        yield found
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def make_certificate(folder: Path) -> None:
    """A certificate for 127.0.0.1 that nobody has signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kithbook test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@dataclass
class Radicale:
    """A running calendar and address book server; `book` and `calendar` are empty collections of the user's."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def root(self) -> str:
        """The address a user would enter."""
        return f"http://127.0.0.1:{self.port}/"

    def url(self, name: str) -> str:
        """The address of one of the user's collections."""
        return f"{self.root}{USER.replace('@', '%40')}/{name}/"

    def call(self, method: str, url: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        """One request as the user: status, headers, text."""
        import httpx2

        answer = httpx2.request(
            method, url, content=body.encode(), headers={name.replace("_", "-"): v for name, v in headers.items()},
            auth=(USER, PASSWORD), trust_env=False,
        )  # fmt: skip
        return answer.status_code, dict(answer.headers), answer.text

    def make(self, name: str, kind: str) -> str:
        """A new collection, "book" or "calendar"; returns its address."""
        inner = (
            '<C:addressbook xmlns:C="urn:ietf:params:xml:ns:carddav"/>'
            if kind == "book"
            else '<C:calendar xmlns:C="urn:ietf:params:xml:ns:caldav"/>'
        )
        body = (
            '<?xml version="1.0"?><mkcol xmlns="DAV:"><set><prop><resourcetype><collection/>'
            f"{inner}</resourcetype><displayname>{name}</displayname></prop></set></mkcol>"
        )
        assert self.call("MKCOL", self.url(name), body)[0] == 201
        return self.url(name)

    def cards(self, name: str) -> dict[str, str]:
        """The cards of a collection as they lie on the server's disk, by file name."""
        place = self.folder / "data" / "collection-root" / USER / name
        return {path.name: path.read_text("utf-8") for path in place.glob("*.vcf")}


@contextlib.contextmanager
def radicale() -> Iterator[Radicale]:
    """A real Radicale with one user, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="kithbook-dav-"))
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
    (folder / "conf").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\n"
        f"htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {folder}/data\n"
        "[logging]\nlevel = warning\n",
        "utf-8",
    )
    server = subprocess.Popen([sys.executable, "-m", "radicale", "-C", str(folder / "conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Radicale(port, server, folder)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
