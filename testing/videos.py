"""Real videos, made for a test: a few small pictures and some silence, and a secret wherever a
camera or a program could have put it.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from tempfile import NamedTemporaryFile

import av

CODECS = {"mp4": ("libx264", "aac"), "webm": ("libvpx", "libopus")}
CONTAINERS = frozenset(b"moov trak mdia minf stbl edts dinf udta".split())


@cache
def film(
    container: str = "mp4",
    *,
    codec: str = "",
    size: tuple[int, int] = (64, 48),
    pictures: int = 4,
    sound: bool = True,
    options: tuple[tuple[str, str], ...] = (),
    title: str = "",
) -> bytes:
    """Return a video of so many pictures, as FFmpeg writes it with these `options`."""
    usual, audio = CODECS[container]
    with NamedTemporaryFile() as out:
        with av.open(out.name, "w", format=container, options=dict(options)) as file:
            if title:
                file.metadata.update({"title": title, "comment": title})
            seen = file.add_stream(codec or usual, rate=10)
            seen.width, seen.height, seen.pix_fmt = *size, "yuv420p"
            heard = file.add_stream(audio, rate=48000) if sound else None
            for n in range(pictures):
                frame = av.VideoFrame(*size, "yuv420p")
                for plane in frame.planes:
                    plane.update(bytes([n * 40 % 256]) * plane.buffer_size)
                frame.pts, frame.time_base = n, Fraction(1, 10)
                file.mux(seen.encode(frame))
            file.mux(seen.encode(None))
            for n in range(10 if heard else 0):
                samples = 960 if container == "webm" else 1024
                quiet = av.AudioFrame("flt" if container == "webm" else "fltp", "mono", samples)
                quiet.sample_rate, quiet.pts = 48000, n * samples
                quiet.time_base = Fraction(1, 48000)
                for plane in quiet.planes:
                    plane.update(bytes(plane.buffer_size))
                file.mux(heard.encode(quiet))
            if heard:
                file.mux(heard.encode(None))
        return out.read()


# --- MP4: boxes in boxes ---


def box(kind: bytes, *content: bytes) -> bytes:
    payload = b"".join(content)
    return (8 + len(payload)).to_bytes(4) + kind + payload


def boxes(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the boxes that fill `content`: kind and payload."""
    found, at = [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        found.append((content[at + 4 : at + 8], content[at + 8 : at + size]))
        at += size
    return found


def changed(content: bytes, changes: dict[bytes, Iterable[bytes]], kind: bytes = b"") -> bytes:
    """Add pieces at the end of each box of a kind; `moov` stands after the pictures."""
    if kind not in CONTAINERS | {b""}:
        return content + b"".join(changes.get(kind, ()))
    inside = b"".join(
        box(child, changed(payload, changes, child)) for child, payload in boxes(content)
    )
    return inside + b"".join(changes.get(kind, ()))


def mp4(secret: bytes = b"+52.5200+013.4050/", **more: object) -> bytes:
    """Return a film with `secret` wherever programs write, or a file has unseen room."""
    words = box(b"name", secret)
    changes = {
        b"": [
            box(b"uuid", bytes(16), secret),
            *(box(kind, secret) for kind in (b"free", b"skip", b"mdat", b"meta")),
        ],
        b"moov": [
            box(b"udta", box(b"\xa9xyz", secret)),
            *(box(kind, secret) for kind in (b"gps ", b"free")),
        ],
        b"trak": [box(b"udta", words), box(b"meta", secret), box(b"uuid", bytes(16), secret)],
        b"mdia": [box(b"free", secret)],
        b"minf": [box(b"free", secret)],
        b"stbl": [box(b"sgpd", bytes(4), b"abcd", secret), box(b"free", secret)],
        **{kind: [secret] for kind in b"hdlr mvhd tkhd mdhd vmhd dref stts stsz stco".split()},
    }
    whole = changed(film("mp4", **more), changes)  # type: ignore[arg-type]
    at = whole.index(b"avc1")
    return whole[: at + 46] + b"\x1f" + secret.ljust(31, b"\0")[:31] + whole[at + 78 :]


# --- WebM: elements in elements ---


def element(number: str, *content: bytes) -> bytes:
    """Return the element of that id (RFC 8794)."""
    body = b"".join(content)
    return bytes.fromhex(number) + (1 << 56 | len(body)).to_bytes(8) + body


def webm(secret: bytes = b"", **more: object) -> bytes:
    """Return a film, without lengths, with `secret` in elements that players do not look at."""
    title = secret.decode("latin-1")
    whole = film("webm", options=(("live", "1"),), title=title, **more)  # type: ignore[arg-type]
    numbers = ("EC", "1254C367", "1941A469", "1043A770", "1A2B3C4D")
    return (
        whole + b"".join(element(number, element("EC", secret)) for number in numbers)
        if secret
        else whole
    )
