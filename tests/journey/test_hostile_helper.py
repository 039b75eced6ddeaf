#!/usr/bin/python3
"""A helper that a document has taken over (tests/fakes/hostile_helper.c): it gets nothing, its job ends with a plain reason, all else goes on."""
import os
import re
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house as house_module  # noqa: E402
from house import BIN, House, SAMPLES, TOP  # noqa: E402

FAKE = os.environ.get("CASEFILE_HOSTILE", os.path.join(os.path.dirname(BIN), "tests/fakes/hostile_helper"))
SETTINGS = """intake: { settle_seconds = 0; }; programs: { folder = "%s"; }; rules: { folder = "%s"; }; workers: { count = 2; };
broker: { attempts = 2; lease_seconds = 5; }; helper: { silence_seconds = 10; job_seconds = 20; megabytes = 1024; };"""
# The address sanitizer needs the address space that would be limited: there memory is not.
UNLIMITED = ["memory.txt"] if b"__asan_init" in open(os.path.join(BIN, "casefile-helper"), "rb").read() else []
TEXT = dict(re.findall(r'X\((ERR_\w+), *"([^"]*)"\)', open(os.path.join(TOP, "base/err.h")).read()))
GOT_IT, REFUSED, CRASHED, TIME = (TEXT["ERR_" + n] for n in ("SEAL", "DAMAGED", "CRASHED", "TIME"))


def programs_folder():
    """Links to the real programs, but for the helper."""
    folder = tempfile.mkdtemp(prefix="casefile-test-programs-")
    for name in os.listdir(BIN):
        shutil.copy2(os.path.join(BIN, name), folder)  # copies: a program finds the others by where it really is
    os.rename(folder + "/casefile-helper", folder + "/casefile-real-helper")
    shutil.copy2(FAKE, folder + "/casefile-helper")
    return folder


class Doors:
    """What a captured helper might knock at."""

    def __init__(self, folder):
        self.tcp, self.unix = socket.socket(), socket.socket(socket.AF_UNIX)
        self.tcp.bind(("127.0.0.1", 0))
        self.unix.bind(folder + "/door")
        self.path, self.port = folder + "/door", self.tcp.getsockname()[1]
        for s in (self.tcp, self.unix):
            s.listen()
            s.setblocking(False)

    def knocked(self):
        for s in (self.tcp, self.unix):
            try:
                s.accept()
                return True
            except BlockingIOError:
                pass
        return False


def processes(house, start):
    return sorted(p for name, pids in house.processes().items() if name.startswith(start) for p in pids)


def peak_megabytes(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) // 1024


def setUpModule():
    try:
        go_through()
    except BaseException:
        tearDownModule()
        raise


def go_through():
    global house, folder, doors, keys, jobs, before, took, spoiled
    folder = programs_folder()
    house = House(SETTINGS % (folder, os.path.join(TOP, "config")))
    house_module.BIN = folder
    house.start()
    house.register()
    doors = Doors(house.folder)
    keys = [os.path.join(r, f) for r, _, fs in os.walk(house.store) for f in fs if "key" in f]
    spoiled = os.path.join(house.store, "spoiled")
    tries = {"read-passwd": "read /etc/passwd", "read-key": "read " + keys[0], "read-store": "read %s/casefile.db" % house.store,
             "write-store": "write " + spoiled, "write-tmp": "write /tmp/casefile-hostile-%d" % os.getpid(), "write-shm": "write /dev/shm/casefile-hostile",
             "tcp": "tcp %d" % doors.port, "unix": "unix " + doors.path, "broker": "unix %s/run/broker" % house.store, "exec": "exec /bin/true"}
    for what in ("fork", "kill", "ptrace", "memory", "spin", "sleep", "signs", "flood", "huge", "zeros", "garbage", "half", "exit", "crash", "broken",
                 "nothing", "next", "after"):
        tries[what] = what
    source = os.path.join(house.folder, "in")
    os.mkdir(source)
    for name, what in tries.items():
        with open("%s/%s.txt" % (source, name), "w") as f:
            f.write("HOSTILE %s;\nA letter about nobody.\n" % what)
    for name in ("visit_20250207.pdf", "scan_0002.pdf"):
        shutil.copy2(os.path.join(SAMPLES, "inbox", name), source)
    house.settled()
    before = {n: processes(house, n) for n in ("casefiled", "casefile-broker", "casefile-worke")}
    started = time.time()
    said = house.run("ingest", source)
    names = {int(n): os.path.basename(path) for n, path in re.findall(r"^R0*(\d+)\S*  [0-9a-f]+  (\S+)", said, re.M)}
    assert len(names) == len(tries) + 2, said
    house.wait(300)
    took = time.time() - started
    db = sqlite3.connect(house.store + "/casefile.db", timeout=30)
    jobs = {names[receipt]: (state, reason or "") for receipt, state, reason in db.execute(
        "SELECT p.receipt_id, j.state, j.reason FROM job j JOIN part p ON p.id = j.subject WHERE j.kind = 'open'")}
    db.close()


