"""The few words that editions add to a text, in the languages that we know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one language."""

    contents: str
    notes: str
    note: str
    title_page: str
    text: str
    landmarks: str
    back: str
    """Said of the link that leads from a note to where it is cited."""
    figure: str
    """What a figure is called; `{}` is its number, a no-break space before it."""
    table: str
    page: str
    """How a page is named behind a reference."""


_ENGLISH = Terms("Contents", "Notes", "Note", "Title page", "Text", "Landmarks", "Back to the text",
                 "Figure {}", "Table {}", "page {}")  # fmt: skip
_BY_LANGUAGE = {
    "en": _ENGLISH,
    "de": Terms("Inhalt", "Anmerkungen", "Anmerkung", "Titelseite", "Text", "Orientierung",
                "Zurück zum Text",
                "Abbildung {}", "Tabelle {}", "Seite {}"),
    "fr": Terms("Sommaire", "Notes", "Note", "Page de titre", "Texte", "Repères", "Retour au texte",
                "Figure {}", "Tableau {}", "page {}"),
    "es": Terms("Índice", "Notas", "Nota", "Portada", "Texto", "Puntos de referencia", "Volver al texto",
                "Figura {}", "Tabla {}", "página {}"),
    "it": Terms("Indice", "Note", "Nota", "Frontespizio", "Testo", "Punti di riferimento",
                "Torna al testo",
                "Figura {}", "Tabella {}", "pagina {}"),
    "pt": Terms("Índice", "Notas", "Nota", "Folha de rosto", "Texto", "Pontos de referência",
                "Voltar ao texto",
                "Figura {}", "Tabela {}", "página {}"),
    "nl": Terms("Inhoud", "Noten", "Noot", "Titelpagina", "Tekst", "Oriëntatiepunten",
                "Terug naar de tekst",
                "Figuur {}", "Tabel {}", "pagina {}"),
    "hy": Terms("Բովանդակություն", "Ծանոթագրություններ", "Ծանոթագրություն", "Տիտղոսաթերթ", "Տեքստ",
                "Կողմնորոշիչներ", "Վերադառնալ տեքստին",
                "Նկար {}", "Աղյուսակ {}", "էջ {}"),
    "az": Terms("Mündəricat", "Qeydlər", "Qeyd", "Titul vərəqi", "Mətn", "İstiqamətlər", "Mətnə qayıt",
                "Şəkil {}", "Cədvəl {}", "səhifə {}"),
    "ru": Terms("Содержание", "Примечания", "Примечание", "Титульный лист", "Текст", "Ориентиры",
                "Назад к тексту",
                "Рисунок {}", "Таблица {}", "с. {}"),
    "zh": Terms("目录", "注释", "注", "书名页", "正文", "导航", "返回正文",
                "图{}", "表{}", "第{}页"),
    "ja": Terms("目次", "注", "注", "扉", "本文", "ランドマーク", "本文に戻る",
                "図{}", "表{}", "{}ページ"),
}  # fmt: skip


def terms(language: str) -> Terms:
    """Return the words of *language*, a BCP 47 tag; English where we do not know it."""
    return _BY_LANGUAGE.get(language.lower().partition("-")[0], _ENGLISH)
