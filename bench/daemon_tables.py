"""The tables of bench/reading that need the whole daemon: two workers against one, memory over a long document, born-digital pages."""
import json
import os
import statistics
import sys
import tempfile
import time

from measure import timed
from watch import Memory, count, cpu_by_program, machine_busy

PAGES_DONE = "SELECT count(*) FROM page WHERE state != 'waiting'"


def house_with(workers):
    from house import House
    house = House("workers: { count = %d; }; intake: { settle_seconds = 0; };" % workers)
    house.start()
    house.register()
    time.sleep(1)  # the helpers are warm, as they are in use
    return house


def run_through(house, paths, timeout, pages_of=None):
    """Takes files in and waits for all work: {wall, cpu by program, share of the machine that others had, memory}."""
    before, busy = cpu_by_program(house), machine_busy()
    memory = Memory(house, pages_of)
    memory.start()

    def work():
        house.run("ingest", *paths, timeout=timeout)
        house.wait(timeout)
    _, wall, commands = timed(work)
    memory.done = True
    memory.join()
    cpu = {name: s - before.get(name, 0) for name, s in cpu_by_program(house).items()}
    cpu["casefile"] = commands
    others = 1 - sum(cpu.values()) / max(0.01, machine_busy() - busy)
    return {"wall": wall, "cpu": cpu, "others": max(0, others), "memory": memory}


def print_cpu(cpu, pages):
    for name, seconds in sorted(cpu.items(), key=lambda x: -x[1]):
        if seconds >= 0.005:
            print("  %-16s %8.2f s   %8.2f ms a page" % (name, seconds, 1000 * seconds / pages))
    print("  %-16s %8.2f s   %8.2f ms a page" % ("all", sum(cpu.values()), 1000 * sum(cpu.values()) / pages))


def silent_pages(rows):
    """Pages that are no separator and no blank, and have neither words nor a reason."""
    return [r for r in rows if r["role"] not in ("blank", "separator") and not r["text"].strip() and not r["trouble"]]


# ---- two workers against one

def do_workers(a):
    import longpdf
    with tempfile.TemporaryDirectory(prefix="casefile-workers-") as folder:
        path = folder + "/scan.pdf"
        longpdf.make(path, a.pages, a.seed)
        runs = {1: [], 2: []}
        for r in range(a.rounds):
            for n in ((1, 2), (2, 1))[r % 2]:
                house = house_with(n)
                try:
                    runs[n].append(run_through(house, [path], 3000))
                finally:
                    house.close()
                print("round %d, %d worker%s: %.1f s, CPU %.1f s; other programs had %.0f %% of the work done meanwhile" % (
                    r + 1, n, "s"[:n - 1], runs[n][-1]["wall"], sum(runs[n][-1]["cpu"].values()), 100 * runs[n][-1]["others"]), file=sys.stderr)
    wall = {n: statistics.median(x["wall"] for x in runs[n]) for n in runs}
    cpu = {n: statistics.median(sum(x["cpu"].values()) for x in runs[n]) for n in runs}
    print("one document of %d pages, medians of %d rounds, in turn" % (a.pages, a.rounds))
    for n in (1, 2):
        print("  %d worker%s  %6.1f s  %5.2f pages/s  CPU %5.2f s a page  (others had up to %.0f %%)" % (
            n, " s"[n - 1], wall[n], a.pages / wall[n], cpu[n] / a.pages, 100 * max(x["others"] for x in runs[n])))
    print("  two against one: %.2f times the pages a second; CPU of the same work %.2f times" % (wall[1] / wall[2], cpu[2] / cpu[1]))


# ---- memory over a long document

def stretches(looks, pages, parts=10):
    """The peaks of each tenth of the pages; tenths in which nobody looked are left out."""
    rows = []
    for i in range(parts):
        low, high = pages * i // parts, pages * (i + 1) // parts
        mine = [x for x in looks if low <= x[0] < high or (i == parts - 1 and x[0] == pages)]
        if mine:
            rows.append((high,) + tuple(max(x[j] for x in mine) for j in (1, 2, 3)))
    return rows


def do_memory(a):
    import longpdf
    with tempfile.TemporaryDirectory(prefix="casefile-memory-") as folder:
        path = a.file or folder + "/long.pdf"
        if not a.file:
            longpdf.make(path, a.pages, a.seed)
        house = house_with(a.workers)
        try:
            run = run_through(house, [path], 20000, lambda: count(house, PAGES_DONE))
            rows = house.lines("words")
        finally:
            house.close()
    print("%d pages in one PDF, %d workers, %.0f s; MB" % (len(rows), a.workers, run["wall"]))
    print("  %8s %14s %14s %14s" % ("to page", "helper (peak)", "worker", "broker"))
    table = stretches(run["memory"].looks, len(rows))
    for row in table:
        print("  %8d %14.0f %14.0f %14.0f" % row)
    print("peaks: " + run["memory"].row())
    if len(table) > 2:
        for j, name in ((1, "helper"), (2, "worker"), (3, "broker")):
            print("%s, last tenth against second: %.2f" % (name, table[-1][j] / max(1, table[1][j])))
    print("silent pages: %d" % len(silent_pages(rows)))
    print_cpu(run["cpu"], len(rows))


# ---- born-digital pages

def marks_missing(folder, marks, rows):
    """Pages that are not there, or whose words do not hold the mark that stands on them."""
    found = {(r["file"], r["page"]): r["text"] for r in rows}
    return [(name, n + 1) for name, list_of in marks.items() for n, mark in enumerate(list_of) if mark not in found.get((name, n + 1), "")]


def do_born(a):
    import bornpages
    with tempfile.TemporaryDirectory(prefix="casefile-born-") as folder:
        marks = bornpages.make(folder, a.documents, a.pages, a.seed)
        pages = sum(map(len, marks.values()))
        house = house_with(a.workers)
        try:
            run = run_through(house, [os.path.join(folder, name) for name in sorted(marks)], 7200)
            read = count(house, "SELECT (max(ended_at) - min(made_at)) / 1000.0 FROM job WHERE kind IN ('open', 'read')")
            jobs = count(house, "SELECT count(*) FROM job WHERE kind = 'read'")
            rows = house.lines("words")
        finally:
            house.close()
    print("%d pages in %d born-digital documents: %.1f s from the first file to the last page filed and flagged (%.0f pages/s); other programs had %.0f %%"
          % (pages, a.documents, run["wall"], pages / run["wall"], 100 * run["others"]))
    if read:
        print("all pages opened and read after %.1f s" % read)
    print("pages that had to be recognised: %d; silent pages: %d; pages without the mark that they bear: %d" % (
        jobs, len(silent_pages(rows)), len(marks_missing(folder, marks, rows))))
    print_cpu(run["cpu"], pages)
    print("peak memory, MB: " + run["memory"].row())
