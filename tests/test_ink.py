"""Colours turned to the inks of a press: in content, pictures, shadings, groups, masks."""

import io
import zlib
from importlib.resources import files

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import Image, ImageCms, ImageDraw

from octavo.typeset.press.ink import to_inks
from octavo.typeset.press.ink_spaces import InkError, Inks, Model, Space, foreign, luminosity
from octavo.typeset.press.ink_walk import drawings, operations

PROFILE = (files("octavo") / "data" / "fogra39.icc").read_bytes()
LAB = Array([Name.Lab, Dictionary(WhitePoint=[0.9642, 1, 0.8249], Range=[-125, 125, -125, 125])])
INKS = frozenset({"DeviceGray", "DeviceCMYK"})


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def one_page(content: bytes, **resources: Object) -> Pdf:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(100, 100))
    page.obj.Contents = Stream(pdf, content)
    page.obj.Resources = Dictionary({f"/{key}": value for key, value in resources.items()})
    return pdf


def content_of(holder: Object) -> bytes:
    return (holder if isinstance(holder, Stream) else holder.Contents).read_bytes()


def inked(content: bytes, **resources: Object) -> bytes:
    pdf = one_page(content, **resources)
    to_inks(pdf, PROFILE)
    return content_of(pdf.pages[0].obj)


def form(pdf: Pdf, content: bytes, **entries: Object) -> Stream:
    return Stream(
        pdf,
        content,
        {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 9, 9])}
        | {f"/{key}": value for key, value in entries.items()},
    )


def image(
    pdf: Pdf, pixels: Image.Image, space: Object = Name.DeviceRGB, **more: Object | int
) -> Stream:
    return Stream(
        pdf,
        zlib.compress(pixels.tobytes()),
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": pixels.width,
            "/Height": pixels.height,
            "/ColorSpace": space,
            "/BitsPerComponent": 8,
            "/Filter": Name.FlateDecode,
        }
        | {f"/{key}": value for key, value in more.items()},
    )


def red_and_white() -> Image.Image:
    pixels = Image.new("RGB", (16, 8), "white")
    ImageDraw.Draw(pixels).rectangle((0, 0, 7, 7), "red")
    return pixels


def with_image(pdf: Pdf, picture: Stream) -> Stream:
    """The picture after all of the document is turned to inks."""
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(I=picture))
    to_inks(pdf, PROFILE)
    found = pdf.pages[0].obj.Resources.XObject.I
    assert isinstance(found, Stream)
    return found


def test_black_and_greys_become_black_ink_alone() -> None:
    assert inked(b"0 0 0 rg 0 0 0 RG .2 0.2 .20 rg 1 1 1 RG") == (
        b"0 0 0 1 k 0 0 0 1 K 0 0 0 0.8 k 0 0 0 0 K"
    )


def test_red_is_magenta_and_yellow() -> None:
    *inks, operator = inked(b"1 0 0 rg").split()
    cyan, magenta, yellow, black = map(float, inks)
    assert operator == b"k"
    assert (cyan, black) == pytest.approx((0, 0), abs=0.1)
    assert (magenta, yellow) == pytest.approx((1, 1), abs=0.1)


def test_what_is_in_inks_stays_byte_for_byte() -> None:
    content = b"q 0 0 0 1 k  .5 g\n/DeviceCMYK cs 1 0 0 0 scn BT (1 0 0 rg) Tj % 1 0 0 rg\nET Q"
    assert inked(content) == content


def test_strings_and_names_are_not_taken_for_operators() -> None:
    content = rb"(a (1 0 0 rg) \) 1 0 0 rg) Tj /rg gs <00> Tj"
    assert inked(content + b" 0 0 0 rg") == content + b" 0 0 0 1 k"


def test_named_spaces_set_black_and_colours_and_are_taken_away() -> None:
    spaces = Dictionary(A=Name.DeviceRGB, L=LAB)
    pdf = one_page(
        b"/A cs 0 0 0 sc /L CS 0 0 0 SCN /A cs q /DeviceCMYK cs Q 1 1 1 scn", ColorSpace=spaces
    )
    to_inks(pdf, PROFILE)
    page = pdf.pages[0].obj
    assert content_of(page) == (
        b"0 0 0 1 k 0 0 0 1 k 0 0 0 1 K 0 0 0 1 K 0 0 0 1 k q /DeviceCMYK cs Q 0 0 0 0 k"
    )
    assert "/ColorSpace" not in page.Resources


