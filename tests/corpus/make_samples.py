#!/usr/bin/python3
"""Make the folder samples/: a small invented office inbox with its register and its gold answers.

  /usr/bin/python3 make_samples.py [--out samples]       make it again, byte for byte the same
  /usr/bin/python3 make_samples.py --check [--out ...]   check what is there

Children, documents and pictures come from the corpus generator beside this file; here it is only
laid down which child, which kind, which day and which form each file has, and how it was scanned.
"""
import argparse
import copy
import csv
import datetime as dt
import email
import email.policy
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from PIL import Image, ImageOps                                       # noqa: E402

import make_corpus as mc                                              # noqa: E402
from corpuslib import NOTICE, barcode, draw, fonts, kinds, people, scan   # noqa: E402
from corpuslib import case as casemod                                 # noqa: E402
from corpuslib.layout import strip_marks                              # noqa: E402

SEED, CHILDREN, TODAY = "158", 200, dt.date(2025, 3, 31)
DEMO, OFFICER = "11559573", "Nadia Holroyd"

# The documents.  child: whose; day: event date; pages, expected: what the text must come to (the
# first of the numbered seeds that does is taken); how: form; q: JPEG quality; the rest is the scan.
DOCS = [
    dict(no="S0001", file="scan_0001.pdf", kind="referral_form", child=DEMO, day="2024-11-13", how="scan", pages=(2, 2), expected="file",
         profile="office", skew=(1.7, -1.3), q=58, redact=14, ids={"NHS"}, note="skewed by 1.7 and -1.3 degrees"),
    dict(no="S0002", file="scan_0002.pdf", kind="health_letter", child="5238990", day="2025-01-21", how="scan", pages=(1, 1), expected="file",
         profile="clean", turn=180, q=58, ids={"NHS"}, note="scanned upside down; another child of the same name has another date of birth"),
    dict(no="S0003", file="scan_0003.pdf", kind="contact_sheet", child="11942539", day="2025-02-08", how="scan", pages=(2, 2), expected="file",
         profile="office", duplex=True, words=30, q=58, note="duplex: every second page is the blank back, with show-through"),
    dict(no="S0004", file="scan_0004.pdf", kind="sibling_report", child=DEMO, day="2025-02-12", how="scan", pages=(3, 3), expected="file",
         profile="copier", q=55, redact=30, note="one report about a brother and a sister: belongs on both records"),
    dict(no="S0005", file="scan_0005.pdf", kind="no_child", child="14109926", day="2025-03-04", how="g4", pages=(1, 1), expected="triage",
         profile="copier", like="concerned resident", note="names no child"),
    dict(no="S0006", file="scan_0006.pdf", kind="anonymous_referral", child="1458855", day="2025-03-11", how="g4", pages=(1, 1), expected="review",
         profile="office", like="Call-taker", note="a name without a date of birth and half an address; the caller must stay hidden"),
    dict(no="S0007", file="scan_0007.pdf", kind="handwritten_note", child="14865953", day="2025-03-06", how="scan", pages=(1, 1), expected="triage",
         profile="poor", q=24, note="hopeless: faint handwriting with initials and a nickname"),
    dict(no="S0008", file="scan_0008.pdf", kind="visit_record", child="7406377", day="2025-02-25", how="broken", pages=(2, 2), expected="file",
         profile="office", note="a scan cut off in the middle and overwritten: nothing opens it"),
    dict(no="S0009", file="fax_%s.tif", kind="solicitor_letter", child="3535453", day="2025-02-07", how="tiff", pages=(2, 2), expected="file",
         profile="office", note="multi-page TIFF, Group 4"),
    dict(no="S0010", file="IMG_2041.jpg", kind="school_letter", child=DEMO, day="2025-01-16", how="photo", pages=(1, 1), expected="file",
         redact=6, q=68, ids={"DOB"}, note="a letter photographed on a table with a telephone"),
    dict(no="S0011", file="visit_%s.pdf", kind="visit_record", child=DEMO, day="2025-01-28", how="pdf", pages=(2, 2), expected="file",
         redact=14, note="born digital"),
    dict(no="S0012", file="chronology_%s.pdf", kind="chronology", child="6650350", day="2025-03-03", how="pdf", pages=(2, 4), expected="file",
         note="born digital, landscape; another child of the same name has another date of birth"),
    dict(no="S0013", file="FW_review_minutes.eml", kind="lac_review", child="13172321", day="2025-02-19", how="eml", pages=(3, 4), expected="file",
         att=["application/pdf"], note="covering message with the minutes as a PDF"),
    dict(no="S0014", file="RE_core_group.eml", kind="email_thread", child=DEMO, day="2025-03-12", how="eml", pages=(1, 4), expected="file",
         att=["image/jpeg"], att_kind="health_letter", redact=6, third=4, note="thread with other people in it; the attachment is a letter from the surgery as a JPEG"),
    dict(no="S0019", file="scan_0009.pdf", kind="pasted_record", child="5047507", other="14865953", day="2025-03-13", how="g4", pages=(3, 3),
         expected="file", profile="office", note="a paragraph of another child's record was pasted in by mistake"),
    dict(no="S0015", kind="court_order", child="2587943", day="2025-02-27", how="batch", pages=(1, 2), expected="file", profile="office"),
    dict(no="S0016", kind="school_letter", child="1932610", day="2025-03-05", how="batch", pages=(1, 1), expected="file", profile="office"),
    dict(no="S0017", kind="health_letter", child="19976564", day="2025-03-03", how="batch", pages=(1, 1), expected="file", profile="copier", ids={"NHS"}),
    dict(no="S0018", kind="police_notification", child="5329779", day="2025-03-09", how="batch", pages=(1, 2), expected="file", profile="office"),
]
BATCH, BATCH_NO = "batch_03.pdf", 3
COPY_OF, COPY = "S0009", "fax_%s_2.tif"


