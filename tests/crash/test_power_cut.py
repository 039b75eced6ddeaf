#!/usr/bin/python3
"""A power cut at any moment loses nothing that had a receipt. A shim (power_cut.c) notes what the programs made durable; at the cut everything
is killed at once, the store is made anew from what a disk may then hold, and a daemon starts on that.

CASEFILE_POWER_CUTS=N for more cuts than 20, CASEFILE_POWER_SEED for other ones, CASEFILE_POWER_ONE=SEED for one of them again."""
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "journey")]
from house import BIN, House, SAMPLES  # noqa: E402
from power_cut import Power  # noqa: E402
from test_thousand import children, letter, mail, scan  # noqa: E402

LIBRARY = os.environ.get("CASEFILE_POWER_CUT", os.path.join(BIN, "../tests/crash/power_cut.so"))
CUTS = int(os.environ.get("CASEFILE_POWER_CUTS", "20"))
SEED = int(os.environ.get("CASEFILE_POWER_SEED", "1"))
SETTINGS = "intake: { settle_seconds = 0; rescan_seconds = 1; after = \"%s\"; }; workers: { count = 1; };" \
           " broker: { lease_seconds = 3; };"
IN_FOLDER = ["a.txt", "b.eml", "c.tif", "d.eml", "e.txt", "empty.pdf"]
BY_COMMAND = [["f.txt", "g.eml", "h.eml"], ["i.txt", "k.eml"]]
REGISTER = ["register", "import", SAMPLES + "/register.csv", SAMPLES + "/people.csv"]


def write_documents(folder):
    rng, known = random.Random(4711), children()
    for n, name in enumerate(IN_FOLDER + sum(BY_COMMAND, [])):
        text, path = letter(rng, known[7 * n], n), os.path.join(folder, name)
        if name.endswith(".tif"):
            scan(text, path)
        else:
            with open(path, "w", newline="") as f:
                f.write("" if name.startswith("empty") else mail(rng, text, n) if name.endswith(".eml") else text)


class PowerHouse(House):
    """A house whose programs run on a disk that will lose its power."""

    def __init__(self, documents, base, after="move"):
        super().__init__()
        self.documents, self.printed, self.commands, self.imported = documents, {}, [], False
        self.top = os.path.join(self.folder, "disk")
        self.store = os.path.join(self.top, "store")
        os.mkdir(self.top)
        with open(self.config, "w") as f:
            f.write('store: { folder = "%s"; };\n%s\n' % (self.store, SETTINGS % after))
        if base:
            shutil.copytree(base, self.store)
        self.inbox = os.path.join(self.store, "inbox")
        os.makedirs(self.inbox, mode=0o700, exist_ok=True)
        for name in IN_FOLDER:
            shutil.copyfile(os.path.join(documents, name), os.path.join(self.inbox, name))
        self.power = None

    def begin(self, blind="", unsynced_folders=False):
        shadow = os.path.join(self.folder, "shadow")
        same = self.power.same if self.power else {}
        if self.power:
            os.rename(shadow, shadow + ".first")
        self.power = Power(self.top, shadow, LIBRARY, blind)
        self.power.same = {k: v.replace(shadow, shadow + ".first") for k, v in same.items()}
        for name in () if same else IN_FOLDER:
            self.power.keep(os.path.join(self.inbox, name))
        for n in range(256) if unsynced_folders else ():
            os.mkdir(os.path.join(self.store, "vault/%02x" % n), 0o700)
        self.daemon = subprocess.Popen([BIN + "/casefiled", "--config", self.config], env=self.power.environment(), start_new_session=True,
                                       stderr=open(self.log, "a"))

    def is_up(self):
        return os.path.exists(self.store + "/run/broker")

    def command(self, *args):
        out = open(os.path.join(self.folder, "out-%d" % len(self.commands)), "w+b")
        p = subprocess.Popen(["stdbuf", "-oL", BIN + "/casefile", "--config", self.config, "--who", "Test Officer", *args], stdout=out,
                             stderr=open(self.log, "a"), env=self.power.environment(), start_new_session=True, cwd=self.documents)
        self.commands.append((p, args, out))
        return p

    def cut(self, disk, entries):
        self.power.cut_at(0)
        pids = [p for ps in self.processes().values() for p in ps] + [p.pid for p, _, _ in self.commands if p.poll() is None]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.daemon.wait()
        end = time.time() + 20
        while any(alive(pid) for pid in pids):
            assert time.time() < end, "processes do not end"
            time.sleep(0.005)
        self.daemon = None
        self.read_commands()
        self.power.image(entries, disk)

    def read_commands(self):
        """What somebody outside was told before the cut."""
        for p, args, out in self.commands:
            p.wait()
            out.seek(0)
            said = out.read().decode()
            out.close()
            if args[0] == "register":
                self.imported |= p.returncode == 0
            for number, name in re.findall(r"^(R\d{6})  [0-9a-f]{16}  (\S+)", said, re.M):
                self.printed[name] = number
        self.commands = []


