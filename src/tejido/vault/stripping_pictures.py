"""Pictures: decoded to pixels, and the pixels written anew. Nothing that was not a pixel comes through."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Final

from PIL import Image, ImageOps, ImageSequence

from tejido.vault.stripped import Clean, Refused

#: Kinds that are cleaned, with the name of their reader and writer.
PICTURES: Final = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
#: Kinds of which a preview is drawn.
SHOWN: Final = {**PICTURES, "gif": "GIF", "bmp": "BMP"}
#: Points of one picture, and of all pictures of a file together.
MOST_POINTS: Final = 60_000_000
MOST_POINTS_TOGETHER: Final = 120_000_000
MOST_FRAMES: Final = 300
#: Points of the longer side of a preview.
PREVIEW: Final = 1000
_PLAIN_MODES: Final = {"1", "L", "RGB", "RGBA", "LA", "I;16"}


def stripped_picture(content: bytes, media: str) -> Clean:
    """Return the picture made anew from its pixels, turned the way it is looked at."""
    opened = _opened(content, {media: PICTURES[media]})
    removed = _told(opened)
    frames, times = [], []
    for frame in _frames(opened):
        times.append(frame.info.get("duration", 0))
        frames.append(_pixels(frame, media))
    clean = _written(frames, media, times)
    if len(frames) == 1 and _tail(content, media):
        removed.add("tail")
    return Clean(clean, media, frozenset(removed), frozenset({"picture"}))


def thumbnail(content: bytes, media: str) -> bytes:
    """Return a small PNG of a picture's first frame."""
    if media not in SHOWN:
        raise Refused("no_preview")
    opened = _opened(content, {media: SHOWN[media]})
    for frame in _frames(opened):
        small = _pixels(frame, "png").convert("RGBA")
        small.thumbnail((PREVIEW, PREVIEW))
        return _written([small], "png", [])
    raise Refused("damaged")


def _opened(content: bytes, kinds: dict[str, str]) -> Image.Image:
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        opened = Image.open(io.BytesIO(content), formats=list(kinds.values()))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_many_points") from None
    except Exception:
        raise Refused("damaged") from None
    if opened.width * opened.height > MOST_POINTS:
        raise Refused("too_many_points")
    return opened


def _frames(opened: Image.Image) -> Iterator[Image.Image]:
    """Yield the decoded frames, within bounds. Whatever a reader raises over a bad file means the same."""
    points = 0
    try:
        for number, frame in enumerate(ImageSequence.Iterator(opened)):
            points += frame.width * frame.height
            if number >= MOST_FRAMES or points > MOST_POINTS_TOGETHER:
                raise Refused("too_many_points")
            frame.load()
            yield frame
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_many_points") from None
    except Exception:
        raise Refused("truncated") from None


def _pixels(frame: Image.Image, media: str) -> Image.Image:
    """Return a new picture that holds the pixels of ``frame`` and nothing else."""
    turned = ImageOps.exif_transpose(frame)
    if turned.mode == "P" or turned.mode == "PA":
        turned = turned.convert("RGBA" if "transparency" in turned.info or turned.mode == "PA" else "RGB")
    elif turned.mode not in _PLAIN_MODES:
        turned = turned.convert("RGB")
    if media == "jpeg" and turned.mode not in {"L", "RGB"}:
        turned = turned.convert("RGB")
    if media == "webp" and turned.mode not in {"RGB", "RGBA"}:
        turned = turned.convert("RGBA" if turned.mode == "LA" else "RGB")
    fresh = Image.new(turned.mode, turned.size)
    fresh.paste(turned)
    return fresh


def _written(frames: list[Image.Image], media: str, times: list[int]) -> bytes:
    if not frames:
        raise Refused("damaged")
    options: dict[str, dict[str, object]] = {
        "jpeg": {"quality": 92, "subsampling": 0},
        "png": {"optimize": False},
        "webp": {"quality": 92},
        "tiff": {"compression": "tiff_deflate"},
    }
    more: dict[str, object] = {}
    if len(frames) > 1 and media != "jpeg":
        more = {"save_all": True, "append_images": frames[1:]}
        if media in {"png", "webp"}:
            more |= {"duration": [round(one) or 100 for one in times], "loop": 0}
    target = io.BytesIO()
    frames[0].save(target, format=PICTURES[media], **options[media], **more)
    return target.getvalue()


def _told(opened: Image.Image) -> set[str]:
    """Return codes of what the file told besides its picture."""
    told, exif = set(), opened.getexif()
    if exif:
        told.add("exif")
        if exif.get_ifd(0x8825):
            told.add("gps")
        if opened.format != "TIFF" and exif.get_ifd(0x0201):
            told.add("thumbnail")
    info = opened.info
    if "xmp" in info or any("xmp" in str(name).lower() for name in info):
        told.add("xmp")
    if "comment" in info or any(isinstance(text, str) for text in info.values() if text):
        told.add("comments")
    if "icc_profile" in info:
        told.add("profile")
    return told


def _tail(content: bytes, media: str) -> bool:
    """Say whether something hangs on behind the end of the picture."""
    ends = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82"}
    return media in ends and not content.rstrip(b"\0").endswith(ends[media])
