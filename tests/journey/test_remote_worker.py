#!/usr/bin/python3
"""A worker that is somewhere else: over tcp with CURVE keys, in a network namespace of its own where the machine lets us."""
import os
import re
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from house import BIN, House, SAMPLES  # noqa: E402


def free_port(address):
    with socket.socket() as s:
        s.bind((address, 0))
        return s.getsockname()[1]


class Network:
    """Two ends of a wire: our own side and a namespace, or loopback when namespaces are not allowed."""

    def __init__(self):
        self.name = "casefile-%d" % os.getpid()
        self.prefix, self.ours = [], "127.0.0.1"
        steps = ["ip netns add %s" % self.name, "ip link add cf%d type veth peer name cf1 netns %s" % (os.getpid() % 100000, self.name),
                 "ip addr add 10.213.77.1/30 dev cf%d" % (os.getpid() % 100000), "ip link set cf%d up" % (os.getpid() % 100000),
                 "ip -n %s addr add 10.213.77.2/30 dev cf1" % self.name, "ip -n %s link set cf1 up" % self.name]
        if os.geteuid() == 0 and all(subprocess.run(s.split(), capture_output=True).returncode == 0 for s in steps):
            self.prefix, self.ours = ["ip", "netns", "exec", self.name], "10.213.77.1"

    def close(self):
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", "cf%d" % (os.getpid() % 100000)], capture_output=True)


class RemoteWorker(unittest.TestCase):
    def setUp(self):
        self.network = Network()
        self.address = "tcp://%s:%d" % (self.network.ours, free_port(self.network.ours))
        self.house = House('workers: { count = 0; }; broker: { listen = "%s"; lease_seconds = 5; };' % self.address)
        self.house.start()
        self.workers = []

    def tearDown(self):
        for w in self.workers:
            w.terminate()
            w.wait(timeout=20)
        self.house.close()
        self.network.close()

    def worker(self, keys):
        args = self.network.prefix + [os.path.join(BIN, "casefile-worker"), "--name", "far", "--connect", self.address]
        self.workers.append(subprocess.Popen(args + (["--keys", keys] if keys else []), stderr=open(os.path.join(self.house.folder, "far.log"), "a"),
                                             cwd="/", env={"PATH": os.environ["PATH"], "OMP_THREAD_LIMIT": "1"}))

    def seen(self):
        return re.search(r"^far ", self.house.run("status"), re.M) is not None

    def test_a_known_worker_does_the_work(self):
        keys = os.path.join(self.house.folder, "far.key")
        self.house.run("worker-key", "far", keys)
        self.assertEqual(os.stat(keys).st_mode & 0o777, 0o600)
        self.house.register()
        self.house.run("ingest", SAMPLES + "/inbox/visit_20250207.pdf", SAMPLES + "/inbox/scan_0002.pdf")
        time.sleep(1)
        self.assertFalse(self.seen())
        self.worker(keys)
        self.house.wait(120)
        filed = [r["outcome"] for r in self.house.filings()]
        self.assertEqual(filed, ["filed", "filed"], self.house.said())

    def test_an_unknown_worker_is_turned_away(self):
        keys = os.path.join(self.house.folder, "far.key")
        self.house.run("worker-key", "far", keys)
        text = open(keys).read()
        other = os.path.join(self.house.folder, "other.key")
        self.house.run("worker-key", "gone", other)
        import sqlite3
        db = sqlite3.connect(self.house.store + "/casefile.db", timeout=30)
        db.execute("DELETE FROM remote_worker WHERE name = 'gone'")
        db.commit()
        db.close()
        self.assertIn("server-public", text)
        self.house.run("ingest", SAMPLES + "/inbox/scan_0002.pdf")
        self.worker(other)
        self.worker(None)  # without any key at all
        time.sleep(4)
        self.assertFalse(self.seen())
        self.assertIn("turned away", self.house.said())
        code, _, _ = self.house.run("wait", "--timeout", "0", check=False)
        self.assertEqual(code, 75, "the job was done, but by whom?")

    def test_a_key_file_that_others_can_read_is_refused(self):
        keys = os.path.join(self.house.folder, "far.key")
        self.house.run("worker-key", "far", keys)
        os.chmod(keys, 0o644)
        self.worker(keys)
        self.assertNotEqual(self.workers[0].wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
