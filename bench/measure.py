"""What the measuring programs share: starting peers, their CPU time, the rows that they print."""
import json
import os
import resource
import subprocess
import tempfile
import time

ENV = dict(os.environ, OMP_THREAD_LIMIT="1")


def timed(what):
    """(result, wall seconds, CPU seconds of all children) of a call."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    result = what()
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return result, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tesseract(paths, languages="eng"):
    """The command's texts of one-page pictures, in one process."""
    with tempfile.TemporaryDirectory(prefix="casefile-bench-") as folder:
        with open(folder + "/list", "w") as f:
            f.write("".join(p + "\n" for p in paths))
        subprocess.run(["tesseract", folder + "/list", folder + "/out", "-l", languages], env=ENV, stderr=subprocess.DEVNULL, check=True)
        texts = open(folder + "/out.txt", encoding="utf-8").read().split("\f")
    if len(texts) == len(paths) + 1:  # some versions end each page with a form feed, some put it between
        texts.pop()
    assert len(texts) == len(paths), "tesseract left out a page"
    return texts


def read_pages(program, paths, languages="eng", pages=None):
    """The rows of bench/read_pages, one for each page; pages: how many are expected, None for one a file."""
    p = subprocess.run([program, "-l", languages] + paths, env=ENV, stdout=subprocess.PIPE, check=True)
    rows = [json.loads(line) for line in p.stdout.splitlines()]
    assert len(rows) == (pages or len(paths)), "read_pages left out a page"
    return rows


def casefile_read(program, paths, languages="eng", jobs=1):
    """The command's texts, one for each page of all files, in the order given."""
    p = subprocess.run([program, "read", *paths, "--jobs", str(jobs), "--languages", languages], env=ENV, stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, check=False)
    texts = p.stdout.decode("utf-8").split("\f")
    return texts[:-1] if texts and not texts[-1].strip() else texts


def ocrmypdf(path, folder):
    """The texts of a PDF's pages, all recognised, as the command does it when nothing else is said: PDF/A, as many processes and
    threads as it finds right."""
    subprocess.run(["ocrmypdf", "--force-ocr", "--sidecar", folder + "/side.txt", path, folder + "/side.pdf"], stderr=subprocess.DEVNULL, check=True)
    with open(folder + "/side.txt", encoding="utf-8") as f:
        return f.read().split("\f")
