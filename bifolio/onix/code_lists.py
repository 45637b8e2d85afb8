"""The values of ONIX code lists that the editions need."""

from __future__ import annotations

from bifolio.model.publication import Contributor

FORMATS = {"epub": ("E101", "101F"), "pdf": ("E107", "107G")}
"""The format (list 175) and its version (list 220) by kind of edition: EPUB 3.3, PDF 1.7."""

ROLES = {
    "aut": "A01", "trl": "B06", "edt": "B01", "ill": "A12", "pht": "A13", "aui": "A24", "aft": "A19",
    "nrt": "E07", "cov": "A36", "bkd": "A11", "rev": "Z99", "com": "C01", "pfr": "B99", "ctb": "Z99",
}  # fmt: skip
"""Contributor roles (list 17) by MARC relator code."""
_ROLES_BY_WORD = {"foreword": "A23", "preface": "A15"}
"""Roles for which MARC has one code and ONIX several."""

FEATURES = {
    "tableOfContents": "11", "index": "12", "readingOrder": "13", "alternativeText": "14",
    "longDescription": "15", "MathML": "17", "pageBreakMarkers": "19", "synchronizedAudioText": "20",
    "ttsMarkup": "21", "highContrastDisplay": "26", "structuralNavigation": "29", "ARIA": "30", "latex": "35",
    "displayTransformability": "36", "pageNavigation": "41", "describedMath": "53",
}  # fmt: skip
"""Accessibility features (list 196) by schema.org's name."""
PDF_FEATURES = frozenset({"tableOfContents", "readingOrder", "alternativeText", "structuralNavigation"})
"""The features of the EPUB that the PDF has too."""

_LANGUAGES = (
    "aa aar ab abk ae ave af afr ak aka am amh an arg ar ara as asm av ava ay aym az aze ba bak be bel bg "
    "bul bi bis bm bam bn ben bo tib br bre bs bos ca cat ce che ch cha co cos cr cre cs cze cu chu cv "
    "chv cy wel da dan de ger dv div dz dzo ee ewe el gre en eng eo epo es spa et est eu baq fa per ff "
    "ful fi fin fj fij fo fao fr fre fy fry ga gle gd gla gl glg gn grn gu guj gv glv ha hau he heb hi "
    "hin ho hmo hr hrv ht hat hu hun hy arm hz her ia ina id ind ie ile ig ibo ii iii ik ipk io ido is "
    "ice it ita iu iku ja jpn jv jav ka geo kg kon ki kik kj kua kk kaz kl kal km khm kn kan ko kor kr "
    "kau ks kas ku kur kv kom kw cor ky kir la lat lb ltz lg lug li lim ln lin lo lao lt lit lu lub lv "
    "lav mg mlg mh mah mi mao mk mac ml mal mn mon mr mar ms may mt mlt my bur na nau nb nob nd nde ne "
    "nep ng ndo nl dut nn nno no nor nr nbl nv nav ny nya oc oci oj oji om orm or ori os oss pa pan pi "
    "pli pl pol ps pus pt por qu que rm roh rn run ro rum ru rus rw kin sa san sc srd sd snd se sme sg "
    "sag si sin sk slo sl slv sm smo sn sna so som sq alb sr srp ss ssw st sot su sun sv swe sw swa ta "
    "tam te tel tg tgk th tha ti tir tk tuk tn tsn to ton tr tur ts tso tt tat ty tah ug uig uk ukr ur "
    "urd uz uzb ve ven vi vie vo vol wa wln wo wol xh xho yi yid yo yor za zha zh chi zu zul"
).split()
_BY_TWO_LETTERS = dict(zip(_LANGUAGES[::2], _LANGUAGES[1::2], strict=True))
"""ISO 639-2/B codes (list 74) by ISO 639-1 code."""


def contributor_role(person: Contributor) -> str:
    """Return the code for the role of *person* (list 17)."""
    return _ROLES_BY_WORD.get(person.role.lower(), ROLES[person.code])


def language_codes(tag: str) -> dict[str, str]:
    """Return the ONIX elements for a BCP 47 *tag*: language, country and script (lists 74, 91, 121)."""
    primary, *subtags = tag.split("-")
    code = _BY_TWO_LETTERS.get(primary.lower(), primary.lower() if len(primary) == 3 else "und")
    country = next((part.upper() for part in subtags if len(part) == 2 and part.isalpha()), "")
    script = next((part.capitalize() for part in subtags if len(part) == 4 and part.isalpha()), "")
    return {"LanguageCode": code, "CountryCode": country, "ScriptCode": script}
