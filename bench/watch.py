"""What a running daemon costs: memory of its processes over time, CPU seconds by program, and what else ran on the machine."""
import os
import re
import sqlite3
import threading
import time

TICK = os.sysconf("SC_CLK_TCK")


def stat_of(pid):
    """The fields of /proc/PID/stat from the third on; None when it has ended."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()
    except OSError:
        return None


def memory_of(pid, what="VmHWM"):
    """Megabytes; 0 when it has ended."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return int(re.search(what + r":\s+(\d+)", f.read()).group(1)) / 1024
    except (OSError, AttributeError):
        return 0


def cpu_by_program(house):
    """Seconds by program. What ended below a process is counted there; below a worker only helpers end."""
    out = {}
    for name, pids in house.processes().items():
        for pid in pids:
            stat = stat_of(pid)
            if stat:
                own, below = (int(stat[11]) + int(stat[12])) / TICK, (int(stat[13]) + int(stat[14])) / TICK
                out[name] = out.get(name, 0) + own
                child = "casefile-helper" if name == "casefile-worker" else name
                out[child] = out.get(child, 0) + below
    return out


def machine_busy():
    """Seconds that all processors together were at work since the start of the machine."""
    with open("/proc/stat") as f:
        fields = list(map(int, f.readline().split()[1:]))
    return (sum(fields[:8]) - fields[3] - fields[4]) / TICK


class Memory(threading.Thread):
    """Peak megabytes by program, looked at twice a second: also of the processes that a helper forks for each job. With pages_of,
    how far the work is: (pages, peak of the helpers alive, worker's and broker's present memory) for each look."""

    def __init__(self, house, pages_of=None):
        super().__init__(daemon=True)
        self.house, self.pages_of, self.peak, self.looks, self.done = house, pages_of, {}, [], False

    def look(self):
        now = {"casefile-helper": 0, "casefile-worker": 0, "casefile-broker": 0}
        for name, pids in self.house.processes().items():
            for pid in pids:
                mb = memory_of(pid)
                self.peak[name] = max(self.peak.get(name, 0), mb)
                if name in now:
                    now[name] = max(now[name], mb if name == "casefile-helper" else memory_of(pid, "VmRSS"))
        if self.pages_of:
            self.looks.append((self.pages_of(), now["casefile-helper"], now["casefile-worker"], now["casefile-broker"]))

    def run(self):
        while not self.done:
            self.look()
            time.sleep(0.5)

    def row(self):
        return ", ".join("%s %.0f" % x for x in sorted(self.peak.items()))


def count(house, sql):
    """One number out of the store's database, opened for reading only; 0 before it is there."""
    try:
        db = sqlite3.connect("file:%s?mode=ro" % os.path.join(house.store, "casefile.db"), uri=True, timeout=5)
        try:
            return db.execute(sql).fetchone()[0] or 0
        finally:
            db.close()
    except sqlite3.Error:
        return 0