def test_lab_has_the_inks_of_its_colour_and_neutral_lab_black_ink() -> None:
    cyan, magenta, yellow, black = map(
        float, inked(b"/L cs 48 74 -3 sc", ColorSpace=Dictionary(L=LAB)).split()[5:9]
    )
    assert magenta > 0.9
    assert max(cyan, yellow, black) < 0.2
    assert inked(b"/L cs 100 0 0 sc", ColorSpace=Dictionary(L=LAB)) == b"0 0 0 1 k 0 0 0 0 k"


def test_calibrated_greys_become_black_ink() -> None:
    grey = Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])])
    assert inked(b"/G cs .25 sc", ColorSpace=Dictionary(G=grey)) == b"0 0 0 1 k 0 0 0 0.75 k"


def test_icc_profiles_are_used() -> None:
    pdf = one_page(b"/I cs 1 0 0 sc")
    space = Array([Name.ICCBased, Stream(pdf, srgb(), N=3)])
    pdf.pages[0].obj.Resources.ColorSpace = Dictionary(I=space)
    to_inks(pdf, PROFILE)
    found = [float(ink) for ink in content_of(pdf.pages[0].obj).split()[5:9]]
    assert found == pytest.approx([float(ink) for ink in inked(b"1 0 0 rg").split()[:4]], abs=0.01)


def test_forms_patterns_and_glyphs_are_turned_once_and_a_colour_from_outside_too() -> None:
    pdf = one_page(b"/DeviceRGB cs /F Do /F Do")
    inner = form(pdf, b"0 0 1 rg")
    shared = form(pdf, b"0 0 0 sc /G Do", Resources=Dictionary(XObject=Dictionary(G=inner)))
    tile = Stream(pdf, b"0 0 0 rg", PatternType=1, PaintType=1)
    font = Dictionary(
        Subtype=Name.Type3, CharProcs=Dictionary(a=Stream(pdf, b"9 0 d0 0 0 0 rg")), Resources={}
    )
    page = pdf.pages[0].obj
    page.Resources = Dictionary(
        XObject=Dictionary(F=shared), Pattern=Dictionary(P=tile), Font=Dictionary(T=font)
    )
    assert len(list(drawings(pdf))) == 5
    to_inks(pdf, PROFILE)
    resources = page.Resources
    assert content_of(page) == b"0 0 0 1 k /F Do /F Do"
    assert content_of(resources.XObject.F) == b"0 0 0 1 k /G Do"
    assert content_of(resources.XObject.F.Resources.XObject.G).endswith(b" k")
    assert content_of(resources.Pattern.P) == b"0 0 0 1 k"
    assert content_of(resources.Font.T.CharProcs.a) == b"9 0 d0 0 0 0 1 k"


def test_uncoloured_patterns_take_inks() -> None:
    spaces = Dictionary(P=Array([Name.Pattern, Name.DeviceRGB]))
    pdf = one_page(b"/P cs 0 0 0 /T scn", ColorSpace=spaces)
    to_inks(pdf, PROFILE)
    page = pdf.pages[0].obj
    assert content_of(page) == b"/P cs 0 0 0 1 /T scn"
    assert list(page.Resources.ColorSpace.P) == [Name.Pattern, Name.DeviceCMYK]


def test_contents_in_several_streams_are_read_as_one() -> None:
    pdf = one_page(b"")
    pdf.pages[0].obj.Contents = Array([Stream(pdf, b"0 0"), Stream(pdf, b"0 rg")])
    to_inks(pdf, PROFILE)
    assert content_of(pdf.pages[0].obj) == b"0 0 0 1 k"


def test_inline_images_in_inks_stay_and_others_are_refused() -> None:
    grey = b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q 0 0 0 rg"
    assert inked(grey) == grey.replace(b"0 0 0 rg", b"0 0 0 1 k")
    for space in (b"/RGB", b"[/I /RGB 0 <000000>]"):
        with pytest.raises(InkError, match="an inline image is in DeviceRGB"):
            inked(b"BI /W 1 /H 1 /BPC 8 /CS " + space + b" ID abc EI")


