#!/usr/bin/python3
"""Mailboxes: a real Dovecot of our own and Maildirs, with mail processes and the intake killed while mail comes; each mail has
exactly one receipt, and lies where it belongs."""
import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import House  # noqa: E402

SBIN = "/usr/sbin/dovecot"
PASSWORD = "right horse battery"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def children_of(top):
    """Pids below a process, by program name."""
    parents, names = {}, {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as f:
                head, rest = f.read().rsplit(")", 1)
            parents[int(pid)], names[int(pid)] = int(rest.split()[1]), head.split("(", 1)[1]
        except (OSError, IndexError):
            pass
    found = {}
    for pid in parents:
        p = pid
        while p in parents and p != top:
            p = parents[p]
        if p == top and pid != top:
            found.setdefault(names[pid], []).append(pid)
    return found


def certificate(folder, name):
    key, crt = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", crt, "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    return key, crt


class Dovecot:
    """A server of our own, in a folder of its own; nothing of the machine's own mail service is touched."""

    def __init__(self, users, more=""):
        self.folder = tempfile.mkdtemp(prefix="casefile-dovecot-")
        os.chmod(self.folder, 0o755)
        self.plain, self.secure = free_port(), free_port()
        self.key, self.crt = certificate(self.folder, "server")
        _, self.other_crt = certificate(self.folder, "other")
        me = pwd.getpwuid(os.geteuid()).pw_name
        mail = "nobody" if os.geteuid() == 0 else me
        owner = pwd.getpwnam(mail)
        os.mkdir(self.folder + "/mail")
        os.chown(self.folder + "/mail", owner.pw_uid, owner.pw_gid)
        self.passwords = dict.fromkeys(users, PASSWORD)
        self.passwords_write()
        own_users = "" if os.geteuid() == 0 else "default_internal_user = %s\ndefault_login_user = %s\ndefault_internal_group = %s\n" % (me, me, me)
        with open(self.folder + "/dovecot.conf", "w") as f:
            f.write("""base_dir = {0}/run
state_dir = {0}/run
log_path = {0}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{1}
ssl_key = <{2}
mail_location = maildir:{0}/mail/%u
first_valid_uid = 1
auth_failure_delay = 0
mail_max_userip_connections = 50
{3}passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {0}/passwd
}}
userdb {{
  driver = static
  args = uid={4} gid={5} home={0}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {6}
  }}
  inet_listener imaps {{
    port = {7}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
{8}
""".format(self.folder, self.crt, self.key, own_users, owner.pw_uid, owner.pw_gid, self.plain, self.secure, more))
        self.process = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def passwords_write(self):
        path = self.folder + "/passwd"
        with open(path, "w") as f:
            f.writelines("%s:%s\n" % item for item in self.passwords.items())
        os.chmod(path, 0o644)

    def start(self):
        self.process = subprocess.Popen([SBIN, "-F", "-c", self.folder + "/dovecot.conf"], stdout=subprocess.DEVNULL, stderr=open(self.folder + "/err", "a"))
        end = time.time() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.secure), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.time() < end, "Dovecot did not start: " + self.said()
                time.sleep(0.05)

    def said(self):
        return "".join(open(self.folder + "/" + name, errors="replace").read() for name in ("err", "log") if os.path.exists(self.folder + "/" + name))

    def stop(self):
        if not self.process:
            return
        below = [pid for pids in children_of(self.process.pid).values() for pid in pids]
        self.process.terminate()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in below:  # those that have not ended with it
            try:
                with open("/proc/%d/cmdline" % pid) as f:
                    if "dovecot" in f.read():
                        os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.process = None

    def close(self):
        self.stop()
        if not os.environ.get("CASEFILE_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill_mail_processes(self):
        for pid in children_of(self.process.pid).get("imap", []):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass

    def client(self, user):
        context = ssl.create_default_context(cafile=self.crt)
        c = imaplib.IMAP4_SSL("127.0.0.1", self.secure, ssl_context=context, timeout=20)
        c.login(user, self.passwords[user])
        return c

    def put(self, user, mails):
        c = self.client(user)
        for mail in mails:
            assert c.append("INBOX", None, None, mail)[0] == "OK"
        c.logout()

    def subjects(self, user, folder):
        """Of the mails in a folder; an empty list when there is none."""
        c = self.client(user)
        found = []
        if c.select(folder, readonly=True)[0] == "OK":
            for got in c.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1] if c.search(None, "ALL")[1][0] else []:
                if isinstance(got, tuple):
                    found.append(re.search(rb"Subject: (.*?)\r\n", got[1]).group(1).decode())
        c.logout()
        return sorted(found)


