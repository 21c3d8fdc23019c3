"""WebM videos from strangers, cleared of all but picture and sound. Knows no database.

A WebM file is elements in elements (RFC 8794, RFC 9559). Those that playing needs are listed here; every other one, `Tags`, `Attachments`
and `Chapters` among them, becomes a `Void` of zeros of the same size, so that nothing else in the file moves.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import IO, NamedTuple

from microblog.blanking import BROKEN, NO_PICTURE, NO_TRACK, NO_VIDEO, TOO_MANY_PARTS, VideoError, zero

SIGNATURE = b"\x1a\x45\xdf\xa3"
_KEPT = {
    "": "EBML=1A45DFA3 Segment=18538067",
    "EBML": "EBMLVersion=4286 EBMLReadVersion=42F7 EBMLMaxIDLength=42F2 EBMLMaxSizeLength=42F3"
    " DocType=4282 DocTypeVersion=4287 DocTypeReadVersion=4285",
    "Segment": "SeekHead=114D9B74 Info=1549A966 Tracks=1654AE6B Cluster=1F43B675 Cues=1C53BB6B",
    "SeekHead": "Seek=4DBB",
    "Seek": "SeekID=53AB SeekPosition=53AC",
    "Info": "TimestampScale=2AD7B1 Duration=4489 MuxingApp=4D80 WritingApp=5741",
    "Tracks": "TrackEntry=AE",
    "TrackEntry": "TrackNumber=D7 TrackUID=73C5 TrackType=83 FlagEnabled=B9 FlagDefault=88 FlagForced=55AA FlagLacing=9C"
    " DefaultDuration=23E383 MaxBlockAdditionID=55EE CodecID=86 CodecPrivate=63A2 CodecDelay=56AA SeekPreRoll=56BB"
    " Video=E0 Audio=E1 ContentEncodings=6D80",
    "Video": "FlagInterlaced=9A FieldOrder=9D StereoMode=53B8 AlphaMode=53C0 PixelWidth=B0 PixelHeight=BA PixelCropBottom=54AA"
    " PixelCropTop=54BB PixelCropLeft=54CC PixelCropRight=54DD DisplayWidth=54B0 DisplayHeight=54BA DisplayUnit=54B2 Colour=55B0",
    "Colour": "MatrixCoefficients=55B1 BitsPerChannel=55B2 ChromaSubsamplingHorz=55B3 ChromaSubsamplingVert=55B4 CbSubsamplingHorz=55B5"
    " CbSubsamplingVert=55B6 ChromaSitingHorz=55B7 ChromaSitingVert=55B8 Range=55B9 TransferCharacteristics=55BA Primaries=55BB"
    " MaxCLL=55BC MaxFALL=55BD MasteringMetadata=55D0",
    "MasteringMetadata": "PrimaryRX=55D1 PrimaryRY=55D2 PrimaryGX=55D3 PrimaryGY=55D4 PrimaryBX=55D5 PrimaryBY=55D6 WhiteX=55D7 WhiteY=55D8"
    " LuminanceMax=55D9 LuminanceMin=55DA",
    "Audio": "SamplingFrequency=B5 OutputSamplingFrequency=78B5 Channels=9F BitDepth=6264",
    "Cluster": "Timestamp=E7 Position=A7 PrevSize=AB SimpleBlock=A3 BlockGroup=A0",
    "BlockGroup": "Block=A1 BlockDuration=9B ReferenceBlock=FB DiscardPadding=75A2 BlockAdditions=75A1",
    "BlockAdditions": "BlockMore=A6",
    "BlockMore": "BlockAddID=EE BlockAdditional=A5",
    "Cues": "CuePoint=BB",
    "CuePoint": "CueTime=B3 CueTrackPositions=B7",
    "CueTrackPositions": "CueTrack=F7 CueClusterPosition=F1 CueRelativePosition=F0 CueDuration=B2 CueBlockNumber=5378",
}
KEPT = {
    parent: {bytes.fromhex(number): name for name, number in (child.split("=") for child in children.split())}
    for parent, children in _KEPT.items()
}
LONGEST = {
    "SimpleBlock": 2**32,
    "Block": 2**32,
    "BlockAdditional": 2**32,
    "CodecPrivate": 64 * 1024,
}  # bytes; any other is a number or a short name
CODECS = frozenset([b"V_VP8", b"V_VP9", b"V_AV1", b"A_OPUS", b"A_VORBIS"])
PICTURE, SOUND = 1, 2
MAX_ELEMENTS = 300_000  # an hour of 30 pictures and 50 pieces of sound a second
MAX_BLANKED = 20_000


class Element(NamedTuple):
    name: str  # "" for one that is not kept
    start: int
    payload: int  # where its content begins
    end: int


def blank_metadata(file: IO[bytes]) -> None:
    """Clear the WebM in `file` (seekable, open for reading and writing) of everything but picture and sound. Raises VideoError."""
    elements = blanked = pictures = 0
    pending = [("", 0, file.seek(0, 2))]
    while pending:
        parent, start, stop = pending.pop()
        for element in _elements(file, parent, start, stop):
            elements += 1
            blanked += not element.name
            if elements > MAX_ELEMENTS or blanked > MAX_BLANKED:
                raise VideoError(TOO_MANY_PARTS)
            pictures += _clear(file, element)
            if element.name and element.name in KEPT:
                pending.append((element.name, element.payload, element.end))
    if not pictures:
        raise VideoError(NO_PICTURE)


def size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height, as shown, of the largest track of the WebM in `file`; (0, 0) where none says so. Raises VideoError."""
    sizes = [
        _shown_size({element.name: _number(file, element) for element in _children(file, video)})
        for segment in _named("Segment", _elements(file, "", 0, file.seek(0, 2)))
        for tracks in _named("Tracks", takewhile(lambda element: element.name != "Cluster", _children(file, segment)))
        for track in _named("TrackEntry", _children(file, tracks))
        for video in _named("Video", _children(file, track))
    ]
    return max(sizes, default=(0, 0))