def test_pictures_become_cmyk_without_loss_and_keep_their_soft_mask() -> None:
    pdf = one_page(b"/I Do")
    mask = image(pdf, Image.new("L", (16, 8), 128), Name.DeviceGray)
    found = with_image(pdf, image(pdf, red_and_white(), SMask=mask))
    assert (found.ColorSpace, found.Filter) == (Name.DeviceCMYK, Name.FlateDecode)
    pixels = Image.frombytes("CMYK", (16, 8), found.read_bytes())
    assert pixels.getpixel((12, 4)) == (0, 0, 0, 0)
    red = pixels.getpixel((2, 4))
    assert isinstance(red, tuple)
    assert red[0] < 20
    assert min(red[1:3]) > 220
    assert found.SMask.ColorSpace == Name.DeviceGray
    assert found.SMask.read_bytes() == bytes([128]) * 128


def test_jpeg_stays_jpeg_and_its_samples_are_the_inks() -> None:
    pdf = one_page(b"/I Do")
    out = io.BytesIO()
    red_and_white().save(out, "JPEG", quality=95)
    picture = image(pdf, red_and_white())
    picture.write(out.getvalue(), filter=Name.DCTDecode)
    found = with_image(pdf, picture)
    assert found.Filter == Name.DCTDecode
    assert "/Decode" not in found
    pixels = found.read_bytes(decode_level=pikepdf.StreamDecodeLevel.all)
    assert max(pixels[4 * 12 : 4 * 13]) < 12
    assert min(pixels[4 * 2 + 1 : 4 * 2 + 3]) > 200


def test_jpeg_2000_without_a_colour_space_is_turned() -> None:
    pdf = one_page(b"/I Do")
    out = io.BytesIO()
    red_and_white().save(out, "JPEG2000")
    picture = image(pdf, red_and_white())
    picture.write(out.getvalue(), filter=Name.JPXDecode)
    del picture["/ColorSpace"]
    found = with_image(pdf, picture)
    assert (found.ColorSpace, found.Filter) == (Name.DeviceCMYK, Name.DCTDecode)


def test_rgb_pictures_of_greys_become_grey() -> None:
    pdf = one_page(b"/I Do")
    found = with_image(pdf, image(pdf, Image.new("RGB", (3, 2), (7, 7, 7))))
    assert found.ColorSpace == Name.DeviceGray
    assert found.read_bytes() == bytes([7]) * 6


@pytest.mark.parametrize(
    ("mode", "space"),
    [("L", Name.DeviceGray), ("CMYK", Name.DeviceCMYK)],
)
def test_pictures_in_inks_stay(mode: str, space: Name) -> None:
    pdf = one_page(b"/I Do")
    picture = image(pdf, Image.new(mode, (3, 2)), space)
    before = picture.read_raw_bytes()
    found = with_image(pdf, picture)
    assert (found.ColorSpace, found.read_raw_bytes()) == (space, before)


def test_tables_of_colours_are_turned_and_their_greys_are_black_ink() -> None:
    pdf = one_page(b"/I Do")
    space = Array([Name.Indexed, Name.DeviceRGB, 2, String(b"\0\0\0\xff\xff\xff\xff\0\0")])
    found = with_image(pdf, image(pdf, Image.new("L", (3, 2)), space))
    assert found.ColorSpace[1] == Name.DeviceCMYK
    table = bytes(found.ColorSpace[3])
    assert table[:8] == bytes([0, 0, 0, 255, 0, 0, 0, 0])
    assert len(table) == 12