def mail(subject, body="Dear all,\r\n\r\nthe visit went well.\r\n", headers=""):
    return ("From: Ann Example <ann@example.org>\r\nTo: desk@example.org\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\n%s\r\n%s" %
            (subject, subject.replace(" ", "-"), headers, body)).encode()


def encrypted(subject):
    """An S/MIME envelope that nobody here can open."""
    import base64
    oid = bytes([0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03])  # envelopedData
    inner = bytes([0x30, 0x82, 0x01, 0x00]) + bytes(range(256))
    content = bytes([0xA0, 0x82]) + len(inner).to_bytes(2, "big") + inner
    der = bytes([0x30, 0x82]) + (len(oid) + len(content)).to_bytes(2, "big") + oid + content
    return mail(subject, base64.encodebytes(der).decode().replace("\n", "\r\n"),
                'MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\n'
                'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n')


def cut(subject):
    """A mail whose attachment ends in the middle."""
    return mail(subject, '--b\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--b\r\nContent-Type: application/pdf; name="letter.pdf"\r\n'
                'Content-Disposition: attachment; filename="letter.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQKJeLjz9MKMSAwIG9iago8PA==\r\n',
                'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n')


class Mailbox:
    """Settings of one mailbox, as the settings file has them."""

    def __init__(self, house, name, **settings):
        self.password_file = os.path.join(house.folder, name + ".password")
        self.password(settings.pop("password", PASSWORD))
        settings = dict(name=name, kind="imap", user=name, password_file=self.password_file, poll_seconds=2, **settings)
        self.text = "{ %s }" % " ".join('%s = %s;' % (k, v if isinstance(v, int) else '"%s"' % v) for k, v in settings.items())

    def password(self, text):
        with open(self.password_file, "w") as f:
            f.write(text + "\n")
        os.chmod(self.password_file, 0o600)


class Served(House):
    """A house with mailboxes."""

    def serve(self, mailboxes):
        with open(self.config, "a") as f:
            f.write("mailboxes = ( %s );\n" % ",\n ".join(mailboxes))
        self.start()

    def ask(self, sql, *arguments):
        db = sqlite3.connect("file:%s/casefile.db?mode=ro" % self.store, uri=True, timeout=30)
        rows = db.execute(sql, arguments).fetchall()
        db.close()
        return rows

    def receipts(self, name):
        return self.ask("SELECT count(*) FROM receipt WHERE profile = ?", name)[0][0]

    def distinct(self, name):
        """Mails that are different from each other."""
        return self.ask("SELECT count(DISTINCT content_hash) FROM part JOIN receipt ON receipt.id = receipt_id WHERE profile = ? AND parent_id IS NULL", name)[0][0]

    def kill_intake(self):
        for pid in self.processes().get("casefile-intake", []):
            os.kill(pid, signal.SIGKILL)

    def state_of(self, name):
        m = re.search(r"^%s +(?:imap|maildir) .*$" % name, self.run("status", check=False)[1], re.M)
        return m.group(0) if m else ""


def until(holds, seconds, what):
    end = time.time() + seconds
    while not holds():
        assert time.time() < end, what() if callable(what) else what
        time.sleep(0.1)


def maildir_make(path):
    for below in ("", "/new", "/cur", "/tmp"):
        os.mkdir(path + below)


def maildir_put(path, name, content, folder="new"):
    with open("%s/tmp/%s" % (path, name), "wb") as f:
        f.write(content)
    os.rename("%s/tmp/%s" % (path, name), "%s/%s/%s" % (path, folder, name))


def files(*path):
    folder = os.path.join(*path)
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


