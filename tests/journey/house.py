"""A daemon on a store of its own, for the journey and crash tests: real programs, real files."""
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("CASEFILE_BIN", os.path.join(TOP, "build/release/bin"))
SAMPLES = os.path.join(TOP, "samples")


class House:
    def __init__(self, settings=""):
        self.folder = tempfile.mkdtemp(prefix="casefile-test-")
        self.store = os.path.join(self.folder, "store")
        self.config = os.path.join(self.folder, "casefile.conf")
        self.log = os.path.join(self.folder, "log")
        with open(self.config, "w") as f:
            f.write('store: { folder = "%s"; };\n%s\n' % (self.store, settings))
        self.daemon = None

    def start(self):
        self.daemon = subprocess.Popen([os.path.join(BIN, "casefiled"), "--config", self.config], stderr=open(self.log, "a"))
        end = time.time() + 30
        while not os.path.exists(os.path.join(self.store, "run/broker")):
            assert time.time() < end and self.daemon.poll() is None, "the daemon did not start: " + self.said()
            time.sleep(0.05)

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(timeout=60)
        self.daemon = None

    def close(self):
        self.stop()
        if not os.environ.get("CASEFILE_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def said(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def run(self, *args, who="Test Officer", check=True, timeout=900):
        p = subprocess.run([os.path.join(BIN, "casefile"), "--config", self.config, "--who", who, *args], capture_output=True, timeout=timeout)
        out = p.stdout.decode("utf-8", "replace")
        if check and p.returncode:
            raise AssertionError("casefile %s: status %d\n%s%s" % (" ".join(args), p.returncode, out, p.stderr.decode("utf-8", "replace")))
        return out if check else (p.returncode, out, p.stderr.decode("utf-8", "replace"))

    def register(self):
        self.run("register", "import", SAMPLES + "/register.csv", SAMPLES + "/people.csv")

    def wait(self, timeout=900):
        self.run("wait", "--timeout", str(timeout), timeout=timeout + 30)

    def filings(self):
        return list(csv.DictReader(io.StringIO(self.run("export", "filings"))))

    def lines(self, what):
        return [json.loads(x) for x in self.run("export", what).splitlines()]

    def settled(self):
        """As processes(), when nothing is between fork and exec: there a process has still its parent's name."""
        last, end = None, time.time() + 15
        while time.time() < end:
            now = self.processes()
            if now == last:
                break
            last = now
            time.sleep(0.5)
        return now

    def processes(self):
        """Pids by program name, of this daemon and all below it."""
        found, parents = {}, {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/stat" % pid) as f:
                    rest = f.read().rsplit(")", 1)
                parents[int(pid)] = (int(rest[1].split()[1]), rest[0].split("(", 1)[1])
            except (OSError, IndexError):
                pass
        for pid, (_, name) in parents.items():
            p = pid
            while p in parents and p != self.daemon.pid:
                p = parents[p][0]
            if self.daemon and p == self.daemon.pid:
                found.setdefault(name, []).append(pid)
        return found


def gold():
    with open(os.path.join(SAMPLES, "gold.jsonl"), encoding="utf-8") as f:
        return [g for g in map(json.loads, f) if not g.get("header")]


def key(text):
    """Letters and digits, lower case: the form that texts are compared in."""
    import unicodedata
    t = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in t if c.isalnum())