@pytest.mark.parametrize("bits", [1, 2, 4, 16])
def test_pictures_of_other_depths_are_read(bits: int) -> None:
    pdf = one_page(b"/I Do")
    row = b"\xff" * (-(-3 * 3 * bits // 8))
    picture = image(pdf, Image.new("RGB", (3, 2)), BitsPerComponent=bits)
    picture.write(row + b"\0" * len(row))
    found = with_image(pdf, picture)
    assert found.read_bytes() == b"\xff" * 3 + b"\0" * 3


def test_decode_arrays_and_lab_pictures_are_applied() -> None:
    pdf = one_page(b"/I Do")
    inverted = image(pdf, Image.new("RGB", (1, 1), (255, 255, 255)), Decode=Array([1, 0] * 3))
    assert with_image(pdf, inverted).read_bytes() == b"\0"
    white = image(pdf, Image.frombytes("RGB", (1, 1), b"\xff\x80\x80"), LAB)
    assert max(with_image(pdf, white).read_bytes()) < 6


def test_colour_keys_become_stencil_masks() -> None:
    pdf = one_page(b"/I Do")
    key = Array([250, 255, 250, 255, 250, 255])
    found = with_image(pdf, image(pdf, red_and_white(), Mask=key))
    assert found.Mask.ImageMask
    assert found.Mask.read_bytes() == b"\0\xff" * 8


def test_pictures_that_cannot_be_turned_are_refused() -> None:
    pdf = one_page(b"/I Do")
    mask = image(pdf, Image.new("L", (16, 8)), Name.DeviceGray, Matte=Array([0, 0, 0]))
    with pytest.raises(InkError, match="matte"):
        with_image(pdf, image(pdf, red_and_white(), SMask=mask))
    with pytest.raises(InkError, match="fewer pixels"):
        with_image(pdf, image(pdf, red_and_white(), Width=99))


def blend(first: list[float], last: list[float]) -> Dictionary:
    return Dictionary(FunctionType=2, Domain=[0, 1], C0=first, C1=last, N=1)


def test_shadings_blend_between_inks() -> None:
    parts = [blend([0, 0, 0], [1, 1, 1]), blend([1, 1, 1], [0.5, 0.5, 0.5])]
    stitched = Dictionary(
        FunctionType=3, Domain=[0, 1], Bounds=[0.5], Encode=[0, 1, 0, 1], Functions=parts
    )

    def shading() -> Dictionary:
        return Dictionary(
            ShadingType=2, ColorSpace=Name.DeviceRGB, Function=stitched, Background=[0, 0, 0]
        )

    pattern = Dictionary(PatternType=2, Shading=shading())
    pdf = one_page(b"/S sh", Shading=Dictionary(S=shading()), Pattern=Dictionary(P=pattern))
    to_inks(pdf, PROFILE)
    resources = pdf.pages[0].obj.Resources
    for found in (resources.Shading.S, resources.Pattern.P.Shading):
        assert found.ColorSpace == Name.DeviceCMYK
        assert [float(ink) for ink in found.Background] == [0, 0, 0, 1]
        ends = [part[key] for part in found.Function.Functions for key in ("/C0", "/C1")]
        assert [float(inks[3]) for inks in ends] == [1, 0, 0, 0.5]


def test_functions_for_each_channel_are_sampled() -> None:
    pdf = one_page(b"/S sh")
    samples = Stream(
        pdf, b"\0\xff", FunctionType=0, Domain=[0, 1], Range=[0, 1], Size=[2], BitsPerSample=8
    )
    stitched = Dictionary(
        FunctionType=3,
        Domain=[0, 1],
        Bounds=[0.5],
        Encode=[0, 0.5, 0.5, 1],
        Functions=[blend([0], [1]), blend([0], [1])],
    )
    shading = Dictionary(
        ShadingType=2,
        ColorSpace=Name.DeviceRGB,
        Coords=[0, 0, 1, 1],
        Function=[samples, stitched, blend([0], [1])],
    )
    pdf.pages[0].obj.Resources = Dictionary(Shading=Dictionary(S=shading))
    to_inks(pdf, PROFILE)
    found = pdf.pages[0].obj.Resources.Shading.S.Function
    table = found.read_bytes()
    assert (int(found.FunctionType), len(table)) == (0, 1024)
    assert (table[:4], table[-4:]) == (b"\0\0\0\xff", b"\0\0\0\0")
    assert table[4 * 128 : 4 * 129] == bytes([0, 0, 0, 127])


def test_shadings_with_postscript_are_left_to_the_preflight() -> None:
    pdf = one_page(b"/S sh")
    script = Stream(pdf, b"{ dup dup }", FunctionType=4, Domain=[0, 1], Range=[0, 1] * 3)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Function=script)
    pdf.pages[0].obj.Resources = Dictionary(Shading=Dictionary(S=shading))
    to_inks(pdf, PROFILE)
    assert pdf.pages[0].obj.Resources.Shading.S.ColorSpace == Name.DeviceRGB


def test_spot_colours_get_inks_as_their_alternate() -> None:
    spot = Array([Name.Separation, Name.Gold, Name.DeviceRGB, blend([1, 1, 1], [0, 0, 0])])
    pdf = one_page(b"/S cs 1 scn", ColorSpace=Dictionary(S=spot))
    to_inks(pdf, PROFILE)
    page = pdf.pages[0].obj
    assert content_of(page) == b"/S cs 1 scn"
    found = page.Resources.ColorSpace.S
    assert found[2] == Name.DeviceCMYK
    assert [float(ink) for ink in found[3].C1] == [0, 0, 0, 1]
    spot = Array([Name.Separation, Name.Gold, Name.DeviceRGB, blend([1, 1, 1], [0, 0, 0])])
    picture = with_image(pdf, image(pdf, Image.new("L", (3, 2)), spot))
    assert picture.ColorSpace[2] == Name.DeviceCMYK


def test_groups_blend_in_inks_and_soft_masks_in_greys() -> None:
    pdf = one_page(b"/M gs /F Do")

    def group() -> Dictionary:
        return Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)

    shown = form(pdf, b"0 0 0 rg", Group=group())
    mask = form(pdf, b"1 1 1 rg 1 0 0 rg 0 0 0 RG", Group=group())
    state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask, BC=[1, 1, 1]))
    page = pdf.pages[0].obj
    page.Group = group()
    page.Resources = Dictionary(XObject=Dictionary(F=shown), ExtGState=Dictionary(M=state))
    to_inks(pdf, PROFILE)
    resources = page.Resources
    assert page.Group.CS == resources.XObject.F.Group.CS == Name.DeviceCMYK
    found = resources.ExtGState.M.SMask
    assert str(found.G.Group.CS) == "/DeviceGray"
    assert content_of(found.G) == b"1 g 0.3 g 0 G"
    assert [float(value) for value in found.BC] == [1]


