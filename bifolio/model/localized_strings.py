"""The words that editions add to a text, by language."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("note", "tip", "important", "warning", "caution", "danger", "info", "example")
"""The kinds of admonition that have a default title in each language."""

SECTIONS = ("halftitlepage", "titlepage", "colophon", "dedication", "epigraph", "toc", "loi", "lot",
            "endnotes", "index")  # fmt: skip
"""The sections of a book that have a default title in each language."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one language."""

    contents: str
    notes: str
    note: str
    title_page: str
    text: str
    landmarks: str
    pages: str
    """The title of the page list."""
    back_link: str
    """The label of the link from a note back to its call."""
    to_do: str
    """The label of an unchecked task box."""
    done: str
    """The label of a checked task box."""
    admonitions: str
    """The titles of `KINDS`, separated by `|`."""
    figure: str
    """The label of a figure; `{}` is its number."""
    table: str
    page: str
    """The page number after a cross-reference."""
    sections: str
    """The titles of `SECTIONS`, separated by `|`."""
    references: str
    """The heading of the bibliography."""

    def section(self, role: str) -> str:
        """Return the title of a section of *role*, a term of EPUB 3 Structural Semantics."""
        if role in SECTIONS:
            return self.sections.split("|")[SECTIONS.index(role)]
        return self.section("colophon") if role in ("imprint", "copyright-page") else self.text

    def admonition(self, kind: str) -> str:
        """Return the title of an admonition of *kind*; for an unknown kind, the kind itself."""
        if kind in KINDS:
            return self.admonitions.split("|")[KINDS.index(kind)]
        return kind.replace("-", " ").replace("_", " ").capitalize()


_ENGLISH = Terms("Contents", "Notes", "Note", "Title page", "Text", "Landmarks", "Pages", "Back to the text",
                 "To do", "Done",
                 "Note|Tip|Important|Warning|Caution|Danger|Info|Example",
                 "Figure {}", "Table {}", "page {}",
                 "Half title|Title page|Colophon|Dedication|Epigraph|"
                 "Contents|Figures|Tables|Notes|Index",
                 "References")  # fmt: skip
