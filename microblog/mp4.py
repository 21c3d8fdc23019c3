"""MP4 videos from strangers, cleared of all but picture and sound. Knows no database.

An MP4 file is boxes in boxes (ISO/IEC 14496-12). Those that playing needs are listed here; every other one, `udta`, `meta` and `uuid`
among them, becomes a `free` box of zeros of the same size, so that nothing else in the file moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from microblog.blanking import BROKEN, NO_PICTURE, NO_TRACK, NO_VIDEO, TOO_MANY_PARTS, VideoError, zero

_KEPT = {
    b"": b"ftyp styp moov mdat moof mfra sidx ssix",
    b"moov": b"mvhd trak mvex iods",
    b"trak": b"tkhd tref edts mdia",
    b"mdia": b"mdhd hdlr minf elng",
    b"minf": b"vmhd smhd dinf stbl",
    b"stbl": b"stsd stts ctts stsc stsz stz2 stco co64 stss stsh sdtp sbgp sgpd cslg saiz saio padb stdp",
    b"edts": b"elst",
    b"dinf": b"dref",
    b"mvex": b"mehd trex leva",
    b"moof": b"mfhd traf",
    b"traf": b"tfhd tfdt trun sbgp sgpd sdtp saiz saio",
    b"mfra": b"tfra mfro",
}
KEPT = {parent: frozenset(children.split()) for parent, children in _KEPT.items()}
DATED = frozenset([b"mvhd", b"tkhd", b"mdhd"])
HANDLERS = frozenset([b"vide", b"soun"])  # a track of anything else may say where the camera was
PICTURES = frozenset(b"avc1 avc3 hvc1 hev1 av01 vp08 vp09 mp4v dvh1 dvhe".split())
MAX_BOXES = 30_000


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    start: int
    payload: int  # where its content begins
    end: int


def size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height, as shown, of the largest track of the MP4 in `file`; (0, 0) where none says so. Raises VideoError."""
    largest = (0, 0)
    for moov in _inside(file, b"moov", 0, file.seek(0, 2)):
        for trak in _inside(file, b"trak", moov.payload, moov.end):
            for tkhd in _inside(file, b"tkhd", trak.payload, trak.end):
                file.seek(tkhd.payload)
                head = file.read(min(96, tkhd.end - tkhd.payload))
                rest = head[48 if head[:1] == b"\1" else 36 :]  # nine numbers that say how it is turned; then width and height
                if len(rest) < 44:
                    continue
                width, height = int.from_bytes(rest[36:40]) >> 16, int.from_bytes(rest[40:44]) >> 16
                is_upright = rest[:4] != bytes(4)
                largest = max(largest, (width, height) if is_upright else (height, width))
    return largest


def _inside(file: IO[bytes], kind: bytes, start: int, stop: int) -> "Iterator[Box]":
    return (box for box in _boxes(file, start, stop) if box.kind == kind)


def blank_metadata(file: IO[bytes]) -> None:
    """Clear the MP4 in `file` (seekable, open for reading and writing) of everything but picture and sound. Raises VideoError."""
    end = file.seek(0, 2)
    kinds = set()
    boxes = 0
    pending: list[tuple[bytes, int, int]] = [(b"", 0, end)]
    while pending:
        parent, start, stop = pending.pop()
        for box in _boxes(file, start, stop):
            boxes += 1
            if boxes > MAX_BOXES:
                raise VideoError(TOO_MANY_PARTS)
            if boxes == 1 and box.kind != b"ftyp":
                raise VideoError(NO_VIDEO)
            kinds.add(box.kind)
            if box.kind not in KEPT[parent]:
                _blank(file, box)
            elif box.kind in KEPT:
                pending.append((box.kind, box.payload, box.end))
            else:
                _clear(file, box)
    if not {b"ftyp", b"moov", b"trak"} <= kinds:
        raise VideoError(NO_PICTURE)


def _boxes(file: IO[bytes], start: int, stop: int) -> Iterator[Box]:
    """The boxes that fill the file from `start` to `stop`. Raises VideoError where they do not."""
    while start < stop:
        file.seek(start)
        head = file.read(16)
        size, kind, payload = int.from_bytes(head[:4]), head[4:8], start + 8
        if size == 1:
            size, payload = int.from_bytes(head[8:16]), start + 16
        elif size == 0:
            size = stop - start
        if payload > start + size or start + size > stop or len(kind) < 4:
            raise VideoError(BROKEN)
        yield Box(kind, start, payload, start + size)
        start += size


def _blank(file: IO[bytes], box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    zero(file, box.payload, box.end)


def _clear(file: IO[bytes], box: Box) -> None:
    """Blank what a kept box says of time and tools. Raises VideoError for a track that is neither picture nor sound."""
    file.seek(box.payload)
    if box.kind in DATED:  # version and flags; then when it was made and changed
        width = 8 if file.read(1) == b"\1" else 4
        zero(file, box.payload + 4, min(box.payload + 4 + 2 * width, box.end))
    elif box.kind == b"hdlr":  # version and flags, 4 bytes, the kind of track, 12 bytes, a name
        if file.read(12)[8:] not in HANDLERS:
            raise VideoError(NO_TRACK)
        zero(file, min(box.payload + 24, box.end), box.end)
    elif box.kind == b"stsd":  # version and flags, a number, then entries
        for entry in _boxes(file, box.payload + 8, box.end):
            if entry.kind in PICTURES and entry.end - entry.payload >= 78:  # 42 bytes, then 32 that name the encoder
                zero(file, entry.payload + 42, entry.payload + 74)
