"""WebM videos, made for a test: nothing plays in them, and a secret stands wherever a camera or a program could have put it."""


def element(number: str, *content: bytes, unknown: bool = False) -> bytes:
    """The element of that id (RFC 8794); `unknown`: one that does not say how long it is."""
    body = b"".join(content)
    size = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(body)).to_bytes(8) if len(body) > 126 else bytes([0x80 | len(body)])
    return bytes.fromhex(number) + size + body


def vorbis(secret: bytes) -> bytes:
    """What a track of Vorbis begins with: three headers, of which the second holds comments."""
    vendor = b"Encoder " + secret
    comments = [len(vendor).to_bytes(4, "little"), vendor, (1).to_bytes(4, "little"), len(secret).to_bytes(4, "little"), secret]
    header = b"\x03vorbis" + b"".join(comments) + b"\1"
    return (
        bytes([2, 30]) + b"\xff" * (len(header) // 255) + bytes([len(header) % 255]) + b"\1vorbis" + bytes(23) + header + b"\5vorbis setup"
    )


def track(secret: bytes = b"", *more: bytes, kind: int = 1, codec: bytes = b"V_VP8", size: tuple[int, int] = (640, 360)) -> bytes:
    video = element("E0", element("B0", size[0].to_bytes(4)), element("BA", size[1].to_bytes(4)), element("EC", secret))
    said = [element("536E", secret), element("22B59C", secret), element("258688", secret), element("4FFE", secret)]
    return element("AE", element("D7", b"\1"), element("83", bytes([kind])), element("86", codec), *said, video, *more)


def webm(secret: bytes = b"", *tracks: bytes, kind: bytes = b"webm", more: bytes = b"", live: bool = False) -> bytes:
    """A WebM; `live`: as a browser writes it while it records, with no lengths. `more` stands at the end of its Segment."""
    block = element("A3", b"\x81\0\0\x80picture")
    other = element("75A1", element("A6", element("EE", b"\4"), element("A5", secret)))  # what comes with a picture, and is none
    alpha = element("75A1", element("A6", element("A5", b"transparency")))
    groups = [element("A0", element("A1", b"\x81\0\0\x80picture"), extra) for extra in (other, alpha)]
    info = [element("2AD7B1", b"\x0f\x42\x40"), *(element(number, secret) for number in ("4D80", "5741", "7BA9", "7384", "4461", "73A4"))]
    segment = [
        element("BF", secret[:4]),
        element("EC", secret),
        element("114D9B74", element("4DBB", element("53AB", bytes.fromhex("1254C367")), element("53AC", b"\1"))),
        element("1549A966", *info),
        element("1654AE6B", *(tracks or [track(secret), track(secret, element("63A2", vorbis(secret)), kind=2, codec=b"A_VORBIS")])),
        *[element("1F43B675", element("E7", b"\0"), block, *groups, element("5854", secret), unknown=live)] * 2,
        *(element(number, secret, element("4FFE", secret)) for number in ("1254C367", "1941A469", "1043A770", "1A2B3C4D")),
        more,
    ]
    head = element("1A45DFA3", element("4282", kind), element("4285", b"\2"), element("EC", secret))
    return head + element("18538067", *segment, unknown=live) + (b"" if live else element("EC", secret))
