"""Files that are made to hurt whoever reads them. None is kept in the repository: they are built.

Here lives their making. What must become of them is asserted in test_upload.
"""

from __future__ import annotations

import io
import zipfile
import zlib

_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="'
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_OPENING = (
    '<?xml version="1.0"?>{doctype}<w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body>'
)
_CLOSING = "</w:body></w:document>"


def zip_bomb(megabytes: int) -> bytes:
    """A DOCX of a few hundred kilobytes whose text unpacks to that much."""
    paragraph = "<w:p><w:r><w:t>" + "一" * 1000 + "</w:t></w:r></w:p>"
    body = paragraph * (megabytes * 2**20 // len(paragraph.encode()))
    return _docx(_OPENING.format(doctype="") + body + _CLOSING)


def empty_paragraphs(count: int) -> bytes:
    """A DOCX whose elements take far more memory than its bytes."""
    return _docx(_OPENING.format(doctype="") + "<w:p/>" * count + _CLOSING)


def billion_laughs() -> bytes:
    """A DOCX whose entities unfold ten to the ninth times."""
    entities = '<!ENTITY a0 "哈">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
    )
    doctype = f"<!DOCTYPE w:document [{entities}]>"
    text = "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>"
    return _docx(_OPENING.format(doctype=doctype) + text + _CLOSING)


def _docx(document: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", document)
    return file.getvalue()


def one_line(megabytes: int) -> bytes:
    """Text without a single line break."""
    return ("未来产业“" * (megabytes * 2**20 // 15)).encode()


def nested_yaml(depth: int) -> bytes:
    """Brackets within brackets, where a reader of YAML might expect front matter."""
    return b"---\ntitle: " + b"[" * depth + b"]" * depth + b"\n---\n"


def yaml_laughs() -> bytes:
    """Anchors that unfold ten to the ninth times."""
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return ("---\n" + "\n".join(lines) + "\n---\n").encode()


def looping_pdf() -> bytes:
    """A PDF whose page tree is its own child, and whose page draws itself."""
    stream = zlib.compress(b"/F Do " * 1000)
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 1000000 /Parent 2 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        b"/Resources << /XObject << /F 4 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] "
        b"/Resources << /XObject << /F 4 0 R >> >> "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )


def _pdf(*objects: bytes) -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(content))
    )
