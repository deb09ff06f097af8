"""Turns shadings, and the functions that give their colours, to the inks of a printing press."""

import zlib
from bisect import bisect_right
from collections.abc import Callable, Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from octavo.typeset.press.ink_spaces import Inks, Model, Space, read_space

_SAMPLES = 256
_EXPONENTIAL, _STITCHING = 2, 3
_FUNCTION_BASED = 1
"""The type of shading whose function takes a place instead of one number."""

Curve = Callable[[float], list[float]]


class _UnknownFunctionError(ValueError):
    """Raised for a function that cannot be evaluated here."""


def ink_shading(pdf: Pdf, shading: Object, resources: Object, inks: Inks) -> None:
    """Turn a shading to inks in place (ISO 32000-2 §8.7.4.5).

    Left as they are, for the preflight to report: colours that stand at the corners of a mesh, and
    functions of two numbers or in PostScript.
    """
    space = read_space(shading.ColorSpace, resources)
    if space.model is Model.INKS or "/Function" not in shading:
        return
    if int(shading.ShadingType) == _FUNCTION_BASED:
        return
    function = ink_function(pdf, shading.Function, space, inks)
    if function is None:
        return
    if "/Background" in shading:
        shading.Background = Array(inks.colour(space, _numbers(shading.Background)))
    shading.Function = function
    shading.ColorSpace = Name.DeviceCMYK


def ink_tint(pdf: Pdf, space: Array, resources: Object, inks: Inks) -> Array | None:
    """Turn the alternate space of a spot colour to inks, if it is another one (§8.6.6.4)."""
    if space[0] not in (Name.Separation, Name.DeviceN):
        return None
    base = read_space(space[2], resources)
    if base.model is Model.INKS:
        return None
    function = ink_function(pdf, space[3], base, inks)
    if function is None:
        return None
    return Array([space[0], space[1], Name.DeviceCMYK, function, *list(space)[4:]])


def ink_function(pdf: Pdf, given: Object, space: Space, inks: Inks) -> Object | None:
    """Give a function of inks for one of colours, or ``None`` where that is not known here.

    Interpolation goes on between the ends turned to inks; what is sampled, or has a function for
    each channel, is sampled anew.
    """
    kind = 0 if isinstance(given, Array) else int(given.FunctionType)
    if kind == _STITCHING:
        parts = [ink_function(pdf, part, space, inks) for part in given.Functions]
        if None in parts:
            return None
        return Dictionary({**_plain(given), "/Functions": Array(parts)})
    if kind == _EXPONENTIAL:
        first = inks.colour(space, _numbers(given.get("/C0", Array([0]))))
        last = inks.colour(space, _numbers(given.get("/C1", Array([1]))))
        return Dictionary({**_plain(given), "/C0": Array(first), "/C1": Array(last)})
    return _sampled(pdf, given, space, inks)


def _plain(function: Object) -> dict[str, Object]:
    return {key: function[key] for key in sorted(function.keys()) if key != "/Range"}


def _numbers(given: Object) -> list[float]:
    return [float(number) for number in given]


def _sampled(pdf: Pdf, given: Object, space: Space, inks: Inks) -> Object | None:
    """Make a sampled function (ISO 32000-2 §7.10.2) of one that has one number as its input."""
    domain = _numbers((given[0] if isinstance(given, Array) else given).Domain)
    try:
        curve = _curve(given)
    except _UnknownFunctionError:
        return None
    low, high = domain[:2]
    steps = (low + (high - low) * step / (_SAMPLES - 1) for step in range(_SAMPLES))
    colours = (inks.colour(space, curve(step)) for step in steps)
    packed = bytes(round(ink * 255) for colour in colours for ink in colour)
    return Stream(
        pdf,
        zlib.compress(packed, 9),
        FunctionType=0,
        Domain=Array(domain),
        Range=Array([0, 1] * 4),
        Size=Array([_SAMPLES]),
        BitsPerSample=8,
        Filter=Name.FlateDecode,
    )


def _curve(given: Object) -> Curve:
    """Give a function of one number as one of Python's (ISO 32000-2 §7.10)."""
    if isinstance(given, Array):
        curves = [_curve(part) for part in given]
        return lambda x: [value for curve in curves for value in curve(x)]
    if len(given.Domain) > len((0, 1)):
        raise _UnknownFunctionError
    match int(given.FunctionType):
        case 0:
            return _sample_curve(given)
        case 2:
            return _power_curve(given)
        case 3:
            return _stitched_curve(given)
    raise _UnknownFunctionError


def _power_curve(given: Object) -> Curve:
    first = _numbers(given.get("/C0", Array([0])))
    last = _numbers(given.get("/C1", Array([1])))
    exponent = float(given.N)
    return lambda x: [a + x**exponent * (b - a) for a, b in zip(first, last, strict=True)]


def _stitched_curve(given: Object) -> Curve:
    curves = [_curve(part) for part in given.Functions]
    low, high = _numbers(given.Domain)
    bounds = _numbers(given.Bounds)
    ends = [low, *bounds, high]
    encode = _numbers(given.Encode)

    def curve(x: float) -> list[float]:
        part = bisect_right(bounds, x)
        scaled = _between(x, ends[part : part + 2], encode[2 * part : 2 * part + 2])
        return curves[part](scaled)

    return curve


def _sample_curve(given: Object) -> Curve:
    bits = int(given.BitsPerSample)
    if bits not in (8, 16):
        raise _UnknownFunctionError
    width = bits // 8
    ranges = _numbers(given.Range)
    decode = _numbers(given.get("/Decode", given.Range))
    channels = len(ranges) // 2
    size = int(given.Size[0])
    domain = _numbers(given.Domain)
    encode = _numbers(given.get("/Encode", Array([0, size - 1])))
    data = given.read_bytes()
    top = (1 << bits) - 1

    def sample(place: int, channel: int) -> float:
        at = (place * channels + channel) * width
        value = int.from_bytes(data[at : at + width], "big") / top
        return _between(value, (0, 1), decode[2 * channel : 2 * channel + 2])

    def curve(x: float) -> list[float]:
        place = max(0.0, min(size - 1.0, _between(x, domain, encode)))
        left = int(place)
        right = min(left + 1, size - 1)
        share = place - left
        return [
            sample(left, channel) * (1 - share) + sample(right, channel) * share
            for channel in range(channels)
        ]

    return curve


def _between(x: float, source: Sequence[float], target: Sequence[float]) -> float:
    """Carry ``x`` from one interval to another (ISO 32000-2 §7.10.2)."""
    low, high = source
    first, last = target
    return first if high == low else first + (x - low) * (last - first) / (high - low)