def _shown_size(said: dict[str, int]) -> tuple[int, int]:
    width = said.get("PixelWidth", 0) - said.get("PixelCropLeft", 0) - said.get("PixelCropRight", 0)
    height = said.get("PixelHeight", 0) - said.get("PixelCropTop", 0) - said.get("PixelCropBottom", 0)
    if said.get("DisplayUnit"):  # these are not pixels
        return width, height
    return said.get("DisplayWidth") or width, said.get("DisplayHeight") or height


# --- Elements ---


def _named(name: str, elements: Iterable[Element]) -> Iterator[Element]:
    return (element for element in elements if element.name == name)


def _children(file: IO[bytes], element: Element) -> Iterator[Element]:
    return _elements(file, element.name, element.payload, element.end)


def _elements(file: IO[bytes], parent: str, start: int, stop: int) -> Iterator[Element]:
    """The elements that fill the file from `start` to `stop`, within a `parent`. Raises VideoError where they do not.

    A file that was written as it was recorded does not know how long its Segment and its Clusters are: the one goes to the end, and what
    is in the others comes as if it stood beside them.
    """
    names = KEPT[parent]
    while start < stop:
        file.seek(start)
        head = file.read(12)
        id_length = _length(head, 0, most=4)
        size_length = _length(head, id_length, most=8)
        payload = start + id_length + size_length
        name = names.get(head[:id_length], "")
        unknown = (1 << 7 * size_length) - 1
        content = int.from_bytes(head[id_length : id_length + size_length]) & unknown
        end = payload + content
        if content == unknown:
            if name == "Segment":
                end = stop
            elif name == "Cluster" and parent == "Segment":
                names, end = KEPT["Segment"] | KEPT["Cluster"], payload
            else:
                raise VideoError(BROKEN)
        if end > stop:
            raise VideoError(BROKEN)
        yield Element(name, start, payload, end)
        start = end


