"""Make a stranger's video anew from nothing but its picture and its sound, as a program of its own.

Knows no database and no Django.

Run as `python -I remux.py FORMAT SECONDS`: FFmpeg reads the video that is standard input (a file),
as the FORMAT "mp4" or "webm" and nothing else, and writes to standard output (a file). Pieces of
picture and sound are copied as they are, and nothing between them: what else a file can hold has no
way into the new one. Some pictures, and some of the sound, are decoded: they are what the file says
that they are. Then a line on standard error tells width and height as shown, in pixels; or "!" and
what was wrong, in words for who sent it.
"""

import errno
import os
import resource
import sys
from contextlib import suppress
from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.packet import Packet

NO_PICTURE = "This video has no picture in it."
BROKEN = "This video is broken: it could not be read to its end."
WRONG = "This video is not what it says: its pictures or its sound are something else."
UNKNOWN = "This video is packed in a way that browsers do not play."
NO_SIZE = "This video does not say how large its picture is."
TOO_MANY_PARTS = "This video has far too many parts."

CODECS = {
    "mp4": {
        "video": {"h264", "hevc", "av1", "vp8", "vp9"},
        "audio": {"aac", "mp3", "opus", "flac", "alac", "ac3", "eac3"},
    },
    "webm": {"video": {"vp8", "vp9", "av1"}, "audio": {"opus", "vorbis"}},
}
# of decoders
NAMES = {
    "libdav1d": "av1",
    "libvpx": "vp8",
    "libvpx-vp9": "vp9",
    "libopus": "opus",
    "mp3float": "mp3",
}
DEMUXERS = {"mp4": "mov", "webm": "matroska"}
# what cameras and programs write among the pictures of a codec: units of supplemental information,
# metadata and padding
SAID_BESIDE = {
    "h264": "filter_units=remove_types=0|6|12|24-31",
    "hevc": "filter_units=remove_types=38-61|63",
    "av1": "filter_units=remove_types=5|15",
}
# sets of them: the first bytes of their units
PARAMETERS = {"h264": {0x27, 0x47, 0x67, 0x28, 0x48, 0x68}, "hevc": {0x40, 0x42, 0x44}}
NEEDED_BESIDE = {"new_extradata", "param_change", "skip_samples", "palette"}
# how far one sees through a picture of a WebM
ALPHA, ALPHA_ID = "matroska_block_additional", bytes(7) + b"\1"
MAX_SIDE = 16384
MAX_PIXELS = 8192 * 8192
MAX_PACKETS = 3_000_000
LOOKED_AT = 12  # pieces of each kind that are decoded, of pictures those that need no other
MEMORY = 1_000_000_000  # bytes of addresses, of which FFmpeg's libraries alone take 300 MB


class RefusedError(Exception):
    """The message is for the person who sent the video."""


def limit(seconds: int, size: int) -> None:
    """Bound what this process may take: seconds of a processor, and bytes for a video of `size`."""
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 2 * size + 1024**2,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in limits.items():
        with suppress(ValueError):  # there is a stricter one
            resource.setrlimit(kind, (bound, bound))


def remux(container: str, source: str, target: str) -> tuple[int, int]:
    """Write the video at `source` anew to `target`.

    Returns width and height as shown. Raises RefusedError, or what FFmpeg raises.
    """
    is_mp4 = container == "mp4"
    options = {"protocol_whitelist": "file"} | ({"enable_drefs": "0"} if is_mp4 else {})
    with av.open(source, format=DEMUXERS[container], options=options) as read:
        picture, sound = _streams(read, container)
        flags = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if is_mp4 else {})
        with av.open(target, "w", format=container, options=flags) as write:
            size = _copy(read, write, [stream for stream in (picture, sound) if stream])
    return size


def _streams(read: Any, container: str) -> tuple[Any, Any]:
    """Return the picture and the sound (or None) that are played: the first of each, no cover."""
    found = {}
    for kind in ("video", "audio"):
        streams = [
            stream
            for stream in read.streams
            if stream.type == kind and not stream.disposition & av.stream.Disposition.attached_pic
        ]
        found[kind] = streams[0] if streams else None
        if streams and _codec(streams[0]) not in CODECS[container][kind]:
            raise RefusedError(UNKNOWN)
    if not found["video"]:
        raise RefusedError(NO_PICTURE)
    return found["video"], found["audio"]


def _codec(stream: Any) -> str:
    context = stream.codec_context
    return NAMES.get(context.name, context.name) if context else ""


