"""The fonts that pictures are drawn with: those of the extra `pictures`, where it is installed."""

from __future__ import annotations

from pathlib import Path


def chinese_font() -> Path | None:
    """A font file with simplified Chinese (Noto Sans SC, OFL), or None: then charts are letters."""
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return None
    return pylopdf_fonts_zh_cn.sans_path()


def chinese_serif() -> Path | None:
    """That for quotations (Noto Serif SC, OFL), or None: then they are sent in words alone."""
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return None
    return pylopdf_fonts_zh_cn.serif_path()
