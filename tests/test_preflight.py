"""What a printer checks: the sound document passes, and each rule has one that does not."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ImageCms

from octavo.typeset.press.preflight import BLEED, WARNINGS, Finding, preflight
from octavo.typeset.press.preflight_marks import Picture, Text, marks

PROFILE = (files("octavo") / "data" / "fogra39.icc").read_bytes()
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Salt &amp; Silk</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>2026-03-04T00:00:00Z</xmp:CreateDate>
<xmp:ModifyDate>2026-03-04T01:00:00+01:00</xmp:ModifyDate>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<xmpMM:DocumentID>uuid:1</xmpMM:DocumentID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def sound() -> Pdf:
    """Two pages of 100 × 200 pt with 9 pt of bleed, text in black ink, and a fine picture."""
    pdf = pikepdf.new()
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.Face,
        DescendantFonts=[Dictionary(FontDescriptor=Dictionary(FontFile2=Stream(pdf, b"x")))],
    )
    picture = Stream(
        pdf, b"\0" * 40000, Subtype=Name.Image, Width=200, Height=200, BitsPerComponent=8
    )
    picture.ColorSpace = Name.DeviceGray
    for _ in range(2):
        page = pdf.add_blank_page(page_size=(140, 240)).obj
        page.TrimBox = Array([20, 20, 120, 220])
        page.BleedBox = Array([11, 11, 129, 229])
        page.Contents = Stream(
            pdf, b"/A gs BT 0 0 0 1 k /F 9 Tf <00> Tj ET q 48 0 0 48 0 0 cm /I Do Q"
        )
        page.Resources = Dictionary(
            Font=Dictionary(F=font),
            XObject=Dictionary(I=picture),
            ExtGState=Dictionary(A=Dictionary(ca=1, CA=1, BM=Name.Normal)),
        )
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("FOGRA39"),
        DestOutputProfile=Stream(pdf, PROFILE, N=4),
    )
    pdf.Root.OutputIntents = Array([intent])
    pdf.Root.Metadata = Stream(pdf, XMP.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.docinfo["/Title"] = String("Salt & Silk")
    pdf.docinfo["/Trapped"] = Name("/False")
    pdf.docinfo["/CreationDate"] = String("D:20260304000000Z")
    pdf.docinfo["/ModDate"] = String("D:20260304000000+00'00'")
    return pdf


def first(pdf: Pdf) -> Object:
    return pdf.pages[0].obj


def draw(pdf: Pdf, content: bytes, **resources: Object) -> None:
    page = first(pdf)
    page.Contents = Stream(pdf, content)
    for category, entries in resources.items():
        page.Resources[f"/{category}"] = entries


def picture(pdf: Pdf, width: int, height: int, **more: Object | int) -> Stream:
    entries = {
        "/Subtype": Name.Image,
        "/Width": width,
        "/Height": height,
        "/BitsPerComponent": 8,
        "/ColorSpace": Name.DeviceGray,
    }
    return Stream(pdf, b"", entries | {f"/{key}": value for key, value in more.items()})


def form(pdf: Pdf, content: bytes, **more: Object) -> Stream:
    entries = {f"/{key}": value for key, value in more.items()}
    return Stream(pdf, content, {"/Subtype": Name.Form} | entries)


def rules(pdf: Pdf) -> set[tuple[str, int]]:
    return {(finding.rule, finding.page) for finding in preflight(pdf)}


def test_a_sound_document_passes_and_is_not_changed() -> None:
    pdf = sound()
    before = pdf.Root.Metadata.read_bytes()
    assert preflight(pdf) == ()
    assert pdf.Root.Metadata.read_bytes() == before


def test_findings_come_in_the_order_of_pages() -> None:
    pdf = sound()
    del pdf.pages[1].obj["/TrimBox"]
    del pdf.docinfo["/Trapped"]
    assert preflight(pdf) == (
        Finding(0, "trapping-is-known", "/Trapped is neither true nor false"),
        Finding(2, "trim-box-is-set", "the page has no TrimBox"),
    )


def _set_page(key: str, value: Object | list[float]) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        first(pdf)[key] = value

    return change


def _delete_page(key: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        del first(pdf)[key]

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_delete_page("/MediaBox"), "media-box-is-set"),
        (_delete_page("/BleedBox"), "bleed-box-is-set"),
        (_delete_page("/TrimBox"), "trim-box-is-set"),
        (_set_page("/MediaBox", [12, 0, 140, 240]), "boxes-are-nested"),
        (_set_page("/BleedBox", [21, 11, 129, 229]), "boxes-are-nested"),
        (_set_page("/BleedBox", [12, 11, 129, 229]), "bleed-is-wide-enough"),
        (_set_page("/ArtBox", [20, 20, 120, 220]), "art-box-is-absent"),
        (_set_page("/Annots", Array([Dictionary()])), "annotations-are-absent"),
        (_set_page("/AA", Dictionary()), "actions-are-absent"),
    ],
)
def test_pages(change: Callable[[Pdf], None], rule: str) -> None:
    pdf = sound()
    change(pdf)
    assert rules(pdf) == {(rule, 1)}


def test_pages_are_compared_with_the_size_that_most_have() -> None:
    pdf = sound()
    pdf.pages.extend([pdf.pages[0], pdf.pages[1]])
    first(pdf).TrimBox = Array([20, 20, 119, 220])
    message = "the page is trimmed to 99.0 × 200.0 pt, others to 100.0 × 200.0"
    assert preflight(pdf) == (Finding(1, "trim-sizes-are-equal", message),)


@pytest.mark.parametrize(("narrower", "enough"), [(0.09, True), (0.12, False)])
def test_the_bleed_is_three_millimetres(narrower: float, enough: bool) -> None:
    pdf = sound()
    first(pdf).BleedBox = Array([20 - BLEED + narrower, 11, 129, 229])
    assert (preflight(pdf) == ()) is enough


def _set_root(key: str, value: Object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        pdf.Root[key] = value

    return change


def _in_intent(key: str, value: Object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        pdf.Root.OutputIntents[0][key] = value

    return change


def _in_info(key: str, value: Object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        pdf.docinfo[key] = value

    return change


def _in_xmp(old: str, new: str) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        assert old in XMP
        pdf.Root.Metadata = Stream(pdf, XMP.replace(old, new).encode())

    return change


def _rgb_profile(pdf: Pdf) -> None:
    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    pdf.Root.OutputIntents[0].DestOutputProfile = Stream(pdf, own.tobytes(), N=3)


def _wrong_channels(pdf: Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile.N = 3


def _no_profile(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents[0]["/DestOutputProfile"]


def _unreadable_profile(pdf: Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile = Stream(pdf, b"no profile", N=4)


def _outline_action(pdf: Pdf) -> None:
    second = pdf.make_indirect(Dictionary(Title=String("B"), A=Dictionary(S=Name.GoTo)))
    item = pdf.make_indirect(Dictionary(Title=String("A"), Next=second))
    pdf.Root.Outlines = Dictionary(First=item, Last=second)


def _lzw(pdf: Pdf) -> None:
    pdf.Root.Extra = Stream(pdf, b"", Filter=Array([Name.LZWDecode]))


def _no_metadata(pdf: Pdf) -> None:
    del pdf.Root["/Metadata"]


def _no_title(pdf: Pdf) -> None:
    del pdf.docinfo["/Title"]
    _in_xmp("Salt &amp; Silk", "")(pdf)


def _no_date(pdf: Pdf) -> None:
    del pdf.docinfo["/ModDate"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda pdf: pdf.add_blank_page(page_size=(9, 9)), "pages-are-even"),
        (_set_root("/Version", Name("/2.0")), "pdf-version-is-known"),
        (_lzw, "filters-are-allowed"),
        (_set_root("/OpenAction", Dictionary()), "actions-are-absent"),
        (_set_root("/AA", Dictionary()), "actions-are-absent"),
        (_set_root("/Names", Dictionary(JavaScript=Dictionary())), "actions-are-absent"),
        (_outline_action, "actions-are-absent"),
        (_set_root("/Names", Dictionary(EmbeddedFiles=Dictionary())), "files-are-not-embedded"),
        (_set_root("/AF", Array()), "files-are-not-embedded"),
        (_set_root("/AcroForm", Dictionary()), "forms-are-absent"),
        (_set_root("/OutputIntents", Array()), "output-intent-is-set"),
        (_in_intent("/S", Name.GTS_PDFA1), "output-intent-is-set"),
        (_in_intent("/OutputConditionIdentifier", String("")), "output-intent-is-set"),
        (_no_profile, "output-profile-is-sound"),
        (_unreadable_profile, "output-profile-is-sound"),
        (_rgb_profile, "output-profile-is-sound"),
        (_wrong_channels, "output-profile-is-sound"),
        (_no_metadata, "metadata-is-complete"),
        (_no_title, "metadata-is-complete"),
        (_no_date, "metadata-is-complete"),
        (_in_xmp("PDF/X-4", "PDF/X-3"), "file-is-identified"),
        (_in_xmp("<xmpMM:VersionID>1</xmpMM:VersionID>", ""), "file-is-identified"),
        (_in_info("/Trapped", Name.Unknown), "trapping-is-known"),
        (_in_xmp("<pdf:Trapped>False", "<pdf:Trapped>True"), "metadata-agrees"),
        (_in_info("/Title", String("Silk")), "metadata-agrees"),
        (_in_info("/ModDate", String("D:20260304000001Z")), "metadata-agrees"),
        (_in_info("/CreationDate", String("yesterday")), "metadata-agrees"),
    ],
)
def test_the_document(change: Callable[[Pdf], None], rule: str) -> None:
    pdf = sound()
    change(pdf)
    found = {finding.rule for finding in preflight(pdf) if finding.page == 0}
    assert found == {rule}


def test_encryption_is_found(tmp_path: Path) -> None:
    path = tmp_path / "secret.pdf"
    sound().save(path, encryption=pikepdf.Encryption(owner="o", user=""))
    with pikepdf.open(path) as pdf:
        assert ("file-is-not-encrypted", 0) in rules(pdf)


def test_fonts() -> None:
    pdf = sound()
    simple = Dictionary(Subtype=Name.TrueType, BaseFont=Name.Arial, FontDescriptor=Dictionary())
    composed = Dictionary(Subtype=Name.Type0, DescendantFonts=[Dictionary()])
    drawn = Dictionary(Subtype=Name.Type3, CharProcs=Dictionary())
    draw(pdf, b"", Font=Dictionary(A=simple))
    assert preflight(pdf) == (Finding(1, "fonts-are-embedded", "Arial is not in the file"),)
    draw(pdf, b"", Font=Dictionary(A=composed))
    assert rules(pdf) == {("fonts-are-embedded", 1)}
    draw(pdf, b"", Font=Dictionary(A=drawn))
    assert rules(pdf) == {("fonts-are-outlines", 1)}


RGB_GROUP = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
RGB_SHADING = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB)


@pytest.mark.parametrize(
    ("content", "resources", "message"),
    [
        (b"1 0 0 rg", {}, "DeviceRGB is used"),
        (b"/DeviceRGB CS", {}, "DeviceRGB is used"),
        (b"BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI", {}, "DeviceRGB is used"),
        (b"", {"ColorSpace": Dictionary(A=Array([Name.Lab, Dictionary()]))}, "Lab is used"),
        (b"", {"Shading": Dictionary(A=RGB_SHADING)}, "DeviceRGB colours a shading"),
        (
            b"",
            {"Pattern": Dictionary(A=Dictionary(PatternType=2, Shading=RGB_SHADING))},
            "DeviceRGB colours a shading",
        ),
    ],
)
def test_colours(content: bytes, resources: dict[str, Object], message: str) -> None:
    pdf = sound()
    draw(pdf, content, **resources)
    found = [finding for finding in preflight(pdf) if finding.rule not in WARNINGS]
    assert found == [Finding(1, "colours-are-inks", message)]


def test_colours_of_pictures_and_groups() -> None:
    pdf = sound()
    rgb = picture(pdf, 9, 9, ColorSpace=Name.DeviceRGB)
    unsaid = picture(pdf, 9, 9)
    del unsaid["/ColorSpace"]
    stencil = picture(pdf, 9, 9, ImageMask=True)
    del stencil["/ColorSpace"]
    group = form(pdf, b"", Group=RGB_GROUP)
    draw(pdf, b"", XObject=Dictionary(A=rgb, B=unsaid, C=stencil, D=group))
    assert {finding.message for finding in preflight(pdf)} == {
        "DeviceRGB colours a picture",
        "JPEG 2000 without a colour space colours a picture",
        "DeviceRGB is used",
    }


def test_words_in_text_are_no_colours() -> None:
    pdf = sound()
    draw(pdf, b"BT (1 0 0 rg 1 0 0 RG) Tj ET")
    assert preflight(pdf) == ()


def test_a_grey_printing_condition_does_not_cover_cmyk() -> None:
    pdf = sound()
    grey = bytearray(PROFILE)
    grey[16:20] = b"GRAY"
    pdf.Root.OutputIntents[0].DestOutputProfile = Stream(pdf, bytes(grey), N=1)
    assert rules(pdf) == {("colours-are-inks", 1), ("colours-are-inks", 2)}


@pytest.mark.parametrize(
    ("content", "is_pure"),
    [
        (b"BT 0 0 0 1 k <00> Tj ET", True),
        (b"1 .5 0 .3 k BT <00> Tj ET", True),
        (b".6 .4 .4 1 k 0 0 9 9 re f 0 0 0 1 k BT <00> Tj ET", True),
        (b"q .6 .4 .4 1 k Q BT <00> Tj ET", True),
        (b".6 .4 .4 1 k BT 3 Tr <00> Tj ET", True),
        (b".6 .4 .4 1 k BT 0 g [<00>] TJ ET", True),
        (b".6 .4 .4 1 k BT <00> Tj ET", False),
        (b"BT 0 0 .1 .95 k [<00>] TJ ET", False),
        (b"/DeviceCMYK cs .6 .4 .4 1 sc BT <00> ' ET", False),
        (b"/K cs .6 .4 .4 1 scn /T Do", False),
    ],
)
def test_black_text(content: bytes, is_pure: bool) -> None:
    pdf = sound()
    words = form(pdf, b"BT <00> Tj ET")
    spaces = Dictionary(K=Name.DeviceCMYK)
    draw(pdf, content, XObject=Dictionary(T=words), ColorSpace=spaces)
    assert rules(pdf) == (set() if is_pure else {("black-text-is-pure", 1)})


def test_pictures_are_measured_as_they_are_printed() -> None:
    pdf = sound()
    inner = form(
        pdf,
        b"/I Do",
        Matrix=Array([0, 2, -1, 0, 0, 0]),
        Resources=Dictionary(XObject=Dictionary(I=picture(pdf, 300, 100))),
    )
    draw(pdf, b"q 36 0 0 24 5 5 cm /F Do Q", XObject=Dictionary(F=inner))
    (found,) = marks(first(pdf))
    assert isinstance(found, Picture)
    assert found.size == pytest.approx((48, 36))
    assert found.resolution == pytest.approx(200)
    message = "a picture of 300 × 100 pixels is printed at 200 dpi; 300 are needed"
    assert preflight(pdf) == (Finding(1, "images-are-fine-enough", message),)


@pytest.mark.parametrize(("pixels", "bits", "fine"), [(300, 8, True), (599, 1, False)])
def test_line_art_must_be_finer(pixels: int, bits: int, fine: bool) -> None:
    pdf = sound()
    things = Dictionary(I=picture(pdf, pixels, pixels, BitsPerComponent=bits))
    draw(pdf, b"72 0 0 72 0 0 cm /I Do", XObject=things)
    assert (preflight(pdf) == ()) is fine


def test_pictures_in_patterns_and_in_the_content_itself_are_measured() -> None:
    pdf = sound()
    tile = Stream(
        pdf,
        b"72 0 0 72 0 0 cm /I Do",
        PatternType=1,
        Matrix=Array([2, 0, 0, 2, 0, 0]),
        Resources=Dictionary(XObject=Dictionary(I=picture(pdf, 72, 72))),
    )
    inline = b"q 72 0 0 72 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID a EI Q"
    draw(pdf, b"9 0 0 9 0 0 cm /Pattern cs /P scn " + inline, Pattern=Dictionary(P=tile))
    assert [
        round(mark.resolution, 2) for mark in marks(first(pdf)) if isinstance(mark, Picture)
    ] == [
        36,
        0.11,
    ]
    assert rules(pdf) == {("images-are-fine-enough", 1)}


def test_forms_that_draw_themselves_end() -> None:
    pdf = sound()
    endless = pdf.make_indirect(form(pdf, b"BT <00> Tj ET /F Do"))
    endless.Resources = Dictionary(XObject=Dictionary(F=endless))
    draw(pdf, b"/F Do", XObject=Dictionary(F=endless))
    assert list(marks(first(pdf))) == [Text(())]
    assert preflight(pdf) == ()


def test_transparency_is_listed_once_a_page() -> None:
    pdf = sound()
    mask = form(pdf, b"")
    states = Dictionary(
        M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)),
        B=Dictionary(BM=Array([Name.Multiply])),
        O=Dictionary(ca=0.5),
        N=Dictionary(SMask=Name("/None"), BM=Name.Compatible),
        U=Dictionary(CA=0.1),
    )
    masked = picture(pdf, 300, 300, SMask=picture(pdf, 1, 1))
    things = Dictionary(I=masked)
    draw(pdf, b"/M gs /B gs /O gs /N gs /I Do", ExtGState=states, XObject=things)
    message = (
        "there is a picture with a soft mask, a soft mask, blending by Multiply, opacity below 1"
    )
    assert preflight(pdf) == (Finding(1, "pages-are-opaque", message),)
    draw(pdf, b"/N gs")
    assert preflight(pdf) == ()


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (Dictionary(TR=Name.Identity), "transfer-functions-are-absent"),
        (Dictionary(TR2=Name.Identity), "transfer-functions-are-absent"),
        (Dictionary(HTP=Array([0, 0])), "halftone-phases-are-absent"),
    ],
)
def test_what_is_the_press_s_own(state: Dictionary, rule: str) -> None:
    pdf = sound()
    draw(pdf, b"", ExtGState=Dictionary(A=state, B=Dictionary(TR2=Name.Default)))
    assert rules(pdf) == {(rule, 1)}


@pytest.mark.parametrize("key", ["/Alternates", "/OPI", "/Ref", "/PS"])
def test_things_that_stand_for_others(key: str) -> None:
    pdf = sound()
    thing = Stream(pdf, b"", Subtype=Name.PS) if key == "/PS" else form(pdf, b"")
    thing[key] = Dictionary()
    draw(pdf, b"", XObject=Dictionary(A=thing))
    assert rules(pdf) == {("xobjects-are-plain", 1)}


def test_warnings_are_rules_that_pdf_x_does_not_make() -> None:
    assert {"images-are-fine-enough", "pages-are-opaque"} == WARNINGS