# --- choosing the text -------------------------------------------------------------------------------
def finds(d):
    """Every way of writing the document that is as asked, by numbered seed."""
    for n in range(3000):
        it = dict(no=d["no"], kind=d["kind"], cid=d["child"], event=dt.date.fromisoformat(d["day"]), seed="samples:%s:%d" % (d["no"], n), near=None,
                  other=d.get("other"), batch=None, rescan=False, wrong_dob=False, oldname=False, oldaddr=False, variant=False)
        doc = mc.build_doc(it)
        pages = doc.pages()
        if not d["pages"][0] <= len(pages) <= d["pages"][1] or mc.expected(doc) != d["expected"] or not dt.date(2024, 6, 1) < doc.received <= TODAY:
            continue
        if doc.subjects and not d.get("ids", set()) <= doc.c.used:
            continue
        base = mc.base_pages(doc, pages)
        text = "\n".join(b["text"] for b in base)
        red = [s for b in base for s in b["spans"] if s["redact"]]
        if len(red) < d.get("redact", 0) or d.get("like", "") not in text:
            continue
        if len({s["person_id"] for s in red if s["role"] in ("third_party", "other_child", "family")}) < d.get("third", 0):
            continue
        if min(len(b["words"]) for b in base) < d.get("words", 60):
            continue                                       # no last page with two lines on it
        yield it, doc, pages, base


def find(d):
    for x in finds(d):
        return x
    raise SystemExit("no text found for %s" % d["no"])


def hope(doc, prof):
    level = ["none", "low", "medium", "high"]
    a, b = doc.expect_ocr or "high", scan.PROFILES[prof]["expect"] if prof else "high"
    return "low" if a == b == "medium" else level[min(level.index(a), level.index(b))]


# --- the forms -----------------------------------------------------------------------------------------
def jpeg(im, q, **kw):
    bio = io.BytesIO()
    im.save(bio, "JPEG", quality=q, optimize=True, **kw)
    return bio.getvalue()