@unittest.skipUnless(os.path.exists(SBIN), "no Dovecot here: package dovecot-imapd")
class Servers(unittest.TestCase):
    """What a real server says to us; nothing is opened yet."""

    @classmethod
    def setUpClass(cls):
        cls.house = Served("workers: { count = 0; }; intake: { settle_seconds = 0; file_megabytes = 1; };")
        cls.addClassCleanup(cls.house.close)
        cls.dovecot = Dovecot(["tls", "starttls", "crowd", "guest", "marked", "doubted"])
        cls.addClassCleanup(cls.dovecot.close)
        secure, plain = "imaps://localhost:%d" % cls.dovecot.secure, "imap://localhost:%d" % cls.dovecot.plain
        ca = cls.dovecot.crt
        cls.maildir = os.path.join(cls.house.folder, "Maildir")
        maildir_make(cls.maildir)
        boxes = dict(tls=dict(url=secure, ca_file=ca), starttls=dict(url=plain, ca_file=ca), crowd=dict(url=secure, ca_file=ca),
                     guest=dict(url=secure, ca_file=ca, password="wrong"), marked=dict(url=plain, tls="off", filed_folder=""),
                     doubted=dict(url=secure, ca_file=cls.dovecot.other_crt))
        cls.boxes = {name: Mailbox(cls.house, name, **settings) for name, settings in boxes.items()}
        for name in ("tls", "starttls", "guest", "marked", "doubted"):
            cls.dovecot.put(name, [mail("early 1"), mail("early 2")])
        cls.house.serve([b.text for b in cls.boxes.values()] + ['{ name = "folder"; path = "%s"; poll_seconds = 5; }' % cls.maildir])

    def settled(self, name, count, seconds=15):
        until(lambda: self.house.receipts(name) >= count, seconds, lambda: "%d of %d: %s\n%s" % (self.house.receipts(name), count, self.house.state_of(name), self.house.said()[-3000:]))
        self.assertEqual(self.house.receipts(name), count)

    def filed(self, name, subjects, seconds=10):
        until(lambda: self.dovecot.subjects(name, "Filed") == sorted(subjects), seconds, lambda: "in Filed: %s" % self.dovecot.subjects(name, "Filed"))
        self.assertEqual(self.dovecot.subjects(name, "INBOX"), [])

    def test_tls_mail_before_and_later_and_too_large(self):
        self.settled("tls", 2)
        self.filed("tls", ["early 1", "early 2"])
        start = time.time()
        self.dovecot.put("tls", [mail("later")])
        self.settled("tls", 3)
        self.assertLess(time.time() - start, 5)
        self.dovecot.put("tls", [mail("huge", "x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 16000), mail("small again")])
        self.settled("tls", 4)
        until(lambda: self.dovecot.subjects("tls", "Problem") == ["huge"], 10, lambda: self.house.said()[-2000:])
        self.filed("tls", ["early 1", "early 2", "later", "small again"])

    def test_starttls(self):
        self.settled("starttls", 2)
        self.filed("starttls", ["early 1", "early 2"])
        self.assertNotRegex(self.house.said(), "early")

    def test_marked_where_it_lies(self):
        self.settled("marked", 2)
        self.house.kill_intake()
        self.dovecot.put("marked", [mail("later")])
        self.settled("marked", 3)
        time.sleep(2.5)  # further polls
        self.assertEqual(self.house.receipts("marked"), 3)
        self.assertEqual(self.dovecot.subjects("marked", "INBOX"), ["early 1", "early 2", "later"])
        c = self.dovecot.client("marked")
        c.select("INBOX", readonly=True)
        until(lambda: c.noop() and len(c.search(None, "SEEN")[1][0].split()) == 3, 5, "not all are marked as seen")
        c.logout()

    def test_a_wrong_password_is_told_and_mended(self):
        until(lambda: "the password is refused" in self.house.state_of("guest"), 15, lambda: self.house.run("status", check=False)[1])
        self.boxes["guest"].password(PASSWORD)
        self.settled("guest", 2, 20)
        until(lambda: "refused" not in self.house.state_of("guest"), 10, lambda: self.house.state_of("guest"))
        self.filed("guest", ["early 1", "early 2"])
        self.assertNotIn(PASSWORD, self.house.said())

    def test_a_certificate_that_is_not_believed(self):
        until(lambda: "the certificate is not believed" in self.house.state_of("doubted"), 15, lambda: self.house.run("status", check=False)[1])
        self.assertEqual(self.house.receipts("doubted"), 0)
        self.assertEqual(self.dovecot.subjects("doubted", "INBOX"), ["early 1", "early 2"])

    def test_everything_is_killed_while_mail_comes(self):
        """Dovecot's mail processes and the intake, again and again, while a hundred mails go into a server and a Maildir each."""
        count = 100
        names = ["crowd %03d" % i for i in range(count)]
        killed = 0
        for i in range(0, count, 20):
            self.dovecot.put("crowd", [mail(n) for n in names[i:i + 20]])
            for n in names[i:i + 20]:
                maildir_put(self.maildir, "1700.%s.host" % n.replace(" ", ""), mail(n + " by folder"), "new" if i % 40 else "cur")
            for _ in range(4):
                time.sleep(0.15)
                self.dovecot.kill_mail_processes()
            self.house.kill_intake()
            killed += 1
        self.assertEqual(killed, 5)
        self.settled("crowd", count, 40)
        self.settled("folder", count, 20)
        # A server process that is killed within MOVE may leave the mail in both folders: it is moved again, and Filed holds it twice.
        until(lambda: not self.dovecot.subjects("crowd", "INBOX"), 20, lambda: "left: %s" % self.dovecot.subjects("crowd", "INBOX"))
        filed = self.dovecot.subjects("crowd", "Filed")
        self.assertEqual(sorted(set(filed)), names)
        self.assertLessEqual(len(filed), count + 5)
        self.assertEqual(self.house.distinct("crowd"), count)
        self.assertEqual(self.house.distinct("folder"), count)
        until(lambda: not files(self.maildir, "new") and not files(self.maildir, "cur"), 10, "mails are left in the Maildir")
        left = files(self.maildir, ".Filed", "cur")
        self.assertEqual(len(left), count)
        self.assertEqual(len({re.fullmatch(r"1700\.crowd\d{3}\.host,R(\d{6}):2,S", n).group(1) for n in left}), count)

    def test_the_server_goes_away_and_comes_back(self):
        self.settled("starttls", 2)
        self.dovecot.stop()
        until(lambda: "cannot be reached" in self.house.state_of("starttls"), 15, lambda: self.house.run("status", check=False)[1])
        self.dovecot.start()
        self.dovecot.put("starttls", [mail("after the pause")])
        self.settled("starttls", 3, 25)
        self.filed("starttls", ["early 1", "early 2", "after the pause"])


@unittest.skipUnless(os.path.exists(SBIN), "no Dovecot here: package dovecot-imapd")
class Quarantine(unittest.TestCase):
    """What cannot be opened ends in Problem, on a server that knows no MOVE and no IDLE, and in a Maildir."""

    def test_the_mail_goes_to_problem(self):
        house = Served("workers: { count = 1; }; intake: { settle_seconds = 0; };")
        dovecot = None
        try:
            dovecot = Dovecot(["desk"], "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS\n")
            maildir = os.path.join(house.folder, "Maildir")
            maildir_make(maildir)
            mails = [mail("good one"), encrypted("sealed one"), cut("broken one")]
            dovecot.put("desk", mails)
            for i, m in enumerate(mails):  # other bytes than in the mailbox: not the same mail
                maildir_put(maildir, "%d.host" % i, b"X-Copy: yes\r\n" + m)
            box = Mailbox(house, "desk", url="imaps://localhost:%d" % dovecot.secure, ca_file=dovecot.crt)
            house.serve([box.text, '{ name = "folder"; path = "%s"; poll_seconds = 5; }' % maildir])
            until(lambda: house.receipts("desk") == 3 and house.receipts("folder") == 3, 15, house.said)
            until(lambda: dovecot.subjects("desk", "Problem") == ["broken one", "sealed one"], 30,
                  lambda: "in Problem: %s\n%s" % (dovecot.subjects("desk", "Problem"), house.run("quarantine", check=False)[1]))
            self.assertEqual(dovecot.subjects("desk", "Filed"), ["good one"])
            self.assertEqual(dovecot.subjects("desk", "INBOX"), [])
            until(lambda: len(files(maildir, ".Problem", "cur")) == 2, 15, lambda: "%s" % files(maildir, ".Problem", "cur"))
            self.assertEqual([n.split(".")[0] for n in files(maildir, ".Problem", "cur")], ["1", "2"])
            self.assertEqual([n.split(".")[0] for n in files(maildir, ".Filed", "cur")], ["0"])
            self.assertEqual(house.receipts("desk") + house.receipts("folder"), 6)
        finally:
            house.close()
            if dovecot:
                dovecot.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
