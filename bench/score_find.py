#!/usr/bin/env python3
"""Scores the finder against the gold answers of a corpus. Python 3 standard library only.

  score_find.py CORPUS-FOLDER FIND_FLAGS-PROGRAM [--noise 0.03] [--rules config] [--leaks N] [--alarms N] [--form pdf]

Counts letters and digits. A span that must be covered has redact true in gold for the child whose record it is.
  covered    share of the characters of must-cover spans that lie in a covering flag
  wrongly    share of the characters of the subject's own and of professionals' spans that do
  precision  share of the covered characters that are right; a flag that touches a must-cover span is right as a whole
"""
import argparse, collections, json, os, random, subprocess, sys

TYPES = ('PERSON', 'ADDRESS', 'PHONE', 'EMAIL', 'DOB', 'NHS', 'UPN', 'NINO', 'ID')
ALIKE = {'m': 'rn', 'l': '1', '1': 'l', 'I': 'l', 'i': 'l', '0': 'O', 'O': '0', 'o': '0', '5': 'S', 'S': '5', 's': '5', 'B': '8',
         '8': 'B', 'e': 'c', 'c': 'e', 'h': 'b', 'n': 'u', 'u': 'n', 'a': 'o', 'd': 'cl', 'w': 'vv', 't': 'l', 'f': 't', 'g': 'q', '6': 'b'}

def noisy(word, share, rng):
    out = []
    for ch in word:
        if rng.random() >= share or not ch.isalnum():
            out.append(ch)
            continue
        r = rng.random()
        if r < 0.7 and ch in ALIKE:
            out.append(ALIKE[ch])
        elif r < 0.85:
            out.append(rng.choice('abcdefghijklmnopqrstuvwxyz0123456789'))
        elif r < 0.93:
            out.append(ch + rng.choice('il.,'))
    return ''.join(out) or word

def documents(folder, form, share):
    rng = random.Random(5)
    for line in open(os.path.join(folder, 'gold.jsonl'), encoding='utf-8'):
        d = json.loads(line)
        if d.get('header') or d.get('form') != form or not d.get('child_ids'):
            continue
        pages = []
        for p in d['pages']:
            words = []
            for w in p['words']:
                text = p['text'][w[0]:w[1]]
                words.append([noisy(text, share, rng) if share else text, p['text'].count('\n', 0, w[0])])
            pages.append(words)
        yield d, {'id': d['file'], 'child': d['child_ids'][0], 'pages': pages}

def run(a, docs):
    text = ''.join(json.dumps(i, ensure_ascii=False) + '\n' for _, i in docs)
    r = subprocess.run([a.program, os.path.join(a.folder, 'register.csv'), os.path.join(a.folder, 'people.csv'), a.rules],
                       input=text.encode(), stdout=subprocess.PIPE, check=True)
    return {j['id']: j['flags'] for j in map(json.loads, r.stdout.decode().splitlines())}

class Counts:
    def __init__(self):
        self.must = collections.Counter(); self.got = collections.Counter()
        self.keep = collections.Counter(); self.bad = collections.Counter()
        self.covered = self.right = 0
        self.leaks, self.alarms, self.wrong = [], [], []

def context(t, a, b):
    return (t[max(0, a - 30):a] + '[[' + t[a:b] + ']]' + t[b:b + 25]).replace('\n', '/')

def score_page(c, doc, page, flags):
    t, n = page['text'], len(page['text'])
    cover, must, must_all = bytearray(n), bytearray(n), bytearray(n)
    spans = [dict(s) for s in page['spans'] if s['type'] in TYPES + ('SENSITIVE', 'PASSAGE')]
    for s in spans:
        # A name that goes only because it lies in a sensitive fact or a privileged passage counts with those.
        if s['redact'] and s.get('inside') and s['reason'] in ('SENSITIVE_THIRD_PARTY', 'LEGAL_PRIVILEGE', 'CONFIDENTIAL_SOURCE'):
            s['type'] = 'INSIDE'
    for s in spans:
        if s['redact']:
            for k in range(s['start'], s['end']):
                must_all[k] = 1
                if s['type'] in TYPES:
                    must[k] = 1
    places = [(page['words'][f['first']][0], page['words'][f['last']][1], f) for f in flags if f['cover']]
    for a, b, f in places:
        cover[a:b] = b'\1' * (b - a)
    for s in spans:
        want = [k for k in range(s['start'], s['end']) if t[k].isalnum()]
        got = sum(cover[k] for k in want)
        if s['redact']:
            keys = ['all+', s['type'] + '+'] + (['all', 'role ' + str(s['role']), s['type']] if s['type'] in TYPES else [])
            if s['type'] in TYPES:
                keys.append('known' if (s.get('person_id') or 'X')[0] != 'X' else 'stranger')
                keys.append('why ' + s['reason'])
            for k in keys:
                c.must[k] += len(want); c.got[k] += got
            if got < len(want) and s['type'] in TYPES:
                c.leaks.append('%s %s/%s/%s %s' % (doc['doc_id'], s['type'], s['role'], s['reason'], context(t, s['start'], s['end'])))
        elif s['redact'] is False and s['type'] in TYPES:
            k = 'subject' if s['reason'] == 'SUBJECT_OWN' else 'professional' if s['role'] == 'professional' else s['reason']
            bad = sum(cover[k2] and not must_all[k2] for k2 in want)
            c.keep[k] += len(want); c.bad[k] += bad
            if bad:
                c.wrong.append('%s %s/%s %s' % (doc['doc_id'], s['type'], s['reason'], context(t, s['start'], s['end'])))
    for a, b, f in places:
        want = [k for k in range(a, b) if t[k].isalnum()]
        ok = any(must_all[k] for k in want)
        c.covered += len(want)
        c.right += len(want) if ok else 0
        if not ok:
            c.alarms.append('%s %s/%s/%d %s' % (doc['doc_id'], f['type'], f['role'], f['confidence'], context(t, a, b)))

def share(a, b):
    return '%6.2f%% of %d' % (100.0 * a / b, b) if b else '     - of 0'

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('folder'); p.add_argument('program')
    p.add_argument('--noise', type=float, default=0.0); p.add_argument('--rules', default='config')
    p.add_argument('--leaks', type=int, default=0); p.add_argument('--alarms', type=int, default=0); p.add_argument('--wrong', type=int, default=0)
    p.add_argument('--form', default='pdf')
    p.add_argument('--min', type=float, help='fail when less than this percentage of what must be covered is covered')
    a = p.parse_args()
    docs = list(documents(a.folder, a.form, a.noise))
    flags = run(a, docs)
    c = Counts()
    for d, i in docs:
        for k, page in enumerate(d['pages']):
            score_page(c, d, page, [f for f in flags[i['id']] if f['page'] == k])
    print('%d documents; noise %g' % (len(docs), a.noise))
    for k in sorted(c.must):
        print('  covered    %-30s %s' % (k, share(c.got[k], c.must[k])))
    for k in sorted(c.keep):
        print('  wrongly    %-30s %s' % (k, share(c.bad[k], c.keep[k])))
    print('  precision  %-30s %s' % ('', share(c.right, c.covered)))
    for name, lines, most in (('leak', c.leaks, a.leaks), ('alarm', c.alarms, a.alarms), ('wrong', c.wrong, a.wrong)):
        for line in lines[:most]:
            print(name, line)
    return 1 if a.min and 100.0 * c.got['all'] < a.min * c.must['all'] else 0

if __name__ == '__main__':
    sys.exit(main())
