#!/usr/bin/python3
"""Measures filing against a set's gold answers:
score_filing.py TOOL SET [--noise 0.03] [--seed 1] [--show wrong|missed|all] [--register DIR]

The gold text of each primary document is filed as words, with characters spoilt the way recognition spoils them.
A mail is filed in its parts, as it is opened: its body with the headers, and each attachment that has pages; the
body of a covering mail names nobody in full and should be filed by nobody."""
import argparse, collections, json, random, subprocess, sys

LOOKALIKE = {
    "0": "O", "O": "0", "o": "0", "1": "lI", "l": "1I", "I": "l1", "5": "S", "S": "5", "8": "B3", "B": "8",
    "6": "G5", "2": "Z7", "3": "8", "7": "1", "9": "g4", "4": "9", "e": "co", "c": "e", "a": "o", "i": "l",
    "h": "b", "b": "h", "t": "f", "f": "t", "u": "n", "n": "u", "g": "q", "y": "v", "v": "y", ",": ".", ".": ",",
    "-": "~", "'": "`", "/": "l", "E": "F", "D": "O",
}
PAIRS = {"rn": "m", "m": "rn", "cl": "d", "d": "cl", "w": "vv", "ri": "n", "nn": "m"}


def spoil(text, rate, rnd):
    out, i = [], 0
    while i < len(text):
        c = text[i]
        if c in "\n\f" or rnd.random() >= rate:
            out.append(c)
        else:
            kind = rnd.random()
            if kind < 0.15 and text[i:i + 2] in PAIRS:
                out.append(PAIRS[text[i:i + 2]])
                i += 1
            elif kind < 0.25 and c in PAIRS:
                out.append(PAIRS[c])
            elif kind < 0.80:
                out.append(rnd.choice(LOOKALIKE.get(c, "abcdefghijklmnopqrstuvwxyz")))
            elif kind < 0.90:
                pass
            elif c == " ":
                pass
            else:
                out.append(c + rnd.choice(".,' "))
        i += 1
    return "".join(out)


def documents(folder):
    """(name, text, expected, children, row)"""
    seen = set()
    for line in open(folder + "/gold.jsonl", encoding="utf-8"):
        row = json.loads(line)
        if row.get("header") or not row.get("primary"):
            continue
        name = row["doc_id"]
        while name in seen:
            name += "+"
        seen.add(name)
        pages = "\f".join(p["text"] for p in row["pages"])
        children = row["child_ids"] or []
        if row["form"] != "eml":
            yield name, pages, row["expected"], children, row
            continue
        body = row["headers"]["text"] + "\n" + pages
        cover = row["kind"] != "email_thread"
        yield name + ".body", body, "cover" if cover else row["expected"], children, row
        for n, a in enumerate(row.get("attachments", [])):
            text = "\f".join(p.get("text", "") for p in a["pages"])
            if a["content_type"] == "message/rfc822":
                continue
            yield "%s.a%d" % (name, n), text, row["expected"] if cover and n == 0 else "attached", children, row


def run(tool, folder, docs, verbose):
    feed = "".join("\x1e%s\n%s\n" % (d[0], d[1]) for d in docs)
    command = [tool, folder + "/register.csv", folder + "/people.csv"] + (["-v"] if verbose else [])
    out = subprocess.run(command, input=feed.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    results, last = {}, None
    for line in out.splitlines():
        if line.startswith("    "):
            results[last]["parts"].append(line)
            continue
        f = line.split("\t")
        last = f[0]
        results[last] = {"outcome": f[1], "us": float(f[2]), "chosen": [c for c in f[3].split(",") if c],
                         "candidates": f[4:], "parts": []}
    return results


def judge(expected, children, r):
    first = r["candidates"][0].split(":")[0] if r["candidates"] else None
    if r["outcome"] == "filed":
        wrong = set(r["chosen"]) - set(children)
        if wrong:
            return "WRONG"
        return "filed" if set(r["chosen"]) == set(children) else "filed part"
    if r["outcome"] == "proposed":
        return "proposed right" if first in children else "proposed other"
    return r["outcome"]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("tool")
    p.add_argument("folder")
    p.add_argument("--noise", type=float, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--register", help="the folder of another register to file against")
    p.add_argument("--show", default="")
    a = p.parse_args()
    rnd = random.Random(a.seed)
    docs = [(n, spoil(t, a.noise, rnd) if a.noise else t, e, c, row) for n, t, e, c, row in documents(a.folder)]
    results = run(a.tool, a.register or a.folder, docs, bool(a.show))
    table, times = collections.defaultdict(collections.Counter), []
    for name, text, expected, children, row in docs:
        r = results[name]
        verdict = judge(expected, children, r)
        table[expected][verdict] += 1
        times.append(r["us"])
        bad = verdict == "WRONG" or (r["outcome"] == "filed" and expected not in ("file", "attached"))
        missed = expected == "file" and not verdict.startswith("filed")
        if a.show == "all" or (a.show and bad) or (a.show == "missed" and (missed or verdict == "filed part")):
            print("%s %s %s %s flags=%s expected %s -> %s" % (name, row["kind"], row["form"], children, row["flags"],
                                                              expected, verdict))
            print("   ", r["candidates"][:4])
            print("\n".join(r["parts"][:24]))
    columns = ["filed", "filed part", "WRONG", "proposed right", "proposed other", "several", "none"]
    print("%-10s %5s " % ("expected", "all") + " ".join("%14s" % c for c in columns))
    for e in ["file", "review", "triage", "cover", "attached"]:
        if table[e]:
            print("%-10s %5d " % (e, sum(table[e].values())) + " ".join("%14d" % table[e][c] for c in columns))
    times.sort()
    print("microseconds a document: median %.0f, most %.0f" % (times[len(times) // 2], times[-1]))


main()
