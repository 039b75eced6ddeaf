#!/usr/bin/python3
"""SIGKILL to random processes while the samples go through: the end state is that of an undisturbed run. Nothing lost, nothing twice."""
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journey"))
from house import House, SAMPLES  # noqa: E402

SETTINGS = "intake: { settle_seconds = 0; rescan_seconds = 1; }; broker: { lease_seconds = 3; attempts = 20; };"
PROGRAMS = ["casefile-broker", "casefile-worke", "casefile-helpe", "casefile-intak", "casefile-file", "casefiled"]


def fill(house):
    os.makedirs(house.store + "/inbox", mode=0o700, exist_ok=True)
    for name in sorted(os.listdir(SAMPLES + "/inbox")):
        shutil.copyfile(os.path.join(SAMPLES, "inbox", name), house.folder + "/.x")
        os.rename(house.folder + "/.x", os.path.join(house.store, "inbox", name))


def register_first(house):
    house.start()
    house.register()
    house.stop()


def end_state(house):
    """What a user can see, without numbers that depend on the order of things."""
    filings = sorted((r["file"], r["part"], r["part_name"], r["first_page"], r["last_page"], r["outcome"], r["child_id"], r["probability"])
                     for r in house.filings())
    drop = lambda x: json.dumps({k: v for k, v in x.items() if k != "receipt"}, sort_keys=True)
    words = sorted(map(drop, house.lines("words")))
    flags = sorted(map(drop, house.lines("flags")))
    return {"filings": filings, "words": words, "flags": flags, "custody": house.run("custody").splitlines()[-1]}


def inbox_left(house):
    return [n for n in os.listdir(house.store + "/inbox") if n not in ("done", "failed")]


def everything_done(house):
    if inbox_left(house):
        return False
    code, _, _ = house.run("wait", "--timeout", "0", check=False)
    return code == 0


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        house = House(SETTINGS)
        register_first(house)
        fill(house)
        house.start()
        try:
            cls.finish(house, None)
            cls.calm = end_state(house)
        finally:
            house.close()

    @staticmethod
    def finish(house, kill):
        end = time.time() + 600
        while not everything_done(house):
            assert time.time() < end, "not finished\n" + house.run("status") + house.said()[-3000:]
            if kill:
                kill()
            else:
                time.sleep(0.2)

    def disturbed(self, seed):
        rng = random.Random(seed)
        house = House(SETTINGS)
        killed = {}
        register_first(house)
        fill(house)
        house.start()

        def kill():
            time.sleep(rng.uniform(0.05, 1.2))
            if sum(killed.values()) >= 40:  # then it must come to an end
                return
            name = rng.choice(PROGRAMS)
            running = house.processes()
            pids = [p for n, ps in running.items() if n.startswith(name) and (name == "casefiled") == (n == "casefiled") for p in ps]
            if not pids:
                return
            try:
                os.kill(rng.choice(pids), signal.SIGKILL)
            except ProcessLookupError:
                return
            killed[name] = killed.get(name, 0) + 1
            if name == "casefiled":
                house.daemon.wait()
                time.sleep(0.1)
                house.start()

        try:
            self.finish(house, kill)
            state = end_state(house)
            verified = house.run("audit", "verify")
            left = [os.path.join(r, f) for r, _, fs in os.walk(house.store + "/vault") for f in fs if ".new-" in f]
            house.stop()
            self.assertEqual(house.processes() if house.daemon else {}, {})
        finally:
            house.close()
        print("\n  seed %s killed: %s" % (seed, ", ".join("%s %d" % x for x in sorted(killed.items()))))
        self.assertGreaterEqual(len(killed), 4, "hardly anything was killed")
        self.assertIn("verified", verified)
        for what in ("custody", "filings", "words", "flags"):
            self.assertEqual(state[what], self.calm[what], "%s differ from the undisturbed run" % what)

    def test_seed_1(self):
        self.disturbed(int(os.environ.get("CASEFILE_CRASH_SEED", "1")))

    def test_seed_2(self):
        self.disturbed(int(os.environ.get("CASEFILE_CRASH_SEED", "1")) + 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