def sheets(d, pages, base, rng):
    """The pages of a document as scanned sheets: [(data, pixels, points, kind, black_is1, doc_page, turn)], gold."""
    out, gold, n = [], [], 0
    for i, p in enumerate(pages):
        pl = scan.plan(rng, d["profile"], i + 1, False)
        pl["skew"] = d["skew"][i] if "skew" in d else max(-0.5, min(0.5, pl["skew"]))
        pl["turn"] = d.get("turn", 0)
        im = draw.raster(p, 300, "L")
        if d["how"] == "scan":
            pic, m = scan.scan(im, rng, pl)
            data, kind, b1 = jpeg(pic, d["q"]), "jpeg", False
        else:
            pic, m = scan.bilevel(im, rng, pl)
            (data, b1), kind = scan.g4_bytes(pic), "g4"
        pts = (pic.size[0] * 0.24, pic.size[1] * 0.24)
        n += 1
        out.append((data, pic.size, pts, kind, b1, i + 1, pl["turn"], pic))
        gold.append(mc.form_page(base[i], n, m, 300 / 72.0, 0.24, pts, doc_page=i + 1, rotation=pl["turn"], skew=round(pl["skew"], 2), dpi=300))
        if d.get("duplex"):
            back = scan.add_noise(ImageOps.mirror(pic).point(mc.BLEED), rng, 1.6)
            n += 1
            out.append((jpeg(back, 30), back.size, pts, "jpeg", False, None, 0, None))
            gold.append(mc.blank_page(n, pts[0], pts[1], back_of=i + 1, dpi=300))
    return out, gold


def picture_pdf(path, title, out):
    pdf = scan.ImagePdf(path, title)
    for data, size, pts, kind, b1, _, _, _ in out:
        pdf.page(data, size, pts, kind, False, b1)
    pdf.close()