def alive(pid):
    """A dead one that nobody has waited for does nothing any more."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def run_steps(house, steps, at):
    """Runs the commands one after another beside the daemon; returns when the power goes, or all is quiet. The number of sync calls."""
    steps, running, last, since = list(steps), None, -1, time.time()
    end = time.time() + 90
    while house.power.calls() <= at:
        assert time.time() < end, "neither cut nor quiet\n" + house.said()
        if house.power.calls() != last or running:
            last, since = house.power.calls(), time.time()
        if running and running.poll() is not None:
            running = None
        if steps and not running and house.is_up():
            running = house.command(*steps.pop(0))
        if not steps and not running and time.time() - since > 2.5:
            break
        time.sleep(0.004)
    return min(house.power.calls(), at)


def filings_of(house):
    """By the received file: its name is unique here."""
    found = {}
    for r in house.filings():
        what = ("part", "part_name", "first_page", "last_page", "outcome", "child_id", "probability")
        found.setdefault(r["file"], []).append(tuple(r[name] for name in what))
    return {name: sorted(rows) for name, rows in found.items()}


def database_copy(house):
    """Of files that nobody has open: the live ones are never touched."""
    folder = tempfile.mkdtemp(dir=house.folder)
    for name in ("casefile.db", "casefile.db-wal"):
        if os.path.exists(os.path.join(house.store, name)):
            shutil.copyfile(os.path.join(house.store, name), os.path.join(folder, name))
    return os.path.join(folder, "casefile.db")


class Losses(list):
    def expect(self, good, what):
        if not good:
            self.append(what)


def look_at_image(house, losses):
    """Before any program of ours has seen it."""
    path = database_copy(house)
    if not os.path.exists(path):
        losses.expect(not house.printed and not house.imported, "the database is gone")
        return
    try:
        db = sqlite3.connect(path)
        losses.expect(db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the database is damaged")
        losses.expect(db.execute("PRAGMA foreign_key_check").fetchall() == [], "rows are missing that others speak of")
        tables = {r[0] for r in db.execute("SELECT name FROM sqlite_master")}
        receipts = {"R%06d" % r for r, in db.execute("SELECT id FROM receipt")} if "receipt" in tables else set()
        names = [r for r, in db.execute("SELECT name FROM object")] if "object" in tables else []
        db.close()
    except sqlite3.DatabaseError as e:
        losses.append("the database cannot be opened: %s" % e)
        return
    for name, number in house.printed.items():
        losses.expect(number in receipts, "the receipt of %s is gone" % name)
    for name in names:
        losses.expect(os.path.exists(os.path.join(house.store, "vault", name[:2], name)), "a sealed file that has a row is gone")


def finish(house):
    end = time.time() + 120
    while True:
        left = [n for n in os.listdir(house.inbox) if n not in ("done", "failed")]
        code, _, _ = house.run("wait", "--timeout", "0", check=False)
        if not left and code == 0:
            return
        assert time.time() < end, "not finished: %s\n%s%s" % (left, house.run("status"), house.said()[-3000:])
        time.sleep(0.1)


def look_at_work(house, calm, losses):
    """After a daemon has finished what was left. calm: None where documents may have come before the register."""
    code, said, _ = house.run("check", check=False)
    losses.expect(code == 0 and " 0 are damaged or missing" in said, "check: " + said)
    losses.expect("verified" in house.run("audit", "verify", check=False)[1], "the audit log does not verify")
    code, said, _ = house.run("custody", check=False)
    losses.expect(code == 0, "custody: " + said)
    found, places = filings_of(house), {}
    for r in house.filings():
        places.setdefault(r["file"], set()).add(r["receipt"])
    for name in IN_FOLDER + list(house.printed):
        losses.expect(name in found, "%s is lost" % name)
    for name, number in house.printed.items():
        losses.expect(places.get(name) == {number}, "%s has %s, not the receipt %s that was printed" % (name, places.get(name), number))
    for name, rows in found.items():
        losses.expect(len(rows) == len(set(r[:4] for r in rows)), "%s was taken in twice: %r" % (name, rows))
        if calm:
            losses.expect(rows == calm[name], "%s differs from the undisturbed run:\n  %r\n  %r" % (name, rows, calm[name]))
    code, said, _ = house.run("status", check=False)
    jobs = re.findall(r"^(\w+) +\d+ +\d+ +\d+ +(\d+) +(\d+) ", said, re.M)
    losses.expect(jobs and sum(int(a) for _, _, a in jobs) == 0, "jobs were set aside:\n" + said)


class PowerCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert os.path.exists(LIBRARY), "%s is not there: make crash builds it" % os.path.normpath(LIBRARY)
        cls.folder = tempfile.mkdtemp(prefix="casefile-power-")
        cls.documents, cls.base = cls.folder + "/documents", cls.folder + "/base"
        os.mkdir(cls.documents)
        write_documents(cls.documents)
        house = House(SETTINGS % "move")
        house.start()
        house.register()
        house.stop()
        shutil.copytree(house.store, cls.base, ignore=shutil.ignore_patterns("broker"))
        house.close()
        house = PowerHouse(cls.documents, cls.base)
        house.begin()
        try:
            cls.calls = run_steps(house, [["ingest", *names] for names in BY_COMMAND], 10 ** 6)
            finish(house)
            house.read_commands()
            cls.calm = filings_of(house)
            losses = Losses()
            look_at_work(house, cls.calm, losses)
            house.stop()
            look_at_image(house, losses)
            assert not losses and len(house.printed) == 5 and len(cls.calm) == 11, (losses, house.printed, cls.calm)
        finally:
            house.close()
        assert cls.calls > 50, "only %d sync calls were seen" % cls.calls

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def one(self, seed, blind=""):
        """Returns what was lost, and a line about the cut. What is drawn for the plan does not hang on how far the programs came."""
        rng, disk, losses = random.Random(seed), random.Random(seed + 1000000), Losses()
        new = not blind and rng.random() < 0.25
        entries, after = rng.choice(["strict", "strict", "live", "mixed"]), rng.choice(["move", "remove"])
        again = rng.randrange(1, 60) if rng.random() < 0.3 else 0
        steps = [["ingest", *names] for names in BY_COMMAND]
        if new:
            steps.insert(0, REGISTER)
        house = PowerHouse(self.documents, None if new else self.base, after)
        try:
            at = rng.randrange(1, 60 if rng.random() < 0.5 else self.calls)
            house.begin(blind)
            said = "%s, %s, %s, cut at call %d" % ("first start" if new else "at work", after, entries, run_steps(house, steps, at))
            time.sleep(rng.choice([0, 0, rng.uniform(0, 0.05)]))
            house.cut(disk, entries)
            look_at_image(house, losses)
            if not losses and again:
                house.begin(blind)
                said += ", again at %d" % run_steps(house, [], again)
                house.cut(disk, entries)
                look_at_image(house, losses)
            said += ", %d receipts printed" % len(house.printed)
            if not losses:
                self.recover(house, new, losses)
        except (AssertionError, subprocess.TimeoutExpired) as e:
            losses.append("the store does not come up again: %s" % e)
        finally:
            house.close()
        return losses, said

    def recover(self, house, new, losses):
        house.start()
        if new:
            said = house.run(*REGISTER)
            losses.expect(not house.imported or "(0 new, 0 changed" in said, "the register is lost: " + said)
        finish(house)
        look_at_work(house, None if new else self.calm, losses)
        house.stop()
        look_at_image(house, losses)

    def test_nothing_with_a_receipt_is_lost(self):
        seeds = [int(os.environ["CASEFILE_POWER_ONE"])] if "CASEFILE_POWER_ONE" in os.environ else range(SEED, SEED + CUTS)
        with ThreadPoolExecutor(2) as two:  # they mostly wait
            found = list(zip(seeds, two.map(self.one, seeds)))
        for seed, (losses, said) in found:
            print("  seed %d: %s" % (seed, said), flush=True)
            with self.subTest(seed=seed, cut=said):
                self.assertEqual(losses, [])
        if CUTS >= 20 and len(seeds) > 1:
            self.assertGreater(sum("0 receipts" not in said for _, (_, said) in found), 5, "hardly any cut came after a receipt")

    def test_folders_that_a_killed_program_left(self):
        """It had made them in vault/ and was killed before it synced that: whoever puts something into them must do so."""
        losses, house = Losses(), PowerHouse(self.documents, self.base)
        shutil.rmtree(house.store + "/vault")
        os.mkdir(house.store + "/vault", 0o700)
        try:
            house.begin(unsynced_folders=True)
            run_steps(house, [["ingest", *names] for names in BY_COMMAND], self.calls // 2)
            house.cut(random.Random(1), "strict")
            look_at_image(house, losses)
            self.assertGreater(len(house.printed), 0)
            self.assertEqual(losses, [])
        finally:
            house.close()

    def a_loss_is_seen(self, blind):
        for seed in range(1000, 1012):
            losses, said = self.one(seed, blind)
            if losses:
                print("  without sync of %s: %s: %s" % (blind, said, losses[0]), flush=True)
                return
        self.fail("the sync of %s was forgotten, and no loss was found" % blind)

    def test_it_can_see_a_loss_of_sealed_files(self):
        self.a_loss_is_seen("/vault/")

    def test_it_can_see_a_loss_of_the_log(self):
        self.a_loss_is_seen(".db-wal")


if __name__ == "__main__":
    unittest.main(verbosity=2)