def _copy(read: Any, write: Any, streams: list[Any]) -> tuple[int, int]:
    outs, filters, looks = {}, {}, {}
    for stream in streams:
        outs[stream.index] = out = write.add_stream_from_template(stream, opaque=True)
        stream.codec_context.thread_count = 1
        looks[stream.index] = Look(stream)
        if units := SAID_BESIDE.get(_codec(stream)):
            filters[stream.index] = BitStreamFilterContext(units, stream, out)
        out.codec_context.extradata = _setup(_codec(stream), out.codec_context.extradata)
    for number, packet in enumerate(read.demux(streams)):
        if number > MAX_PACKETS:
            raise RefusedError(TOO_MANY_PARTS)
        if packet.is_corrupt:
            raise RefusedError(BROKEN)
        index = packet.stream.index
        is_end = packet.dts is None and not packet.size
        if not is_end:
            looks[index].at(packet)
        pieces = [] if is_end else [packet]
        if index in filters:
            pieces = filters[index].filter(None if is_end else packet)
        for piece in pieces:
            kept = _alone(piece)
            kept.stream = outs[index]
            write.mux(kept)
    for look in looks.values():
        look.end()
    return looks[streams[0].index].size


def _alone(piece: Any) -> Any:
    """Return `piece` without what is written beside it, but for what is needed to play it."""
    beside = list(piece.iter_sidedata())
    needed = [data for data in beside if _is_needed(data)]
    if len(needed) == len(beside):
        return piece
    alone = Packet(bytes(piece))
    for name in ("pts", "dts", "duration", "time_base", "is_keyframe"):
        setattr(alone, name, getattr(piece, name))
    for data in needed:
        alone.set_sidedata(data)
    return alone


def _is_needed(data: Any) -> bool:
    is_alpha = data.data_type == ALPHA and bytes(data)[:8] == ALPHA_ID
    return is_alpha or data.data_type in NEEDED_BESIDE


def _setup(codec: str, data: bytes | None) -> bytes | None:  # noqa: PLR0911
    """Return what a decoder is told first, without room for anything else; None for nothing."""
    if not data:
        return None
    match codec:
        case "h264" | "hevc":
            return _sets_of_parameters(data, PARAMETERS[codec])
        case "av1":
            return data  # its filter wrote it
        case "aac":
            # channels in words of its own, which are rare
            return data[:64] if len(data) > 1 and not data[1] & 0x78 else data[:7]
        case "opus":
            return data[:19] if len(data) > 18 and not data[18] else data[: 21 + data[9]]
        case "flac":
            return data[:34]
        case "alac":
            return data[:36]
        case "vorbis":
            return _vorbis(data)
        case _:
            return None


def _sets_of_parameters(data: bytes, kinds: set[int]) -> bytes:
    """Return the units of H.264 or HEVC (ISO/IEC 14496-10, annex B) of `kinds` by first byte."""
    units = [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1")]
    return b"".join(b"\0\0\0\1" + unit for unit in units if unit and unit[0] in kinds)


def _vorbis(data: bytes) -> bytes:
    """Return the three headers of Vorbis (4.2), the second without comments (5.2)."""
    sizes, at = [], 1
    for _ in range(2):
        size = 0
        while data[at : at + 1] == b"\xff":
            size, at = size + 255, at + 1
        sizes.append(size + data[at])
        at += 1
    first, third = data[at : at + sizes[0]], data[at + sum(sizes) :]
    comments = b"\x03vorbis" + bytes(8) + b"\1"
    return bytes([2, len(first), len(comments)]) + first + comments + third


class Look:
    """Decodes some pieces of `stream`, to see that it is what it says."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.size = (0, 0)
        self.good = self.bad = 0

    def at(self, packet: Packet) -> None:  # type: ignore[type-arg]
        if self.good + self.bad >= LOOKED_AT or (
            self.stream.type == "video" and not packet.is_keyframe
        ):
            return
        try:
            frames = self.stream.codec_context.decode(packet)
            if self.stream.type == "video":
                frames += self.stream.codec_context.decode(None)
        except (av.error.FFmpegError, EOFError):
            self.bad += 1
            frames = []
        finally:
            self.stream.codec_context.flush_buffers()
        for frame in frames:
            self.good += 1
            if self.stream.type == "video":
                self._measure(frame)

    def _measure(self, frame: Any) -> None:
        width, height = frame.width, frame.height
        if not (
            1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE and width * height <= MAX_PIXELS
        ):
            raise RefusedError(NO_SIZE)
        ratio = self.stream.sample_aspect_ratio
        shown = round(width * ratio) if ratio and 0.1 < ratio < 10 else width
        if self.size == (0, 0):
            self.size = (height, shown) if frame.rotation % 180 else (shown, height)

    def end(self) -> None:
        if self.good <= self.bad:
            raise RefusedError(WRONG)


def main(container: str, seconds: int) -> str:
    """Remake the video between standard input and output. Returns what to say of it."""
    limit(seconds, os.fstat(0).st_size)
    av.logging.set_level(None)
    try:
        width, height = remux(container, "/proc/self/fd/0", "/proc/self/fd/1")
    except RefusedError as error:
        return f"!{error}"
    except (av.error.FFmpegError, EOFError, LookupError, ValueError, OSError, MemoryError) as error:
        if getattr(error, "errno", 0) == errno.ENOSPC:
            os._exit(28)  # isolation.NO_ROOM
        return f"!{BROKEN}"
    return f"{width} {height}"


if __name__ == "__main__":
    sys.stderr.write(f"{main(sys.argv[1], int(sys.argv[2]))}\n")