def tearDownModule():
    house.close()
    shutil.rmtree(folder)


class Hostile(unittest.TestCase):
    def ended(self, state, reason, *names):
        for name in names:
            self.assertEqual(jobs[name + ".txt"], (state, reason), name)

    def test_what_it_wants_is_refused(self):
        self.ended("failed", REFUSED, "read-passwd", "read-key", "read-store", "write-store", "write-tmp", "write-shm", "fork", "kill", *([] if UNLIMITED else ["memory"]))
        self.assertFalse(os.path.exists(spoiled))
        self.assertFalse(os.path.exists("/tmp/casefile-hostile-%d" % os.getpid()))
        self.assertFalse(os.path.exists("/dev/shm/casefile-hostile"))

    def test_what_nobody_needs_ends_it(self):
        self.ended("set aside", CRASHED, "tcp", "unix", "broker", "exec", "ptrace")
        self.assertFalse(doors.knocked())

    def test_it_never_got_anything(self):
        self.assertEqual([n for n, (_, reason) in jobs.items() if reason == GOT_IT and n not in UNLIMITED], [])

    def test_who_does_not_come_back_is_ended(self):
        self.ended("set aside", TIME, "spin", "sleep", "signs", "flood")

    def test_what_is_no_answer(self):
        self.ended("set aside", CRASHED, "huge", "exit", "crash")
        for name in ("zeros", "garbage", "half", "broken"):
            self.assertEqual(jobs[name + ".txt"][0], "set aside", name)

    def test_its_end_is_its_end(self):
        """What it says after it has ended its job is no answer to any job."""
        self.ended("failed", REFUSED, "next", "after")

    def test_nothing_is_no_document(self):
        """A part of which nothing came must not go unseen."""
        self.assertIn("nothing.txt", house.run("quarantine"))

    def test_a_person_sees_each_with_its_reason(self):
        listed = house.run("quarantine")
        for name in jobs:
            if name.endswith(".txt"):
                self.assertIn(name, listed)

    def test_others_go_on(self):
        self.assertEqual({n: s for n, (s, _) in jobs.items() if n.endswith(".pdf")}, {"visit_20250207.pdf": "done", "scan_0002.pdf": "done"})
        self.assertEqual(sorted(r["outcome"] for r in house.filings() if r["file"].endswith(".pdf")), ["filed", "filed"])
        self.assertLess(took, 200)

    def test_the_daemon_lives(self):
        for name, pids in before.items():
            house.settled()
            self.assertEqual(processes(house, name), pids, "%s was started anew" % name)
        for pid in before["casefile-worke"]:
            self.assertLess(peak_megabytes(pid), 400, "a helper's words filled the worker")

    def test_no_helper_is_left_behind(self):
        """One for each worker, and the real one beside it."""
        end = time.time() + 10
        while time.time() < end and (len(processes(house, "casefile-helpe")) > 2 or len(processes(house, "casefile-real-")) > 2):
            time.sleep(0.1)
        self.assertLessEqual(len(processes(house, "casefile-helpe")), 2)
        self.assertLessEqual(len(processes(house, "casefile-real-")), 2)
        while time.time() < end + 10 and self.orphans():  # nor one that has lost its parents
            time.sleep(0.1)
        self.assertEqual(self.orphans(), [])

    @staticmethod
    def orphans():
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                exe = os.readlink("/proc/%s/exe" % pid)
                with open("/proc/%s/stat" % pid) as f:
                    parent = f.read().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if exe.startswith(folder + "/casefile-") and parent == "1" and int(pid) != house.daemon.pid:
                found.append(exe)
        return found

    def test_the_log_says_no_names(self):
        self.assertNotIn(".txt", house.said())
        self.assertNotIn("HOSTILE", house.said())


if __name__ == "__main__":
    unittest.main(verbosity=2)