_BY_LANGUAGE = {
    "en": _ENGLISH,
    "de": Terms("Inhalt", "Anmerkungen", "Anmerkung", "Titelseite", "Text", "Orientierung", "Seiten",
                "Zurück zum Text",
                "Offen", "Erledigt",
                "Hinweis|Tipp|Wichtig|Warnung|Vorsicht|Gefahr|Info|Beispiel",
                "Abbildung {}", "Tabelle {}", "Seite {}",
                "Schmutztitel|Titelseite|Impressum|Widmung|Motto|"
                "Inhalt|Abbildungen|Tabellen|Anmerkungen|Register",
                "Literatur"),
    "fr": Terms("Sommaire", "Notes", "Note", "Page de titre", "Texte", "Repères", "Pages", "Retour au texte",
                "À faire", "Fait",
                "Remarque|Astuce|Important|Avertissement|Attention|Danger|Info|Exemple",
                "Figure {}", "Tableau {}", "page {}",
                "Faux-titre|Page de titre|Achevé d’imprimer|Dédicace|Épigraphe|"
                "Sommaire|Figures|Tableaux|Notes|Index",
                "Références"),
    "es": Terms("Índice", "Notas", "Nota", "Portada", "Texto", "Puntos de referencia", "Páginas",
                "Volver al texto",
                "Por hacer", "Hecho",
                "Nota|Consejo|Importante|Advertencia|Precaución|Peligro|Información|Ejemplo",
                "Figura {}", "Tabla {}", "página {}",
                "Portadilla|Portada|Colofón|Dedicatoria|Epígrafe|"
                "Índice|Figuras|Tablas|Notas|Índice alfabético",
                "Referencias"),
    "it": Terms("Indice", "Note", "Nota", "Frontespizio", "Testo", "Punti di riferimento", "Pagine",
                "Torna al testo",
                "Da fare", "Fatto",
                "Nota|Suggerimento|Importante|Avvertenza|Attenzione|Pericolo|Informazione|Esempio",
                "Figura {}", "Tabella {}", "pagina {}",
                "Occhiello|Frontespizio|Colophon|Dedica|Epigrafe|"
                "Indice|Figure|Tabelle|Note|Indice analitico",
                "Riferimenti bibliografici"),
    "pt": Terms("Índice", "Notas", "Nota", "Folha de rosto", "Texto", "Pontos de referência", "Páginas",
                "Voltar ao texto",
                "Por fazer", "Feito",
                "Nota|Dica|Importante|Aviso|Cuidado|Perigo|Informação|Exemplo",
                "Figura {}", "Tabela {}", "página {}",
                "Anterrosto|Folha de rosto|Colofão|Dedicatória|Epígrafe|"
                "Índice|Figuras|Tabelas|Notas|Índice remissivo",
                "Referências"),
    "nl": Terms("Inhoud", "Noten", "Noot", "Titelpagina", "Tekst", "Oriëntatiepunten", "Pagina’s",
                "Terug naar de tekst",
                "Te doen", "Gedaan",
                "Opmerking|Tip|Belangrijk|Waarschuwing|Let op|Gevaar|Info|Voorbeeld",
                "Figuur {}", "Tabel {}", "pagina {}",
                "Franse titel|Titelpagina|Colofon|Opdracht|Motto|"
                "Inhoud|Figuren|Tabellen|Noten|Register",
                "Literatuur"),
    "hy": Terms("Բովանդակություն", "Ծանոթագրություններ", "Ծանոթագրություն", "Տիտղոսաթերթ", "Տեքստ",
                "Կողմնորոշիչներ", "Էջեր", "Վերադառնալ տեքստին",
                "Անելիք", "Արված",
                "Նշում|Խորհուրդ|Կարևոր է|Նախազգուշացում|Զգուշացում|Վտանգ|Տեղեկություն|Օրինակ",
                "Նկար {}", "Աղյուսակ {}", "էջ {}",
                "Կիսատիտղոս|Տիտղոսաթերթ|Ելքային տվյալներ|Ընծայագիր|Բնաբան|"
                "Բովանդակություն|Նկարներ|Աղյուսակներ|Ծանոթագրություններ|Այբբենական ցանկ",
                "Գրականություն"),
    "az": Terms("Mündəricat", "Qeydlər", "Qeyd", "Titul vərəqi", "Mətn", "İstiqamətlər", "Səhifələr",
                "Mətnə qayıt",
                "Görüləcək", "Görülüb",
                "Qeyd|Məsləhət|Vacib|Xəbərdarlıq|Ehtiyat|Təhlükə|Məlumat|Nümunə",
                "Şəkil {}", "Cədvəl {}", "səhifə {}",
                "Şmuttitul|Titul vərəqi|Buraxılış məlumatı|İthaf|Epiqraf|"
                "Mündəricat|Şəkillər|Cədvəllər|Qeydlər|Göstərici",
                "İstinadlar"),
    "ru": Terms("Содержание", "Примечания", "Примечание", "Титульный лист", "Текст", "Ориентиры", "Страницы",
                "Назад к тексту",
                "Сделать", "Сделано",
                "Примечание|Совет|Важно|Предупреждение|Осторожно|Опасно|Информация|Пример",
                "Рисунок {}", "Таблица {}", "с. {}",
                "Шмуцтитул|Титульный лист|Выходные данные|Посвящение|Эпиграф|"
                "Содержание|Рисунки|Таблицы|Примечания|Указатель",
                "Литература"),
    "zh": Terms("目录", "注释", "注", "书名页", "正文", "导航", "页码", "返回正文",
                "待办", "已完成",
                "注意|提示|重要|警告|小心|危险|信息|示例",
                "图{}", "表{}", "第{}页",
                "半书名页|书名页|版权页|献词|题词|"
                "目录|插图目录|表格目录|注释|索引",
                "参考文献"),
    "ja": Terms("目次", "注", "注", "扉", "本文", "ランドマーク", "ページ一覧", "本文に戻る",
                "未完了", "完了",
                "注記|ヒント|重要|警告|注意|危険|情報|例",
                "図{}", "表{}", "{}ページ",
                "半扉|扉|奥付|献辞|題辞|"
                "目次|図版一覧|表一覧|注|索引",
                "参考文献"),
    "ar": Terms("المحتويات", "الحواشي", "حاشية", "صفحة العنوان", "النص", "معالم", "الصفحات",
                "العودة إلى النص",
                "لم ينجز", "أنجز",
                "ملاحظة|نصيحة|مهم|تحذير|تنبيه|خطر|معلومة|مثال",
                "الشكل {}", "الجدول {}", "ص {}",
                "صفحة العنوان المختصر|صفحة العنوان|بيانات النشر|إهداء|اقتباس|"
                "المحتويات|الأشكال|الجداول|الحواشي|الفهرس",
                "المراجع"),
    "fa": Terms("فهرست", "یادداشت‌ها", "یادداشت", "صفحهٔ عنوان", "متن", "نشانه‌ها", "صفحه‌ها", "بازگشت به متن",
                "انجام‌نشده", "انجام‌شده",
                "توجه|راهنمایی|مهم|هشدار|احتیاط|خطر|اطلاعات|مثال",
                "شکل {}", "جدول {}", "صفحهٔ {}",
                "صفحهٔ عنوان کوتاه|صفحهٔ عنوان|شناسنامهٔ کتاب|پیشکش|سرلوحه|"
                "فهرست|شکل‌ها|جدول‌ها|یادداشت‌ها|نمایه",
                "منابع"),
    "ko": Terms("차례", "주석", "주", "표제지", "본문", "길잡이", "쪽", "본문으로",
                "할 일", "완료",
                "참고|도움말|중요|경고|주의|위험|정보|예",
                "그림 {}", "표 {}", "{}쪽",
                "약표제지|표제지|판권|헌사|제사|"
                "차례|그림 차례|표 차례|주석|찾아보기",
                "참고 문헌"),
    "th": Terms("สารบัญ", "เชิงอรรถ", "เชิงอรรถ", "หน้าปกใน", "เนื้อหา", "จุดสังเกต", "หน้า", "กลับไปที่เนื้อหา",
                "ยังไม่เสร็จ", "เสร็จแล้ว",
                "หมายเหตุ|เคล็ดลับ|สำคัญ|คำเตือน|ข้อควรระวัง|อันตราย|ข้อมูล|ตัวอย่าง",
                "รูปที่ {}", "ตารางที่ {}", "หน้า {}",
                "หน้าชื่อเรื่องย่อ|หน้าปกใน|ข้อมูลการพิมพ์|คำอุทิศ|คำโปรย|"
                "สารบัญ|สารบัญภาพ|สารบัญตาราง|เชิงอรรถ|ดัชนี",
                "บรรณานุกรม"),
}  # fmt: skip


_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks ku-arab ps sd syr ug ur yi".split())


def direction(language: str) -> str:
    """Return the writing direction of *language*, a BCP 47 tag: `rtl` or `ltr`."""
    first, _, rest = language.lower().partition("-")
    if "latn" in rest or "cyrl" in rest:
        return "ltr"
    scripts = ("arab", "hebr", "thaa", "syrc")
    return "rtl" if first in _RIGHT_TO_LEFT or any(s in rest for s in scripts) else "ltr"


def terms(language: str) -> Terms:
    """Return the words of *language*, a BCP 47 tag; those of English if it is unknown."""
    return _BY_LANGUAGE.get(language.lower().partition("-")[0], _ENGLISH)
