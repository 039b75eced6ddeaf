"""What a disk may hold after a power cut, from what the shim power_cut.c has noted and what the dead store looks like."""
import ctypes
import mmap
import os
import shutil
import stat
import struct

PAGE, SECTOR = 4096, 512
NEVER = 2 ** 62
AT_FDCWD, NOFOLLOW, BASIC_AND_BIRTH = -100, 0x100, 0xFFF

_libc = ctypes.CDLL(None, use_errno=True)


def key_of(path):
    """An inode, told from a later one with the same number by when it was made."""
    out = ctypes.create_string_buffer(256)
    if _libc.statx(AT_FDCWD, os.fsencode(path), NOFOLLOW, BASIC_AND_BIRTH, out):
        raise OSError(ctypes.get_errno(), path)
    inode, = struct.unpack_from("=Q", out, 32)
    seconds, parts = struct.unpack_from("=qI", out, 80)
    return "%d.%d.%d" % (inode, seconds, parts)


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Tree:
    """Files and folders by their keys: what they are and hold."""

    def __init__(self):
        self.files, self.folders, self.root = {}, {}, None

    def look(self, top, content=True):
        self.root = key_of(top)
        for at, folders, names in os.walk(top):
            listed = {}
            for name in folders + names:
                path = os.path.join(at, name)
                key, mode = key_of(path), os.lstat(path).st_mode
                listed[name] = (key, mode)
                if stat.S_ISREG(mode):
                    self.files[key] = read(path) if content else path
            self.folders[key_of(at)] = listed
        return self


class Power:
    """The shadow of the folder `top`: what is there at the start is durable."""

    def __init__(self, top, shadow, library, blind=""):
        self.top, self.shadow, self.library, self.blind = top, shadow, library, blind
        os.makedirs(shadow)
        with open(shadow + "/count", "wb") as f:
            f.write(struct.pack("=QQ", 0, NEVER))
        with open(shadow + "/count", "r+b") as f:
            self.count = mmap.mmap(f.fileno(), 16)
        open(shadow + "/log", "w").close()
        self.start = Tree().look(top)
        self.same = {}  # files that keep their inode: nobody writes to them

    def keep(self, path):
        """A file that is only ever moved: its inode, its times and its content are those that it had."""
        key = key_of(path)
        self.same[key] = os.path.join(self.shadow, "same-%d" % len(self.same))
        os.link(path, self.same[key])

    def environment(self):
        return dict(os.environ, LD_PRELOAD=self.library, POWER_CUT_SHADOW=self.shadow, POWER_CUT_BELOW=self.top, POWER_CUT_BLIND=self.blind)

    def calls(self):
        return struct.unpack_from("=Q", self.count, 0)[0]

    def cut_at(self, calls):
        struct.pack_into("=Q", self.count, 8, calls)

    def durable(self):
        """The newest copy of each, in the order in which the calls began."""
        tree, newest = Tree(), {}
        tree.files.update(self.start.files)
        tree.folders.update(self.start.folders)
        tree.root = self.start.root
        for line in read(self.shadow + "/log").decode().splitlines():
            number, key, _, kind = line.split()
            if int(number) > newest.get(key, (0,))[0]:
                newest[key] = (int(number), kind)
        for key, (number, kind) in newest.items():
            copied = read("%s/%d" % (self.shadow, number))
            if kind == "f":
                tree.files[key] = copied
            else:
                lines = (x.split(" ", 2) for x in copied.decode().splitlines())
                tree.folders[key] = {name: (k, int(mode, 8)) for k, mode, name in lines}
        return tree

    def image(self, entries, rng):
        """Puts in the place of the folder what is there after the cut. entries: 'strict': only what was made durable; 'live': all changes of
        folders have reached the disk by themselves, whatever became of the files' content; 'mixed': some have."""
        dead = self.top + ".dead"
        shutil.rmtree(dead, ignore_errors=True)
        os.rename(self.top, dead)
        image = Image(self.durable(), Tree().look(dead, content=False), self.same, rng)
        image.folder(self.top, image.durable.root, entries)
        shutil.rmtree(dead)


class Image:
    def __init__(self, durable, live, same, rng):
        self.durable, self.live, self.same, self.rng = durable, live, same, rng

    def listing(self, key, entries):
        durable, live = self.durable.folders.get(key, {}), self.live.folders.get(key)
        if entries == "strict" or live is None:
            return durable
        if entries == "live":
            return live
        mixed = {}
        for name in sorted(set(durable) | set(live)):
            entry = durable.get(name) if self.rng.random() < 0.5 else live.get(name)
            if entry:
                mixed[name] = entry
        return mixed

    def folder(self, path, key, entries):
        os.mkdir(path, 0o700)
        for name, (inner, mode) in sorted(self.listing(key, entries).items()):
            below = os.path.join(path, name)
            if stat.S_ISDIR(mode):
                self.folder(below, inner, entries)
            elif inner in self.same:
                os.link(self.same[inner], below)
            elif stat.S_ISREG(mode):
                with open(below, "wb") as f:
                    f.write(self.content(inner))
                os.chmod(below, stat.S_IMODE(mode))

    def content(self, key):
        durable, path = self.durable.files.get(key, b""), self.live.files.get(key)
        return self.mixed(durable, read(path)) if path else durable

    def mixed(self, durable, live):
        """Of the pages that were written and not synced some are on the disk, some of those not whole; the length is the old or the new one."""
        rng, out = self.rng, bytearray(durable)
        share = rng.choice([0, 0, 0.1, 0.5, 0.9, 1])
        for at in range(0, len(live), PAGE):
            page = live[at:at + PAGE]
            if share == 0 or durable[at:at + PAGE] == page or rng.random() >= share:
                continue
            if rng.random() < 0.2:
                page = page[:SECTOR * rng.randrange(1, PAGE // SECTOR)]
            if len(out) < at:
                out.extend(bytes(at - len(out)))
            out[at:at + len(page)] = page
        if len(live) < len(durable) and rng.random() < 0.5:
            del out[len(live):]
        return bytes(out)
