#!/usr/bin/python3
"""Measures near-duplicates against a set's gold answers:
score_duplicates.py TOOL SET... [--noise 0.03] [--seed 1] [--show wrong|missed|all]

TOOL: same_words_tool. Each paper document goes in twice or more (its scan, its TIFF, its second scan), each time with characters spoilt
anew, the way recognition spoils them, and now and then another received stamp; each mail goes in three times with other receivers.
Right: pairs of one dup_group with all of the same pages. Counted apart: letters that are nearly the same about a sibling."""
import argparse, collections, json, random, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from spoil_text import spoil


def stamp(text, rnd):
    """Another day on the received stamp."""
    return re.sub(r"(RECEIVED\n)[^\n]*", lambda m: m.group(1) + "%02d %s %d" % (
        rnd.randint(1, 28), rnd.choice("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()), rnd.randint(2008, 2025)), text)


def papers(folder, rnd, noise):
    """(name, group, near_dup_of, kind, text)"""
    for line in open(folder + "/gold.jsonl", encoding="utf-8"):
        row = json.loads(line)
        if row.get("header"):
            continue
        kind, near, group = row["kind"], row["near_dup_of"], row["dup_group"]
        name = "%s/%s/%s" % (folder.rsplit("/", 1)[-1], row["doc_id"], row["form"])
        if row["form"] == "eml" and kind == "email_thread":
            head, body = row["headers"]["text"], "\f".join(p["text"] for p in row["pages"])
            for n in range(3):
                to = re.sub(r"(?m)^To:.*$", "To: Mailbox %s <box%d@ribbleshire.example>" % ("ABC"[n], n), head)
                yield name + str(n), group, near, kind, to + "\n\n" + body
        elif row["form"] == "pdf":
            pages = [p["text"] for p in row["pages"]]
            for n in range(3):
                text = "\f".join(pages)
                if n == 2:
                    text = stamp(text, rnd)
                yield "%s%d" % (name, n), group, near, kind, "\f".join(spoil(t, noise, rnd) if noise else t for t in text.split("\f"))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("tool")
    p.add_argument("folders", nargs="+")
    p.add_argument("--noise", type=float, default=0)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--show", default="")
    a = p.parse_args()
    rnd = random.Random(a.seed)
    docs = [d for f in a.folders for d in papers(f.rstrip("/"), rnd, a.noise)]
    about = {d[0]: (d[0].split("/")[0], d[1], d[2], d[3], len(d[4].split())) for d in docs}
    feed = "".join("\x1e%s\n%s\n" % (d[0], d[4]) for d in docs)
    store = tempfile.mkdtemp(prefix="casefile-score-")
    out = subprocess.run([a.tool, store] + (["-v"] if a.show == "all" else []), input=feed.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    shutil.rmtree(store)
    said, pairs, cost = {}, {}, 0
    for line in out.splitlines():
        f = line.split("\t")
        if f[0] == "same":
            said[frozenset(f[1:3])] = f[3:]
        elif f[0] == "pair":
            pairs[frozenset(f[1:3])] = f[3:]
        else:
            cost = f[1]
    right, few, wrong, siblings, missed, same = 0, 0, 0, 0, 0, 0
    names = list(about)
    for i, x in enumerate(names):
        for y in names[:i]:
            one = about[x][:2] == about[y][:2]
            pair = frozenset((x, y))
            if one and min(about[x][4], about[y][4]) < 40:
                few += 1
                continue
            if one and ("/eml" in x) != ("/eml" in y):
                continue  # a mail and its printout are told by a person
            same += one
            right += one and pair in said
            if one and pair not in said:
                missed += 1
            if not one and pair in said:
                wrong += 1
                siblings += about[x][0] == about[y][0] and about[x][1] in (about[y][2],) or about[y][1] in (about[x][2],)
            bad = (not one and pair in said) or (one and pair not in said)
            if a.show == "all" and pair in pairs or a.show and bad and (a.show == "wrong") == (pair in said):
                print("%-8s %s %s %s %s" % ("same" if one else "OTHER", x, y, about[x][3], pairs.get(pair)), said.get(pair, ""))
    near = sum(1 for v in about.values() if v[2])
    print("documents %d, pairs that are the same %d (and %d with too few words to tell): proposed %d (%.1f %%), missed %d"
          % (len(docs), same, few, right, 100 * right / max(same, 1), missed))
    print("false proposals %d, of them letters about siblings %d (of %d such documents); %s ms a document" % (wrong, siblings, near, cost))


main()