def ruin(data, rng):
    """A file that broke on the way: its second half is gone, and much of the first is overwritten."""
    b = bytearray(data[:len(data) // 2])
    for m in re.finditer(rb"\d+ 0 obj|endobj|endstream|stream|/Type|trailer|xref", bytes(b)):
        b[m.start():m.end()] = rng.randbytes(m.end() - m.start())
    for at in range(600, len(b) - 64, 900):
        b[at:at + 48] = rng.randbytes(48)
    return bytes(b)


def mail_file(d, tmp):
    """An e-mail whose attachments are as asked for: the first way of writing it and of attaching that is so."""
    for it, doc, _, _ in finds(d):
        if doc.mail:                                          # the generator picks the attached document by chance: will it fit?
            c = casemod.Ctx(random.Random(it["seed"] + ":att"), doc.c.case, doc.c.event, it["no"] + "a", "sw", doc.c.subjects)
            c.theme = doc.c.theme
            p = kinds.BUILD[d["att_kind"]][0](c).pages()
            if len(p) != 1 or len(p[0].words) < 150:
                continue
        for n in range(60):
            doc = mc.build_doc(it)
            pages = doc.pages()
            base = mc.base_pages(doc, pages)
            g = mc.make_eml(doc, it, base, pages, None, random.Random("samples:mail:%s:%d" % (d["no"], n)), tmp, None)
            atts = g["attachments"]
            if [a["content_type"] for a in atts] == d["att"] and all(a["filename"].isascii() for a in atts) \
                    and atts[0]["kind"] == d.get("att_kind", d["kind"]) and g["redact_spans"] >= d.get("redact", 0):
                return g
    raise SystemExit("no mail found for %s" % d["no"])


def batch_file(docs, path, rel, gold_of):
    """Several documents in one scan, a separator sheet before each."""
    rng = random.Random("samples:batch")
    pdf = scan.ImagePdf(path, "Batch %02d" % BATCH_NO)
    codes, n, rows = ["code128", "qr"], 0, []
    for j, (no, out) in enumerate(docs):
        payload = "SEP*%02d*%02d" % (BATCH_NO, j + 1)
        sep = barcode.separator("+".join(codes), payload, "Ribbleshire scanning, batch %02d" % BATCH_NO)
        im, _ = scan.bilevel(draw.raster(sep, 300, "L"), rng, dict(scan.plan(rng, "office", 2, False), punches=0, turn=0))
        data, b1 = scan.g4_bytes(im)
        pdf.page(data, im.size, (im.size[0] * .24, im.size[1] * .24), "g4", False, b1)
        n += 1
        rows.append({"page": n, "role": "separator", "codes": codes, "payload": payload, "rotation": 0})
        g = gold_of[no]
        g["file"], g["first_page"] = rel, n + 1
        for p in g["pages"]:
            p["page"] += n
            for s in p["spans"]:
                s["page"] = p["page"]
        for data, size, pts, kind, b1, docpage, turn, _ in out:
            pdf.page(data, size, pts, kind, False, b1)
            n += 1
            rows.append({"page": n, "role": "page" if docpage else "blank_back", "doc_id": no, "doc_page": docpage, "rotation": turn})
    pdf.close()
    return {"batch": "B%02d" % BATCH_NO, "file": rel, "page_count": n, "separators": codes, "duplex": False, "missing_separator_before": None,
            "documents": [no for no, _ in docs], "pages": rows}


# --- making the folder ------------------------------------------------------------------------------------
def make(out):
    people.LA_CODE = "899"
    miss = fonts.missing()
    if miss:
        sys.stderr.write("make_samples: fonts are missing, the files will differ: %s\n" % ", ".join(miss))
    with tempfile.TemporaryDirectory() as tmp:
        new = os.path.join(tmp, "samples")
        box = os.path.join(new, "inbox")
        os.makedirs(box)
        os.makedirs(os.path.join(tmp, "docs", "eml"))
        world = casemod.World(SEED, CHILDREN, TODAY)
        mc.W.update(world=world, out=tmp, forms=[])
        people.write_register(new, SEED, CHILDREN, TODAY, None, 1, True)
        shutil.rmtree(os.path.join(new, ".tmp"), ignore_errors=True)
        gold, batch, gold_of, what = [], [], {}, {}
        for d in DOCS:
            no, how = d["no"], d["how"]
            rng = random.Random("samples:form:" + no)
            if how == "eml":
                g = mail_file(d, tmp)
                os.replace(os.path.join(tmp, g["file"]), os.path.join(box, d["file"]))
                g["file"] = "inbox/" + d["file"]
            else:
                it, doc, pages, base = find(d)
                name = d.get("file", BATCH)
                if "%s" in name:
                    name = name % doc.received.strftime("%Y%m%d")
                rel, path = "inbox/" + name, os.path.join(box, name)
                if how == "pdf":
                    draw.pdf(pages, path, strip_marks(doc.title))
                    g = mc.record(doc, it, "pdf", rel, [mc.form_page(x, i + 1, doc_page=i + 1, rotation=0) for i, x in enumerate(base)],
                                  text_layer=True, page_rotate_key=doc.rotate, ocr_expect=None)
                elif how == "photo":
                    pic, m = scan.photo(draw.raster(pages[0], 300, "L"), rng)
                    dpi = pic.size[0] / 1.16 / (base[0]["w"] / 72.0)
                    k = 72.0 / dpi
                    with open(path, "wb") as f:
                        f.write(jpeg(pic, d["q"], dpi=(round(dpi), round(dpi)), comment=NOTICE.encode()))
                    g = mc.record(doc, it, "photo", rel, [mc.form_page(base[0], 1, m, 300 / 72.0, k, (pic.size[0] * k, pic.size[1] * k), doc_page=1,
                                                                       dpi=round(dpi, 1), rotation=0)], ocr_expect=doc.expect_ocr or "medium", partial=False)
                else:
                    leaves, gp = sheets(d, pages, base, rng)
                    prof = d["profile"] if how == "scan" else "bilevel"
                    form = {"tiff": "tiff", "batch": "batch"}.get(how, "scan")
                    g = mc.record(doc, it, form, rel, gp, scan_profile=prof, ocr_expect=hope(doc, d["profile"]))
                    if how == "tiff":
                        scan.write_tiff(path, [x[7] for x in leaves], NOTICE)
                    elif how == "batch":
                        batch.append((no, leaves))
                    elif how == "broken":
                        whole = os.path.join(tmp, "whole.pdf")
                        picture_pdf(whole, "Scanned document", leaves)
                        with open(whole, "rb") as f:
                            data = ruin(f.read(), rng)
                        with open(path, "wb") as f:
                            f.write(data)
                        g.update(kind="broken_pdf", title="Broken file", child_ids=None, expected="quarantine", identifiers=[], page_count=0, pages=[],
                                 event_date=None, written_date=None, received_date=None, redact_spans=0, ocr_expect="none",
                                 triage_reason="cannot be opened", sar={"decision": "none", "reason": "NO_SUBJECT"}, broken=True)
                    else:
                        picture_pdf(path, "Scanned document", leaves)
            g["primary"] = True
            gold.append(g)
            gold_of[no], what[g["file"]] = g, d.get("note", "")
        info = batch_file(batch, os.path.join(box, BATCH), "inbox/" + BATCH, gold_of)
        what["inbox/" + BATCH] = "a batch with a separator sheet (Code 128 and QR) before each of its %d documents" % len(batch)
        g = copy.deepcopy(gold_of[COPY_OF])
        src = g["file"]
        g["file"] = "inbox/" + COPY % re.search(r"\d{8}", src).group()
        g["exact_duplicate_of"], g["primary"] = src, False
        shutil.copyfile(os.path.join(new, src), os.path.join(new, g["file"]))
        gold.append(g)
        what[g["file"]] = "the same bytes as `%s`" % src[6:]
        header = {"header": True, "notice": NOTICE, "seed": SEED, "children": CHILDREN, "documents": len(DOCS), "today": TODAY.isoformat(),
                  "forms": sorted({x["form"] for x in gold}),
                  "coordinates": "points from the top left of the page as shown; boxes are quads x1,y1..x4,y4 clockwise from the top left of the text",
                  "fonts_missing": miss}
        write(new, "gold.jsonl", "".join(json.dumps(x, ensure_ascii=False, separators=(",", ":")) + "\n" for x in [header] + gold))
        write(new, "batches.jsonl", json.dumps({"header": True, "notice": NOTICE}) + "\n" + json.dumps(info) + "\n")
        write(new, "NOTICE.txt", NOTICE + "\n")
        write(new, "demo.json", json.dumps({"child": DEMO, "officer": OFFICER}) + "\n")
        write(new, "README.md", readme(gold, what))
        names = ["register.csv", "people.csv", "hard_cases.csv", "gold.jsonl", "batches.jsonl", "NOTICE.txt", "demo.json", "README.md"]
        os.makedirs(out, exist_ok=True)
        shutil.rmtree(os.path.join(out, "inbox"), ignore_errors=True)
        shutil.copytree(box, os.path.join(out, "inbox"))
        for n in names:
            shutil.copyfile(os.path.join(new, n), os.path.join(out, n))


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as f:
        f.write(text)


# --- counting and telling ------------------------------------------------------------------------------------
def by_file(gold):
    res = {}
    for g in gold:
        res.setdefault(g["file"], []).append(g)
    return res


def pages_of(gs):
    """Pages of one file: sheets and pages as they are, a message body as one, attachments as theirs."""
    g = gs[0]
    if g["form"] == "batch":
        return sum(len(x["pages"]) + 1 for x in gs)                   # a separator before each
    return len(g["pages"]) + sum(len(a["pages"]) for a in g.get("attachments", []))


FORM = {"scan": "scanned PDF", "pdf": "PDF", "photo": "JPEG photograph", "tiff": "TIFF", "eml": "e-mail", "batch": "batch scan"}


def readme(gold, what):
    files = by_file(gold)
    total = sum(pages_of(v) for v in files.values())
    mine = [g for g in gold if g["child_ids"] and DEMO in g["child_ids"]]
    ln = ["# A small invented inbox", "",
          "Everything here is made up (see `NOTICE.txt`): the children, their families, the workers, the council and every",
          "document. `make samples` makes the folder again, byte for byte the same, with the corpus generator in",
          "`tests/corpus` (`make_samples.py`, which also says what each document had to be). It is what the demo takes in.", "",
          "| path | what |", "| --- | --- |",
          "| `register.csv`, `people.csv`, `hard_cases.csv` | %d children, the people linked to them, and the children that are easily mistaken |" % CHILDREN,
          "| `inbox/` | %d files, %d pages (blank backs, separator sheets and message bodies counted) |" % (len(files), total),
          "| `gold.jsonl` | the right answers for these files, in the format that `tests/corpus/README.md` describes |",
          "| `batches.jsonl` | what every page of the batch is |", "| `demo.json` | the child whose pack the demo builds, and who asks for it |", "",
          "`gold.jsonl` has one line for each file, for a batch one for each document in it. Two things are particular to this set:",
          "`expected: quarantine` stands with the file that cannot be opened (no pages, no child), and `exact_duplicate_of` names the",
          "file that has the same bytes.", "",
          "## The inbox", "", "| file | form | kind | what is particular | pages | belongs to | should be |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for f in sorted(files):
        gs = files[f]
        kinds = ", ".join("`%s`" % g["kind"] for g in gs)
        att = ["%s, %d p." % (a["filename"], len(a["pages"])) for a in gs[0].get("attachments", [])]
        ids = "; ".join(", ".join(g["child_ids"]) if g["child_ids"] else "nobody" for g in gs)
        exp = sorted({g["expected"] for g in gs})
        out = ", ".join({"file": "filed", "review": "looked at by a person before filing", "triage": "put to triage", "quarantine": "quarantined"}[e] for e in exp)
        if gs[0].get("exact_duplicate_of"):
            out = "recognised as a duplicate"
        ln.append("| `%s` | %s | %s | %s | %d | %s | %s |" % (f[6:], FORM[gs[0]["form"]], kinds, what[f] + (" (%s)" % "; ".join(att) if att else ""),
                                                              pages_of(gs), ids, out))
    ln += ["", "Page 1 of an e-mail is its text; the pages of its attachments follow.", "", "## The child of the demo", "",
           "Council id %s, with %d documents on %d pages: %s." % (DEMO, len(mine), sum(pages_of([g]) for g in mine),
                                                                ", ".join("`%s`" % g["file"][6:] for g in sorted(mine, key=lambda g: g["file"]))),
           "They hold other people's data that has to be covered before disclosure: a brother or sister, the father and a",
           "member of the household who have not agreed, other children, and people with no part in the case. The mother and the",
           "mother's parents have agreed (`consent_to_share` in `people.csv`).", ""]
    return "\n".join(ln)


# --- checking ------------------------------------------------------------------------------------
def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        if not f.readline().startswith("#"):
            f.seek(0)
        return list(csv.DictReader(f))


def pdf_pages(data, tmp):
    p = os.path.join(tmp, "x.pdf")
    with open(p, "wb") as f:
        f.write(data)
    r = subprocess.run(["pdfinfo", p], capture_output=True, text=True, errors="replace")
    m = re.search(r"^Pages:\s*(\d+)", r.stdout, re.M)
    q = subprocess.run(["qpdf", "--check", p], capture_output=True)
    return int(m.group(1)) if r.returncode == 0 and m else None, q.returncode


def check(out):
    bad = []

    def ok(good, *why):
        if not good:
            bad.append(" ".join(map(str, why)))
    ids = {r["council_id"] for r in rows(os.path.join(out, "register.csv"))}
    ok(len(ids) == CHILDREN, "children:", len(ids))
    links = {(r["council_id"], r["person_id"]): r for r in rows(os.path.join(out, "people.csv"))}
    ok({c for c, _ in links} <= ids, "a link to a child who is not on the register")
    with open(os.path.join(out, "gold.jsonl"), encoding="utf-8") as f:
        gold = [g for g in map(json.loads, f) if not g.get("header")]
    with open(os.path.join(out, "batches.jsonl"), encoding="utf-8") as f:
        batches = {b["file"]: b for b in map(json.loads, f) if not b.get("header")}
    files = by_file(gold)
    have = {"inbox/" + n for n in os.listdir(os.path.join(out, "inbox"))}
    ok(have == set(files), "inbox and gold differ:", sorted(have ^ set(files)))
    ok(15 <= len(files) <= 20, "files:", len(files))
    total = sum(pages_of(v) for v in files.values())
    ok(36 <= total <= 44, "pages:", total)
    size = sum(os.path.getsize(os.path.join(a, n)) for a, _, b in os.walk(out) for n in b)
    ok(size < 8e6, "bytes:", size)
    names = {p.lower() for r in rows(os.path.join(out, "register.csv")) for p in (r["forenames"] + " " + r["surname"]).split()}
    with tempfile.TemporaryDirectory() as tmp:
        for f, gs in sorted(files.items()):
            path = os.path.join(out, f)
            if not os.path.exists(path):
                continue
            ok(not {w for w in re.split(r"[^a-z]+", f[6:].lower())} & names, "a name in the file name", f)
            with open(path, "rb") as fh:
                data = fh.read()
            g = gs[0]
            if g.get("broken"):
                n, q = pdf_pages(data, tmp)
                ok(data[:5] == b"%PDF-" and n is None and q == 2, f, "is not broken:", n, q)
                ok(not g["pages"] and g["child_ids"] is None, f, "gold of the broken file")
            elif f.endswith(".pdf"):
                n, q = pdf_pages(data, tmp)
                ok(q in (0, 3), f, "qpdf says", q)
                if g["form"] == "batch":
                    b = batches[f]
                    ok(n == b["page_count"] == pages_of(gs) == len(b["pages"]), f, n, "pages")
                    first = {x["doc_id"]: x["first_page"] for x in gs}
                    ok(b["missing_separator_before"] is None and len(gs) == len(b["documents"]), f, "separators")
                    for x in b["pages"]:
                        if x.get("doc_page") == 1:
                            ok(first[x["doc_id"]] == x["page"] and b["pages"][x["page"] - 2]["role"] == "separator", f, "first page of", x["doc_id"])
                else:
                    ok(n == len(g["pages"]), f, n, "pages")
            elif f.endswith(".eml"):
                m = email.message_from_bytes(data, policy=email.policy.default)
                ok(m.get_body(preferencelist=("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == g["pages"][0]["text"].rstrip("\n"), f, "body")
                got = list(m.iter_attachments())
                ok([a.get_filename() for a in got] == [a["filename"] for a in g["attachments"]], f, "attachments")
                for a, w in zip(got, g["attachments"]):
                    d = a.get_content()
                    ok(a.get_content_type() == w["content_type"] and w["content_type"] in ("application/pdf", "image/jpeg", "image/png"), f, "attachment kind")
                    n = pdf_pages(d, tmp)[0] if w["content_type"] == "application/pdf" else getattr(Image.open(io.BytesIO(d)), "n_frames", 1)
                    ok(n == len(w["pages"]), f, w["filename"], n, "pages")
            else:
                im = Image.open(path)
                ok(getattr(im, "n_frames", 1) == len(g["pages"]), f, "pages")
                ok(not f.endswith(".tif") or im.info.get("compression") == "group4", f, "compression")
            for g in gs:
                ok(g["page_count"] == len(g["pages"]), f, "page_count")
                ok(all(c in ids for c in g["child_ids"] or []), f, "a child who is not on the register")
                if g.get("exact_duplicate_of"):
                    with open(os.path.join(out, g["exact_duplicate_of"]), "rb") as fh:
                        ok(fh.read() == data, f, "is not the same as", g["exact_duplicate_of"])
                allp = g["pages"] + [p for a in g.get("attachments", []) for p in a["pages"]] + ([g["headers"]] if "headers" in g else [])
                for p in allp:
                    for w in p["words"]:
                        ok(p["text"][w[0]:w[1]].strip(), f, "an empty word on page", p["page"])
                        ok(-25 < w[2] <= w[4] < p["width"] + 25 and -25 < w[3] <= w[5] < p["height"] + 25, f, "a box off page", p["page"])
                    for s in p["spans"]:
                        ok(p["text"][s["start"]:s["end"]] == s["text"], f, "span", repr(s["text"]))
                        ok(s["boxes"] or not p["words"], f, "no box", repr(s["text"]))

    def count(test):
        return sum(1 for g in gold if test(g))
    ok(count(lambda g: g.get("exact_duplicate_of")) == 1, "exact duplicates")
    ok(count(lambda g: g.get("broken")) == 1, "broken files")
    ok(count(lambda g: g["kind"] == "handwritten_note" and g["ocr_expect"] == "none") == 1, "hopeless handwriting")
    ok(count(lambda g: g["kind"] == "sibling_report" and len(g["child_ids"]) == 2) == 1, "report about two siblings")
    ok(count(lambda g: g["kind"] == "no_child" and g["child_ids"] is None and g["expected"] == "triage") == 1, "document that names nobody")
    ok(count(lambda g: g["form"] == "eml") == 2 and count(lambda g: g["form"] == "pdf") == 2 and count(lambda g: g["form"] == "photo") == 1, "forms")
    ok(len({g["file"] for g in gold if g["form"] == "scan" and not g.get("broken")}) >= 4 and len(batches) == 1, "scans")
    ok(count(lambda g: g["form"] == "scan" and g["pages"] and all(p.get("rotation") == 180 for p in g["pages"])) == 1, "upside-down scan")
    ok(count(lambda g: any(1 <= abs(p.get("skew", 0)) <= 2 for p in g["pages"])) == 1, "skewed scan")
    ok(count(lambda g: any(p["blank"] for p in g["pages"])) == 1, "duplex scan")
    ok(count(lambda g: g["expected"] == "file") * 2 > len(gold), "well identified children are not the majority")
    with open(os.path.join(out, "demo.json"), encoding="utf-8") as f:
        demo = json.load(f)
    mine = [g for g in gold if demo["child"] in (g["child_ids"] or [])]
    n = sum(pages_of([g]) for g in mine)
    ok(len(mine) >= 4 and 6 <= n <= 10, "documents and pages of the child of the demo:", len(mine), n)
    why = {s["sar"][demo["child"]][1] for g in mine for p in g["pages"] + [p for a in g.get("attachments", []) for p in a["pages"]]
           for s in p["spans"] if s["sar"][demo["child"]][0]}
    ok({"THIRD_PARTY", "OTHER_CHILD", "FAMILY_NO_CONSENT", "SENSITIVE_THIRD_PARTY"} <= why, "reasons to redact:", sorted(why))
    print("samples: %d files, %d pages, %d bytes; child of the demo: %d documents, %d pages, reasons to redact: %s" % (
        len(files), total, size, len(mine), n, ", ".join(sorted(why))))
    for b in bad[:40]:
        print("  wrong:", b)
    print("problems: %d" % len(bad))
    return 1 if bad else 0


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--out", default=os.path.join(HERE, "..", "..", "samples"), help="the folder (default: samples/ of the project)")
    ap.add_argument("--check", action="store_true", help="check the folder instead of making it")
    a = ap.parse_args()
    out = os.path.normpath(os.path.abspath(a.out))
    if a.check:
        return check(out)
    make(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