def test_the_same_document_gives_the_same_bytes() -> None:
    def made() -> bytes:
        pdf = one_page(b"1 0 0 rg /I Do")
        with_image(pdf, image(pdf, red_and_white()))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()

    assert made() == made()


def test_profiles_that_are_not_for_cmyk_are_refused() -> None:
    with pytest.raises(InkError, match="not one for CMYK"):
        Inks(srgb())
    with pytest.raises(InkError, match="cannot be read"):
        Inks(b"no profile")


def test_foreign_spaces_are_found_under_others() -> None:
    spot = Array([Name.Separation, Name.Gold, LAB, Name.Identity])
    nested = Array([Name.Indexed, spot, 0, String(b"\0")])
    resources = Dictionary(ColorSpace=Dictionary(A=nested))
    assert foreign(Name.A, resources, INKS) == "Lab"
    assert foreign(Name.Pattern, resources, INKS) == ""
    assert foreign(Name.DeviceCMYK, resources, frozenset({"DeviceGray"})) == "DeviceCMYK"


def test_lightness_of_lab_is_the_grey_that_looks_like_it() -> None:
    lab = Space(Model.LAB)
    assert luminosity(lab, (0, 0, 0)) == 0
    assert luminosity(lab, (53.585, 0, 0)) == pytest.approx(128 / 255, abs=0.001)
    assert luminosity(lab, (100, 0, 0)) == pytest.approx(1)


def test_operations_know_their_operands() -> None:
    found = list(operations(b"9 0 d1 1 0 0 rg/CS0 cs .5 /P0 scn"))
    assert [(op.operator, op.operands) for op in found] == [
        ("rg", (b"1", b"0", b"0")),
        ("cs", (b"/CS0",)),
        ("scn", (b".5", b"/P0")),
    ]


def test_tables_of_lab_and_tints_of_meshes() -> None:
    pdf = one_page(b"")
    space = Array([Name.Indexed, LAB, 1, Stream(pdf, b"\0\x80\x80\xff\x80\x80")])
    mesh = Dictionary(ShadingType=4, ColorSpace=Name.DeviceRGB)
    plane = Dictionary(ShadingType=1, ColorSpace=Name.DeviceRGB, Function=blend([0], [1]))
    shadings = Dictionary(M=mesh, P=plane)
    pdf.pages[0].obj.Resources = Dictionary(ColorSpace=Dictionary(T=space), Shading=shadings)
    to_inks(pdf, PROFILE)
    resources = pdf.pages[0].obj.Resources
    table = bytes(resources.ColorSpace.T[3])
    assert (len(table), table[3] > 200, max(table[4:]) < 6) == (8, True, True)
    assert {str(resources.Shading[key].ColorSpace) for key in ("/M", "/P")} == {"/DeviceRGB"}
