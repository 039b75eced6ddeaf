#!/usr/bin/env python3
"""casework.py OUT.jsonl GAZETTEER SEED GOLD.jsonl ...: texts of invented case files, as the trainer wants them.

Each page becomes a text with its spans, and a second one in which every name is another one, drawn from the gazetteer, so that the ways
names are used are learnt and not the names. Facts and passages (SENSITIVE, PASSAGE) and words for relations are no names."""
import json
import random
import sys

SHARE = 1 / 16  # of the pages: the sentences recur, and more of them would teach this corpus and not casework
SKIP = {"SENSITIVE", "PASSAGE", "RELATION"}


def gazetteer(path):
    """Forenames and surnames, the common ones four times as often."""
    fore, sur = [], []
    for line in open(path, encoding="utf-8"):
        word, flags = line.rstrip("\n").split("\t")
        flags = int(flags)
        if len(word) < 3 or not word[0].isalpha() or flags & (16 | 32 | 64 | 128):
            continue
        name = "-".join(p[:1].upper() + p[1:] for p in word.split("-"))
        if flags & 1:
            fore += [name] * (4 if flags & 256 else 1)
        if flags & 2:
            sur += [name] * (4 if flags & 512 else 1)
    return fore, sur


def spans_of(page):
    return sorted((s["start"], s["end"], s["type"], s.get("form")) for s in page["spans"] if s["type"] not in SKIP)


def renamed(text, spans, names, rng):
    """The text with other names; capitals stay capitals, single letters stay."""
    fore, sur = names
    out, new, at, known = [], [], 0, {}
    for start, end, kind, _ in spans:
        if start < at:
            continue
        out.append(text[at:start])
        piece = text[start:end]
        if kind == "PERSON":
            words = piece.split(" ")
            last = len([w for w in words if len(w.strip(".,()'")) > 2])
            seen = 0
            for i, word in enumerate(words):
                core = word.strip(".,()'\n")
                if len(core) < 3 or not core[0].isupper() or core in ("Mrs", "Miss", "Doctor", "Aunt", "Uncle", "Nan", "Sgt", "Judge") or "\n" in word:
                    continue
                seen += 1
                pick = sur if (last > 1 and seen == last) or i and words[0].rstrip(".") in ("Mr", "Mrs", "Ms", "Miss", "Dr", "PC", "DC") else fore
                name = known.setdefault(core.lower(), rng.choice(pick))
                words[i] = word.replace(core, name.upper() if core.isupper() else name)
            piece = " ".join(words)
        begin = sum(map(len, out))
        out.append(piece)
        new.append((begin, begin + len(piece), kind, None))
        at = end
    out.append(text[at:])
    return "".join(out), new


def main():
    out, gaz, seed, golds = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    names = gazetteer(gaz)
    rng = random.Random(seed)
    with open(out, "w", encoding="utf-8") as f:
        for path in golds:
            for line in open(path, encoding="utf-8"):
                d = json.loads(line)
                if d.get("header") or d.get("form") != "pdf":
                    continue
                for page in d["pages"]:
                    spans = spans_of(page)
                    for text, marks in ((page["text"], spans), renamed(page["text"], spans, names, rng)):
                        if text.strip() and rng.random() < SHARE:
                            f.write(json.dumps({"id": "%s-%d" % (d["doc_id"], page["page"]), "text": text,
                                                "spans": [{"start": a, "end": b, "type": t} for a, b, t, _ in marks]}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
