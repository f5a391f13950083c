"""The first bytes of pictures and films, which is all that tells them apart."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
GIF = b"GIF89a" + bytes(40)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40)
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(40)
