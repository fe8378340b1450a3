import errno
import os
import resource
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tagsmith.errors import BadInputError, WriteError
from tagsmith.metadata.xmp import sidecar_path, write_smart_tags

pytestmark = pytest.mark.req("A6d")

NS = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "tagsmith": "urn:tagsmith:xmp:1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())

ELEMENT_FORM = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF {DECLARATIONS}>
  <!-- made by hand -->
  <rdf:Description rdf:about="">
   <xmp:Rating>4</xmp:Rating>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>holiday</rdf:li>
     <rdf:li>boot</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &lt;title&gt; &amp; more</rdf:li></rdf:Alt></dc:title>
  </rdf:Description>
  <rdf:Description rdf:about="">
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq></crs:ToneCurve>
   <crs:Look><rdf:Description crs:Name="Warm"/></crs:Look>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""

ATTRIBUTE_FORM = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {DECLARATIONS}>
<rdf:Description rdf:about="" xmp:Rating="4" crs:Exposure="+0.35" dc:subject="holiday"/></rdf:RDF></x:xmpmeta>"""


def keywords(sidecar, name="dc:subject"):
    items = etree.parse(sidecar).xpath(f"//rdf:RDF/rdf:Description/{name}/*/rdf:li", namespaces=NS)
    return [item.text for item in items]


def add_keyword(sidecar, keyword):
    """What a person does in another program."""
    tree = etree.parse(sidecar)
    bag = tree.find(".//dc:subject/rdf:Bag", NS)
    if bag is None:
        description = tree.find(".//rdf:Description", NS)
        subject = etree.SubElement(description, f"{{{NS['dc']}}}subject")
        bag = etree.SubElement(subject, f"{{{NS['rdf']}}}Bag")
    etree.SubElement(bag, f"{{{NS['rdf']}}}li").text = keyword
    tree.write(sidecar)


def remove_keyword(sidecar, keyword):
    tree = etree.parse(sidecar)
    for item in tree.iterfind(".//dc:subject/rdf:Bag/rdf:li", NS):
        if item.text == keyword:
            item.getparent().remove(item)
    tree.write(sidecar)


def canonical(content):
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.tostring(etree.fromstring(content, parser).getroottree(), method="c14n")


@pytest.fixture
def sidecar(tmp_path):
    return tmp_path / "photo.jpg.xmp"


class TestSidecarPath:
    def test_new_sidecar_takes_the_full_name(self, tmp_path):
        assert sidecar_path(tmp_path / "photo.jpg") == tmp_path / "photo.jpg.xmp"

    @pytest.mark.parametrize("existing", ["photo.jpg.xmp", "photo.xmp", "photo.jpg.XMP", "photo.XMP"])
    def test_existing_sidecar_of_either_habit_is_found(self, tmp_path, existing):
        (tmp_path / existing).touch()
        assert sidecar_path(tmp_path / "photo.jpg").name in {existing, existing.lower()}

    def test_full_name_wins(self, tmp_path):
        (tmp_path / "photo.jpg.xmp").touch()
        (tmp_path / "photo.xmp").touch()
        assert sidecar_path(tmp_path / "photo.jpg").name == "photo.jpg.xmp"

    @pytest.mark.parametrize("neighbour", ["photo.cr2", "photo.CR2", "photo.png", "photo.mov"])
    def test_short_name_is_not_taken_from_a_neighbour(self, tmp_path, neighbour):
        for name in ("photo.jpg", "photo.xmp", neighbour):
            (tmp_path / name).touch()
        assert sidecar_path(tmp_path / "photo.jpg").name == "photo.jpg.xmp"

    def test_neighbours_of_another_name_or_kind_do_not_matter(self, tmp_path):
        for name in ("photo.jpg", "photo.xmp", "photo.txt", "photo2.cr2"):
            (tmp_path / name).touch()
        assert sidecar_path(tmp_path / "photo.jpg").name == "photo.xmp"

    def test_very_long_name(self, tmp_path):
        name = "p" * 250 + ".jpg"
        assert sidecar_path(tmp_path / name).name == f"{name}.xmp"


class TestNewSidecar:
    def test_tags_are_written_where_each_program_looks(self, sidecar):
        assert write_smart_tags(sidecar, {"boot": 0.93, "fruit/apple/pink-lady": 0.5})
        assert keywords(sidecar) == ["boot", "pink-lady"]
        assert keywords(sidecar, "lr:hierarchicalSubject") == ["boot", "fruit|apple|pink-lady"]
        assert keywords(sidecar, "digiKam:TagsList") == ["boot", "fruit/apple/pink-lady"]
        assert keywords(sidecar, "tagsmith:smartTags") == ["boot=0.930", "fruit/apple/pink-lady=0.500"]

    def test_lists_have_the_containers_that_each_program_writes(self, sidecar):
        write_smart_tags(sidecar, {"boot": 1})
        found = {path: etree.parse(sidecar).find(f".//{path}", NS) is not None for path in (
            "dc:subject/rdf:Bag", "lr:hierarchicalSubject/rdf:Bag", "digiKam:TagsList/rdf:Seq")}  # fmt: skip
        assert all(found.values()), found

    def test_is_a_whole_packet(self, sidecar):
        write_smart_tags(sidecar, {"boot": 1})
        lines = sidecar.read_text("utf-8").splitlines()
        assert lines[0] == '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        assert lines[1].startswith("<x:xmpmeta ")
        assert lines[-1] == '<?xpacket end="w"?>'

    def test_namespace_is_no_keyword_but_is_recorded(self, sidecar):
        write_smart_tags(sidecar, {"shop:fruit/apple": 0.25})
        assert keywords(sidecar) == ["apple"]
        assert keywords(sidecar, "lr:hierarchicalSubject") == ["fruit|apple"]
        assert keywords(sidecar, "tagsmith:smartTags") == ["shop:fruit/apple=0.250"]

    def test_one_leaf_under_two_parents_is_one_flat_keyword(self, sidecar):
        write_smart_tags(sidecar, {"fruit/apple": 1, "brand/apple": 1})
        assert keywords(sidecar) == ["apple"]
        assert keywords(sidecar, "lr:hierarchicalSubject") == ["brand|apple", "fruit|apple"]
        write_smart_tags(sidecar, {"fruit/apple": 1})
        assert keywords(sidecar) == ["apple"]
        assert keywords(sidecar, "lr:hierarchicalSubject") == ["fruit|apple"]

    def test_no_tags_make_no_sidecar(self, sidecar):
        assert not write_smart_tags(sidecar, {})
        assert not sidecar.exists()

    def test_markup_and_other_scripts_survive(self, sidecar):
        write_smart_tags(sidecar, {"R&D <new>": 1, "靴/長靴": 1, "🥾": 1})
        assert keywords(sidecar) == ["R&D <new>", "長靴", "🥾"]

    def test_decomposed_names_are_composed(self, sidecar):
        write_smart_tags(sidecar, {"cafe\u0301": 1})
        assert keywords(sidecar) == ["caf\u00e9"]
        assert not write_smart_tags(sidecar, {"cafe\u0301": 1})


class TestExistingSidecar:
    @pytest.mark.parametrize("content", [ELEMENT_FORM, ATTRIBUTE_FORM], ids=["elements", "attributes"])
    def test_everything_else_is_preserved(self, sidecar, content):
        sidecar.write_text(content, "utf-8")
        assert write_smart_tags(sidecar, {"fruit/apple": 0.9})
        written = sidecar.read_text("utf-8")
        assert keywords(sidecar)[0] == "holiday"
        assert "apple" in keywords(sidecar)
        assert write_smart_tags(sidecar, {})
        left = sidecar.read_bytes()
        if content is ATTRIBUTE_FORM:
            assert 'xmp:Rating="4" crs:Exposure="+0.35"' in written
            assert keywords(sidecar) == ["holiday"]
        else:
            assert canonical(left) == canonical(content.encode())

    def test_indentation_is_kept(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        write_smart_tags(sidecar, {"apple": 1})
        assert "\n     <rdf:li>boot</rdf:li>\n     <rdf:li>apple</rdf:li>\n    </rdf:Bag>\n" in sidecar.read_text()
        write_smart_tags(sidecar, {})
        assert sidecar.read_text("utf-8").strip() == ELEMENT_FORM

    @pytest.mark.parametrize(
        "subject",
        [
            "<dc:subject/>",
            "<dc:subject><rdf:Bag/></dc:subject>",
            "<dc:subject>holiday</dc:subject>",
            "<dc:subject><rdf:Seq><rdf:li><![CDATA[holiday]]></rdf:li></rdf:Seq></dc:subject>",
        ],
    )
    def test_unusual_lists_are_added_to(self, sidecar, subject):
        sidecar.write_text(f"<rdf:RDF {DECLARATIONS}><rdf:Description>{subject}</rdf:Description></rdf:RDF>")
        write_smart_tags(sidecar, {"apple": 1})
        assert keywords(sidecar) == (["holiday", "apple"] if "holiday" in subject else ["apple"])
        assert len(etree.parse(sidecar).findall(".//dc:subject", NS)) == 1

    def test_packet_without_a_description_gets_one(self, sidecar):
        sidecar.write_text(f"<rdf:RDF xmlns:rdf='{NS['rdf']}'/>")
        write_smart_tags(sidecar, {"apple": 1})
        assert keywords(sidecar) == ["apple"]

    def test_list_in_a_later_description_is_the_one_added_to(self, sidecar):
        sidecar.write_text(
            f"<rdf:RDF {DECLARATIONS}><rdf:Description xmp:Rating='1'/><rdf:Description>"
            "<dc:subject><rdf:Bag><rdf:li>holiday</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF>"
        )
        write_smart_tags(sidecar, {"apple": 1})
        assert keywords(sidecar) == ["holiday", "apple"]
        assert len(etree.parse(sidecar).findall(".//dc:subject", NS)) == 1

    def test_other_prefixes_mean_the_same(self, sidecar):
        sidecar.write_text(
            f"<r:RDF xmlns:r='{NS['rdf']}' xmlns:dublin='{NS['dc']}' xmlns:dc='urn:other'><r:Description dc:x='1'>"
            "<dublin:subject><r:Bag><r:li>holiday</r:li></r:Bag></dublin:subject></r:Description></r:RDF>"
        )
        write_smart_tags(sidecar, {"apple": 1, "holiday": 1})
        assert keywords(sidecar) == ["holiday", "apple"]

    def test_xml_declaration_and_utf_16_are_understood(self, sidecar):
        declared = ELEMENT_FORM.replace("<?xpacket", '<?xml version="1.0" encoding="UTF-16"?>\n<?xpacket', 1)
        sidecar.write_bytes(declared.encode("utf-16"))
        write_smart_tags(sidecar, {"長靴": 1})
        assert keywords(sidecar) == ["holiday", "boot", "長靴"]

    def test_declaration_stays(self, sidecar):
        sidecar.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{ELEMENT_FORM}', "utf-8")
        write_smart_tags(sidecar, {"apple": 1})
        assert sidecar.read_text("utf-8").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<?xpacket begin=')

    def test_permissions_are_kept(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        sidecar.chmod(0o640)
        write_smart_tags(sidecar, {"apple": 1})
        assert stat.S_IMODE(sidecar.stat().st_mode) == 0o640


class TestOwnership:
    def test_second_run_changes_nothing(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        assert write_smart_tags(sidecar, {"boot": 0.9, "fruit/apple": 0.8})
        before = sidecar.read_bytes(), sidecar.stat().st_ino
        assert not write_smart_tags(sidecar, {"fruit/apple": 0.8, "boot": 0.9})
        assert (sidecar.read_bytes(), sidecar.stat().st_ino) == before

    def test_nothing_to_remove_leaves_a_foreign_file_alone(self, sidecar):
        sidecar.write_text(ATTRIBUTE_FORM)
        assert not write_smart_tags(sidecar, {})
        assert sidecar.read_text() == ATTRIBUTE_FORM

    def test_newer_model_takes_its_stale_tags_away(self, sidecar):
        write_smart_tags(sidecar, {"boot": 0.9, "fruit/apple": 0.8})
        assert write_smart_tags(sidecar, {"fruit/pear": 0.7, "boot": 0.9})
        assert sorted(keywords(sidecar)) == ["boot", "pear"]
        assert sorted(keywords(sidecar, "lr:hierarchicalSubject")) == ["boot", "fruit|pear"]
        assert sorted(keywords(sidecar, "digiKam:TagsList")) == ["boot", "fruit/pear"]
        assert keywords(sidecar, "tagsmith:smartTags") == ["boot=0.900", "fruit/pear=0.700"]

    def test_new_confidence_is_recorded(self, sidecar):
        write_smart_tags(sidecar, {"boot": 0.9})
        assert write_smart_tags(sidecar, {"boot": 0.8})
        assert keywords(sidecar, "tagsmith:smartTags") == ["boot=0.800"]
        assert not write_smart_tags(sidecar, {"boot": 0.80000001})

    def test_keyword_that_a_person_had_set_is_never_removed(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        write_smart_tags(sidecar, {"boot": 0.9})
        assert keywords(sidecar) == ["holiday", "boot"]
        write_smart_tags(sidecar, {})
        assert keywords(sidecar) == ["holiday", "boot"]
        assert not keywords(sidecar, "lr:hierarchicalSubject")

    def test_same_keyword_in_other_case_is_not_doubled(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        write_smart_tags(sidecar, {"Boot": 0.9})
        write_smart_tags(sidecar, {})
        assert keywords(sidecar) == ["holiday", "boot"]

    def test_keyword_that_a_person_adds_later_stays(self, sidecar):
        write_smart_tags(sidecar, {"boot": 0.9})
        add_keyword(sidecar, "sale")
        write_smart_tags(sidecar, {})
        assert keywords(sidecar) == ["sale"]

    def test_second_copy_that_a_person_adds_stays(self, sidecar):
        write_smart_tags(sidecar, {"boot": 0.9})
        add_keyword(sidecar, "boot")
        write_smart_tags(sidecar, {})
        assert keywords(sidecar) == ["boot"]

    @given(data=st.data())
    @settings(max_examples=60, deadline=None)
    def test_any_history_keeps_what_people_set(self, data):
        names = st.sampled_from(
            ["boot", "Boot", "fruit/apple", "brand/apple", "apple", "ns:pear", "café", "cafe\u0301"]
        )
        human_names = st.sampled_from(["boot", "apple", "pear", "holiday", "café"])
        with tempfile.TemporaryDirectory() as folder:
            sidecar = Path(folder) / "photo.xmp"
            sidecar.write_text(ELEMENT_FORM, "utf-8")
            human = {"holiday", "boot"}
            for action in data.draw(st.lists(st.sampled_from(["write", "add", "remove"]), max_size=8)):
                if action == "write":
                    tags = data.draw(st.dictionaries(names, st.floats(0, 1)))
                    write_smart_tags(sidecar, tags)
                    assert not write_smart_tags(sidecar, tags)
                    leaves = {tag.split(":")[-1].split("/")[-1].replace("e\u0301", "é").casefold() for tag in tags}
                    assert {keyword.casefold() for keyword in keywords(sidecar)} == human | leaves
                    assert len(keywords(sidecar)) == len(human | leaves)
                    continue
                keyword = data.draw(human_names)
                present = {each.casefold() for each in keywords(sidecar)}
                # A keyword that is there already cannot be set again, so it stays whose it was.
                if action == "add" and keyword not in present and keyword not in keywords(sidecar, "tagsmith:subject"):
                    add_keyword(sidecar, keyword)
                    human.add(keyword)
                elif action == "remove" and keyword in human:
                    remove_keyword(sidecar, keyword)
                    human.discard(keyword)
            write_smart_tags(sidecar, {})
            assert set(keywords(sidecar)) == human
            assert not keywords(sidecar, "tagsmith:*")


class TestRefusals:
    @pytest.mark.parametrize("tag", ["", "a//b", "shop:", "a/ ", "a\x00b", "a\nb", "a\ud800", "a\uffff", "a|b"])
    def test_tag_that_no_keyword_can_hold(self, sidecar, tag):
        with pytest.raises(BadInputError, match="cannot become a keyword"):
            write_smart_tags(sidecar, {tag: 1})
        assert not sidecar.exists()

    @pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
    def test_confidence_out_of_range(self, sidecar, confidence):
        with pytest.raises(BadInputError, match="not between 0 and 1"):
            write_smart_tags(sidecar, {"boot": confidence})

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "not xml",
            ELEMENT_FORM[:600],
            "<html/>",
            f"<rdf:RDF {DECLARATIONS}><rdf:Description><dc:subject><xmp:a/></dc:subject></rdf:Description></rdf:RDF>",
            f"<!DOCTYPE a SYSTEM 'http://localhost:1/a.dtd'><rdf:RDF {DECLARATIONS}/>",
            f"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><rdf:RDF {DECLARATIONS}>&e;</rdf:RDF>",
        ],
    )
    @pytest.mark.parametrize("tags", [{"boot": 1.0}, {}])
    def test_sidecar_that_is_no_xmp(self, sidecar, content, tags):
        sidecar.write_text(content, "utf-8")
        with pytest.raises(BadInputError) as caught:
            write_smart_tags(sidecar, tags)
        assert str(caught.value).startswith(f"{sidecar}: ")
        assert "\n" not in str(caught.value)
        assert sidecar.read_text("utf-8") == content
        assert list(sidecar.parent.iterdir()) == [sidecar]

    def test_entities_that_multiply_are_not_expanded(self, sidecar):
        lines = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
        sidecar.write_text(f'<!DOCTYPE a [<!ENTITY e0 "boom">{lines}]><a b="&e9;">&e9;</a>')
        with pytest.raises(BadInputError):
            write_smart_tags(sidecar, {"boot": 1})

    def test_full_disk(self, sidecar):
        sidecar.write_text(ELEMENT_FORM, "utf-8")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            with pytest.raises(WriteError, match=r"photo\.jpg\.xmp: File too large"):
                write_smart_tags(sidecar, {"boot": 1})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert sidecar.read_text("utf-8") == ELEMENT_FORM
        assert list(sidecar.parent.iterdir()) == [sidecar]

    def test_file_that_cannot_be_replaced(self, sidecar, monkeypatch):
        def refuse(path, target):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        sidecar.write_text(ELEMENT_FORM, "utf-8")
        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(WriteError, match=r"photo\.jpg\.xmp: Read-only file system"):
            write_smart_tags(sidecar, {"boot": 1})
        assert sidecar.read_text("utf-8") == ELEMENT_FORM
        assert list(sidecar.parent.iterdir()) == [sidecar]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_read_only_folder(self, sidecar):
        sidecar.parent.chmod(0o500)
        try:
            with pytest.raises(WriteError, match=r"photo\.jpg\.xmp: Permission denied"):
                write_smart_tags(sidecar, {"boot": 1})
        finally:
            sidecar.parent.chmod(0o700)

    def test_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(WriteError, match="No such file"):
            write_smart_tags(tmp_path / "gone" / "photo.jpg.xmp", {"boot": 1})

    def test_folder_in_the_place_of_the_sidecar(self, sidecar):
        sidecar.mkdir()
        with pytest.raises(WriteError, match="Is a directory"):
            write_smart_tags(sidecar, {"boot": 1})
