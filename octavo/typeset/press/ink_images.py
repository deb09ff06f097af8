"""Turns the pictures of a PDF to the inks of a printing press."""

import io
import zlib
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Name, Object, Pdf, Stream, String
from PIL import Image, ImageChops

from octavo.typeset.press.ink_shadings import ink_tint
from octavo.typeset.press.ink_spaces import (
    RGB_SPACE,
    InkError,
    Inks,
    Model,
    Space,
    read_space,
    table,
)

_LOSSY = (Name.DCTDecode, Name.JPXDecode)
_PLAIN = (0, 1, 0, 1, 0, 1)
"""What ``/Decode`` says where it changes nothing."""


def ink_image(pdf: Pdf, image: Stream, resources: Object, inks: Inks) -> None:
    """Turn an image to inks in place, if it is not in inks or grey (ISO 32000-2 §8.9.5).

    A picture with nothing but greys in it becomes grey, others CMYK; what came as JPEG or
    JPEG 2000 goes as JPEG, all else without loss.  Its soft mask stays.
    """
    if image.get("/ImageMask", False):
        return
    given = image.get("/ColorSpace")
    if isinstance(given, Array) and (
        instead := ink_indexed(given, resources, inks) or ink_tint(pdf, given, resources, inks)
    ):
        image.ColorSpace = instead
        return
    space = _space_of_jpx(image) if given is None else read_space(given, resources)
    if space.model is Model.INKS:
        return
    if space.model is Model.GREY:
        image.ColorSpace = Name.DeviceGray
        return
    pixels = _pixels(image)
    if isinstance(image.get("/Mask"), Array):
        image.Mask = _stencil(pdf, pixels, [int(value) for value in image.Mask])
    if "/Matte" in image.get("/SMask", {}):
        raise InkError("a picture is blended with the colour of its mask's matte")
    pixels = _decoded(pixels, space, [float(value) for value in image.get("/Decode", Array())])
    _write(image, inks.picture(pixels, space.profile))


def ink_indexed(given: Array, resources: Object, inks: Inks) -> Array | None:
    """Turn the table of an Indexed space to inks, if it has others (ISO 32000-2 §8.6.6.3)."""
    if given[0] != Name.Indexed:
        return None
    base = read_space(given[1], resources)
    if base.model is Model.INKS:
        return None
    colours = (inks.colour(base, values) for values in table(given, base))
    packed = bytes(round(ink * 255) for colour in colours for ink in colour)
    return Array([Name.Indexed, Name.DeviceCMYK, given[2], String(packed)])


def _filters(image: Stream) -> list[Object]:
    found = image.get("/Filter", Array())
    return list(found) if isinstance(found, Array) else [found]


def _space_of_jpx(image: Stream) -> Space:
    """Say which colours a JPEG 2000 has that names them in itself alone."""
    if Name.JPXDecode not in _filters(image):
        raise InkError("a picture does not say what its colours are")
    with Image.open(io.BytesIO(image.read_raw_bytes())) as found:
        return RGB_SPACE if found.mode.startswith("RGB") else Space(Model.INKS)


def _pixels(image: Stream) -> Image.Image:
    """Give the three channels of an image, as they are in the file, with eight bits each."""
    if Name.JPXDecode in _filters(image):
        if int(image.get("/SMaskInData", 0)):
            raise InkError("a JPEG 2000 picture has its mask in itself")
        with Image.open(io.BytesIO(image.read_raw_bytes())) as found:
            return found.convert("RGB")
    data = image.read_bytes(decode_level=pikepdf.StreamDecodeLevel.all)
    width, height = int(image.Width), int(image.Height)
    size = width * height * 3
    match bits := int(image.get("/BitsPerComponent", 8)):
        case 16:
            data = data[::2]
        case 1 | 2 | 4:
            data = _unpacked(data, bits, width * 3)
    if len(data) < size:
        raise InkError("a picture has fewer pixels than it says")
    return Image.frombytes("RGB", (width, height), data[:size])


def _unpacked(data: bytes, bits: int, row: int) -> bytes:
    """Spread samples of less than a byte to bytes; each row begins with a new byte."""
    top = (1 << bits) - 1
    spread = [
        bytes((byte >> shift & top) * 255 // top for shift in range(8 - bits, -1, -bits))
        for byte in range(256)
    ]
    length = (row * bits + 7) // 8
    rows = (data[at : at + length] for at in range(0, len(data), length))
    return b"".join(b"".join(spread[byte] for byte in packed)[:row] for packed in rows)


def _stencil(pdf: Pdf, pixels: Image.Image, ranges: Sequence[int]) -> Stream:
    """Make a mask of the pixels that a colour key leaves out (ISO 32000-2 §8.9.6.4)."""
    hidden = Image.new("L", pixels.size, 255)
    for band, low, high in zip(pixels.split(), ranges[::2], ranges[1::2], strict=True):
        table = [255 if low <= value <= high else 0 for value in range(256)]
        hidden = ImageChops.darker(hidden, band.point(table))
    return Stream(
        pdf,
        zlib.compress(hidden.convert("1", dither=Image.Dither.NONE).tobytes()),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=pixels.width,
        Height=pixels.height,
        ImageMask=True,
        BitsPerComponent=1,
        Filter=Name.FlateDecode,
    )


def _decoded(pixels: Image.Image, space: Space, decode: Sequence[float]) -> Image.Image:
    """Apply ``/Decode``, and give Lab as Pillow has it, with signed bytes for a and b."""
    if space.model is Model.LAB:
        ranges = tuple(decode) or (0, 100, *space.limits)
        scaled = [
            [round(low + value * (high - low) / 255) for value in range(256)]
            for low, high in zip(ranges[::2], ranges[1::2], strict=True)
        ]
        lightness = [round(value * 2.55) & 255 for value in scaled[0]]
        signed = [max(-128, min(127, value)) & 255 for band in scaled[1:] for value in band]
        return Image.frombytes("LAB", pixels.size, pixels.point(lightness + signed).tobytes())
    if not decode or tuple(decode) == _PLAIN:
        return pixels
    return pixels.point(
        [
            max(0, min(255, round(255 * low + value * (high - low))))
            for low, high in zip(decode[::2], decode[1::2], strict=True)
            for value in range(256)
        ]
    )


def _write(image: Stream, pixels: Image.Image) -> None:
    lossy = any(name in _LOSSY for name in _filters(image))
    image.ColorSpace = Name.DeviceGray if pixels.mode == "L" else Name.DeviceCMYK
    image.BitsPerComponent = 8
    for key in ("/Decode", "/DecodeParms", "/SMaskInData"):
        if key in image:
            del image[key]
    if lossy:
        image.write(_jpeg(pixels), filter=Name.DCTDecode)
    else:
        image.write(zlib.compress(pixels.tobytes(), 9), filter=Name.FlateDecode)


def _jpeg(pixels: Image.Image) -> bytes:
    """Write a JPEG whose samples are the inks; Pillow would write their complements."""
    straight = ImageChops.invert(pixels) if pixels.mode == "CMYK" else pixels
    out = io.BytesIO()
    straight.save(out, "JPEG", quality=95, subsampling=0, optimize=True)
    return out.getvalue()
