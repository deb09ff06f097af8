"""Colour spaces of a PDF, and the way from their colours to the inks of a printing press."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pikepdf import Array, Name, Object, Stream
from PIL import Image, ImageChops, ImageCms

from octavo.typeset.press.ink_walk import resource

Cmyk = tuple[float, float, float, float]
"""How much of each ink, from 0 to 1: cyan, magenta, yellow, black."""


class InkError(ValueError):
    """Raised for what cannot be turned to inks: an unusable profile, a rare kind of picture."""


class Model(StrEnum):
    """What the numbers of a colour space mean; ``INKS`` stands for all that need no change."""

    INKS = "inks"
    GREY = "grey"
    RGB = "RGB"
    LAB = "Lab"


@dataclass(frozen=True)
class Space:
    """A colour space; ``pattern`` says that it colours an uncoloured tiling pattern.

    ``profile`` is its ICC profile, without which RGB is taken to be sRGB; ``limits`` are those of
    Lab's a and b.
    """

    model: Model
    profile: bytes = b""
    limits: tuple[float, ...] = (-100, 100, -100, 100)
    pattern: bool = False

    @property
    def black(self) -> tuple[float, ...]:
        """The colour that is set together with the space (ISO 32000-2 §8.6.5, §8.6.8)."""
        return (0.0,) if self.model is Model.GREY else (0.0, 0.0, 0.0)

    @property
    def channels(self) -> int:
        """How many numbers make a colour."""
        return len(self.black)

    def from_bytes(self, values: Sequence[int]) -> tuple[float, ...]:
        """Read a colour from a table or a picture of eight bits a channel."""
        parts = [value / 255 for value in values]
        if self.model is not Model.LAB:
            return tuple(parts)
        low_a, high_a, low_b, high_b = self.limits
        lightness, a, b = parts
        return lightness * 100, low_a + a * (high_a - low_a), low_b + b * (high_b - low_b)


INK_SPACE = Space(Model.INKS)
RGB_SPACE = Space(Model.RGB)


def read_space(given: Object, resources: Object) -> Space:
    """Read a colour space, or the name of one among the resources (ISO 32000-2 §8.6)."""
    if isinstance(given, Name):
        named = resource(resources, "/ColorSpace", given)
        if named is not None and named != given:
            return read_space(named, resources)
        return RGB_SPACE if given == Name.DeviceRGB else INK_SPACE
    space = INK_SPACE
    match str(given[0]):
        case "/DeviceRGB" | "/CalRGB":
            space = RGB_SPACE
        case "/CalGray":
            space = Space(Model.GREY)
        case "/Lab":
            limits = given[1].get("/Range", Array([-100, 100, -100, 100]))
            space = Space(Model.LAB, limits=tuple(float(limit) for limit in limits))
        case "/ICCBased":
            space = _read_icc(given[1])
        case "/Pattern" if len(given) > 1:
            space = replace(read_space(given[1], resources), pattern=True)
    return space


def _read_icc(profile: Object) -> Space:
    match int(profile.N):
        case 1:
            return Space(Model.GREY)
        case 3:
            return Space(Model.RGB, profile.read_bytes())
    return INK_SPACE


def foreign(given: Object, resources: Object, covered: frozenset[str]) -> str:
    """Name the colour space, this one or one under it, that is not ``covered``, or give ``""``.

    ``covered`` are names of device spaces; all that is not given in inks of a device is foreign.
    """
    if isinstance(given, Name):
        named = resource(resources, "/ColorSpace", given)
        if named is not None and named != given:
            return foreign(named, resources, covered)
        name = str(given).removeprefix("/")
        return "" if name in covered or name == "Pattern" else name
    name = str(given[0]).removeprefix("/")
    match name:
        case "Pattern" | "Indexed" if len(given) > 1:
            return foreign(given[1], resources, covered)
        case "Separation" | "DeviceN":
            return foreign(given[2], resources, covered)
    return "" if name in covered or name == "Pattern" else name


_INLINE_SPACE = re.compile(rb"/(?:CS|ColorSpace)\s*(/[^\s/\[<>(]+|\[.*\])", re.DOTALL)
_SHORT = {
    b"/RGB": b"/DeviceRGB",
    b"/G": b"/DeviceGray",
    b"/CMYK": b"/DeviceCMYK",
    b"/I": b"/Indexed",
}
_SHORT_NAME = re.compile(rb"/(?:RGB|G|CMYK|I)(?![^\s/\[\]<>(])")


def inline_space(header: bytes) -> Object:
    """Give the colour space of an inline image, its name written out (ISO 32000-2 §8.9.7)."""
    found = _INLINE_SPACE.search(header)
    if found is None:
        return Name.DeviceGray
    return Object.parse(_SHORT_NAME.sub(lambda name: _SHORT[name[0]], found[1]))


class Inks:
    """The inks of one printing condition: turns colours and pictures to them.

    Relative colorimetric, with compensation of the black point.
    """

    def __init__(self, profile: bytes) -> None:
        self._press = _open_profile(profile)
        if self._press.profile.xcolor_space.strip() != "CMYK":
            raise InkError("the profile of the printing condition is not one for CMYK")
        self._transforms: dict[tuple[str, bytes], ImageCms.ImageCmsTransform] = {}
        self._known: dict[tuple[Model, bytes, tuple[int, ...]], Cmyk] = {}

    def colour(self, space: Space, values: Sequence[float]) -> Cmyk:
        """Turn one colour to inks; a neutral one, above all black, to black ink alone."""
        if is_neutral(space, values):
            return 0.0, 0.0, 0.0, round(1 - luminosity(space, values), 4)
        packed = _packed(space, values)
        key = (space.model, space.profile, packed)
        if key not in self._known:
            mode = "LAB" if space.model is Model.LAB else "RGB"
            dot = Image.frombytes(mode, (1, 1), bytes(packed))
            inks = self._apply(dot, space.profile).tobytes()
            cyan, magenta, yellow, black = (round(ink / 255, 4) for ink in inks)
            self._known[key] = (cyan, magenta, yellow, black)
        return self._known[key]

    def picture(self, image: Image.Image, profile: bytes) -> Image.Image:
        """Turn the pixels of a picture, RGB or LAB, to inks; grey RGB to greys (mode ``L``)."""
        if image.mode == "RGB" and _is_grey(image):
            return image.getchannel("R")
        return self._apply(image, profile)

    def _apply(self, image: Image.Image, profile: bytes) -> Image.Image:
        key = (image.mode, profile)
        if key not in self._transforms:
            self._transforms[key] = self._transform(image.mode, profile)
        try:
            inked = ImageCms.applyTransform(image, self._transforms[key])
        except (ImageCms.PyCMSError, ValueError) as error:
            raise InkError(f"a picture cannot be turned to inks: {error}") from error
        assert inked is not None
        return inked

    def _transform(self, mode: str, profile: bytes) -> ImageCms.ImageCmsTransform:
        if profile:
            source = _open_profile(profile)
        else:
            own = ImageCms.createProfile("LAB" if mode == "LAB" else "sRGB")
            source = ImageCms.ImageCmsProfile(own)
        try:
            return ImageCms.buildTransform(
                source,
                self._press,
                mode,
                "CMYK",
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except ImageCms.PyCMSError as error:
            raise InkError(f"an ICC profile cannot be used: {error}") from error


def is_neutral(space: Space, values: Sequence[float]) -> bool:
    """Say whether a colour is a grey, black or white."""
    match space.model:
        case Model.GREY:
            return True
        case Model.LAB:
            return not any(_packed(space, values)[1:])
    return len(set(_packed(space, values))) == 1


def luminosity(space: Space, values: Sequence[float]) -> float:
    """Say how light a colour is, from 0 to 1, as a soft mask does (ISO 32000-2 §11.5.3)."""
    match space.model:
        case Model.GREY:
            return _clamped(values[0])
        case Model.LAB:
            return _grey_of_lightness(values[0])
    red, green, blue = (_clamped(value) for value in values)
    return red if red == green == blue else 0.3 * red + 0.59 * green + 0.11 * blue


def _grey_of_lightness(lightness: float) -> float:
    """Give the grey of sRGB (IEC 61966-2-1) that has a lightness of CIE Lab."""
    cie_linear_end, srgb_linear_end = 8, 0.0031308
    is_dark = lightness <= cie_linear_end
    luminance = lightness / 903.3 if is_dark else ((lightness + 16) / 116) ** 3
    if luminance <= srgb_linear_end:
        return _clamped(12.92 * luminance)
    return _clamped(1.055 * luminance ** (1 / 2.4) - 0.055)


def _packed(space: Space, values: Sequence[float]) -> tuple[int, ...]:
    """Give a colour as the bytes of a pixel; Lab's a and b are signed."""
    if space.model is Model.LAB:
        lightness, a, b = values
        signed = (round(max(-128, min(127, value))) & 255 for value in (a, b))
        return (round(255 * _clamped(lightness / 100)), *signed)
    return tuple(round(255 * _clamped(value)) for value in values)


def _clamped(value: float) -> float:
    return max(0.0, min(1.0, value))


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return not (
        ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox()
    )


def _open_profile(profile: bytes) -> ImageCms.ImageCmsProfile:
    try:
        return ImageCms.getOpenProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError) as error:
        raise InkError(f"an ICC profile cannot be read: {error}") from error


def table(given: Object, space: Space) -> list[tuple[float, ...]]:
    """Read the colours of an Indexed space whose base is ``space``."""
    lookup = given[3]
    data = lookup.read_bytes() if isinstance(lookup, Stream) else bytes(lookup)
    size = (int(given[2]) + 1) * space.channels
    data = data[:size].ljust(size, b"\0")
    step = space.channels
    return [space.from_bytes(data[at : at + step]) for at in range(0, size, step)]