def _length(head: bytes, at: int, most: int) -> int:
    """How many bytes the number takes up that begins in `head` at `at` (RFC 8794, section 4). Raises VideoError."""
    length = 9 - head[at].bit_length() if at < len(head) else 9
    if length > most or at + length > len(head):
        raise VideoError(BROKEN)
    return length


def _number(file: IO[bytes], element: Element) -> int:
    return int.from_bytes(_content(file, element)[:8])


def _content(file: IO[bytes], element: Element) -> bytes:
    file.seek(element.payload)
    return file.read(min(element.end - element.payload, LONGEST["CodecPrivate"]))


# --- Clearing ---


def _clear(file: IO[bytes], element: Element) -> bool:
    """Blank it, or what it says beside picture and sound; whether it is a track of pictures. Raises VideoError."""
    match element.name:
        case "":
            _blank(file, element)
        case "MuxingApp" | "WritingApp":  # which have to be there, and need not say anything
            zero(file, element.payload, element.end)
        case "EBML":
            _check_kind(file, element)
        case "TrackEntry":
            return _clear_track(file, element) == PICTURE
        case "BlockAdditions":
            for more in _children(file, element):
                if more.name and not _is_alpha(file, more):
                    _blank(file, more)
        case name if name not in KEPT and element.end - element.payload > LONGEST.get(name, 8):
            raise VideoError(BROKEN)
    return False


def _blank(file: IO[bytes], element: Element) -> None:
    """Make a Void of it, whose own size takes up as many bytes as there are between, and no more than 8."""
    size_length = min(8, element.payload - element.start - 1)
    content = element.end - element.start - 1 - size_length
    file.seek(element.start)
    file.write(b"\xec" + (content | 1 << 7 * size_length).to_bytes(size_length))
    zero(file, element.start + 1 + size_length, element.end)


def _check_kind(file: IO[bytes], header: Element) -> None:
    kinds = [_content(file, element).rstrip(b"\0") for element in _named("DocType", _children(file, header))]
    if kinds != [b"webm"]:  # Matroska has the same beginning
        raise VideoError(NO_VIDEO)


def _is_alpha(file: IO[bytes], more: Element) -> bool:
    """Whether what comes with a block says how far one sees through its picture; it could be anything else."""
    return all(_number(file, element) == 1 for element in _named("BlockAddID", _children(file, more)))


def _clear_track(file: IO[bytes], track: Element) -> int:
    """Blank what a track says beside its picture or sound; its type. Raises VideoError where it is neither, or of another codec."""
    kept = [element for element in _children(file, track) if element.name]
    found = {element.name: element for element in kept}
    if len(found) < len(kept):  # one would be looked at, and the other played
        raise VideoError(BROKEN)
    if not {"TrackType", "CodecID"} <= found.keys() or _number(file, found["TrackType"]) not in (PICTURE, SOUND):
        raise VideoError(NO_TRACK)
    codec = _content(file, found["CodecID"]).rstrip(b"\0")
    if codec not in CODECS or "ContentEncodings" in found:
        raise VideoError("This video is packed in a way that is none of WebM.")
    if codec == b"A_VORBIS" and "CodecPrivate" in found:
        _clear_comments(file, found["CodecPrivate"])
    return _number(file, found["TrackType"])


def _clear_comments(file: IO[bytes], private: Element) -> None:
    """Leave nothing of the comments in the second of the three headers of Vorbis (its specification, sections 4.2 and 5.2)."""
    content = _content(file, private)
    sizes: list[int] = []
    at = 1
    while len(sizes) < 2:
        size = 0
        while at < len(content) and content[at] == 255:
            size, at = size + 255, at + 1
        if at >= len(content):
            raise VideoError(BROKEN)
        sizes.append(size + content[at])
        at += 1
    start, length = at + sizes[0], sizes[1]
    if length < 16 or start + length > len(content) or content[start : start + 7] != b"\x03vorbis":
        raise VideoError(BROKEN)
    vendor = length - 16  # its length; itself, as zeros; that there are no comments; that this is the end
    file.seek(private.payload + start + 7)
    file.write(vendor.to_bytes(4, "little") + bytes(vendor) + bytes(4) + b"\1")
