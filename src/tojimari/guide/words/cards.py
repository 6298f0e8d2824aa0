"""What does a person show to staff at a counter, and what may staff answer by tapping?

A card says one wish in Japanese and asks a few questions. Each answer stands there in Japanese and in the person's
language, so a tap is understood by both sides. What was tapped is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tojimari.guide.words.spoken import Meaning, Spoken


class Wish(StrEnum):
    """What the person wants."""

    CLOSE = "close"
    ROAMING = "roaming"
    CHARGES = "charges"
    SIM = "sim"


class Write(StrEnum):
    """What staff write besides, if anything."""

    NOTHING = ""
    DAY = "day"
    YEN = "yen"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to tap."""

    value: str
    ja: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a card. It has answers to tap, something to write, or both."""

    id: str
    asked: Spoken
    options: tuple[Option, ...] = ()
    write: Write = Write.NOTHING
    written: tuple[str, Meaning] = ("", "")
    """What is to be written, in Japanese and as its meaning."""

    def option(self, value: str) -> Option | None:
        """Return the answer with this value."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Card:
    """A wish and its questions, in the order in which they are asked."""

    wish: Wish
    name: Meaning
    says: tuple[Spoken, ...]
    questions: tuple[Question, ...]


HELLO = Spoken(
    "{日本語|にほんご}があまり{話|はな}せません。この{画面|がめん}でお{答|こた}えいただけますか。",
    "Nihongo ga amari hanasemasen. Kono gamen de okotae itadakemasu ka.",
    _("I speak little Japanese. Could you answer on this screen?"),
)
NUMBER_ENDS = ("電話番号の最後の桁", _("The phone number ends in"))
TO_FIND_OUT = Option("unknown", "確認が必要です", _("They must find out first."))
PLEASE_WRITE = ("書いてください", _("Please write"))


def _yes_no(yes: tuple[str, Meaning], no: tuple[str, Meaning]) -> tuple[Option, ...]:
    return Option("yes", *yes), Option("no", *no), TO_FIND_OUT


_FEE = Question(
    "fee",
    Spoken(
        "{解約|かいやく}に{費用|ひよう}はかかりますか。",
        "Kaiyaku ni hiyō wa kakarimasu ka.",
        _("Will there be a fee for closing?"),
    ),
    _yes_no(("はい、かかります", _("Yes, there is a fee.")), ("いいえ、かかりません", _("No, there is no fee."))),
    Write.YEN,
    ("金額（円、税込）", _("Amount in yen, tax included")),
)
_LAST_DAY = Question(
    "last_day",
    Spoken("いつまで{使|つか}えますか。", "Itsu made tsukaemasu ka.", _("Until when can I use it?")),
    write=Write.DAY,
    written=("最後に使える日", _("The last day of use")),
)
_LAST_BILL = Question(
    "last_bill",
    Spoken(
        "{最後|さいご}の{請求|せいきゅう}は、いつ、いくらですか。",
        "Saigo no seikyū wa, itsu, ikura desu ka.",
        _("When does the last bill come, and how much is it?"),
    ),
    write=Write.TEXT,
    written=("時期と金額（円）", _("When, and how many yen")),
)
_RETURN = Question(
    "return",
    Spoken(
        "SIMカードを{返|かえ}す{必要|ひつよう}はありますか。",
        "SIM kādo o kaesu hitsuyō wa arimasu ka.",
        _("Do I have to return the SIM?"),
    ),
    _yes_no(
        ("はい、返してください", _("Yes, please return it.")), ("いいえ、必要ありません", _("No, there is no need."))
    ),
    Write.TEXT,
    ("返却先と期限", _("Where to, and until when")),
)
_CONFIRMATION = Question(
    "confirmation",
    Spoken(
        "{手続|てつづ}きを{確認|かくにん}できるメールや{書面|しょめん}をもらえますか。",
        "Tetsuzuki o kakunin dekiru mēru ya shomen o moraemasu ka.",
        _("Will I get a mail or a paper that confirms it?"),
    ),
    (
        Option("mail", "はい、メールで送ります", _("Yes, by e-mail.")),
        Option("paper", "はい、書面でお渡しします", _("Yes, on paper.")),
        Option("no", "いいえ、ありません", _("No, there is none.")),
        TO_FIND_OUT,
    ),
)
_GOES_ON = Question(
    "goes_on",
    Spoken(
        "{解約|かいやく}のあとも{続|つづ}く{契約|けいやく}や{支払|しはら}いはありますか。",
        "Kaiyaku no ato mo tsuzuku keiyaku ya shiharai wa arimasu ka.",
        _("Does any contract or payment go on after closing?"),
    ),
    _yes_no(("はい、あります", _("Yes, something goes on.")), ("いいえ、ありません", _("No, nothing goes on."))),
    Write.TEXT,
    ("続くもの", _("What goes on")),
)
_RECEIPT = Question(
    "receipt",
    Spoken(
        "{受付番号|うけつけばんごう}を{教|おし}えてください。",
        "Uketsuke bangō o oshiete kudasai.",
        _("What is the receipt number?"),
    ),
    write=Write.TEXT,
    written=("受付番号", _("Receipt number")),
)
_ALL_DONE = Question(
    "all_done",
    Spoken(
        "{私|わたし}がする{手続|てつづ}きは、これで{全部|ぜんぶ}ですか。",
        "Watashi ga suru tetsuzuki wa, kore de zenbu desu ka.",
        _("Is that everything that I have to do?"),
    ),
    _yes_no(
        ("はい、これで全部です", _("Yes, that is everything.")),
        ("いいえ、まだあります", _("No, there is more to do.")),
    ),
    Write.TEXT,
    ("このあとにすること", _("What is still to be done")),
)
_OFF_NOW = Question(
    "off_now",
    Spoken(
        "{海外|かいがい}ローミングは、もう{止|と}まりましたか。",
        "Kaigai rōmingu wa, mō tomarimashita ka.",
        _("Is roaming off now?"),
    ),
    _yes_no(("はい、止まりました", _("Yes, it is off.")), ("いいえ、まだです", _("No, not yet."))),
    Write.DAY,
    ("止まる日", _("The day on which it is off")),
)
_LINE_STAYS = Question(
    "line_stays",
    Spoken(
        "{回線|かいせん}は、これまでどおり{使|つか}えますか。",
        "Kaisen wa, kore made dōri tsukaemasu ka.",
        _("Does the line itself stay as it is?"),
    ),
    _yes_no(("はい、使えます", _("Yes, it stays as it is.")), ("いいえ、変わります", _("No, something changes."))),
)
_USED_ABROAD = Question(
    "used_abroad",
    Spoken(
        "これまでの{海外利用|かいがいりよう}の{料金|りょうきん}はいくらですか。",
        "Kore made no kaigai riyō no ryōkin wa ikura desu ka.",
        _("What has been charged for use abroad so far?"),
    ),
    write=Write.YEN,
    written=("金額（円）", _("Amount in yen")),
)
_ENDED = Question(
    "ended",
    Spoken(
        "{契約|けいやく}は、もう{終|お}わっていますか。",
        "Keiyaku wa, mō owatte imasu ka.",
        _("Has the contract ended?"),
    ),
    _yes_no(("はい、終わっています", _("Yes, it has ended.")), ("いいえ、続いています", _("No, it goes on."))),
    Write.DAY,
    ("契約が終わった日", _("The day on which it ended")),
)
_WHAT_FOR = Question(
    "what_for",
    Spoken(
        "この{請求|せいきゅう}は、{何|なん}の{料金|りょうきん}ですか。",
        "Kono seikyū wa, nan no ryōkin desu ka.",
        _("What is this charge for?"),
    ),
    write=Write.TEXT,
    written=("料金の名前と期間", _("Name of the charge, and for which time")),
)
_STOPS = Question(
    "stops",
    Spoken(
        "{次|つぎ}の{月|つき}から、{請求|せいきゅう}は{止|と}まりますか。",
        "Tsugi no tsuki kara, seikyū wa tomarimasu ka.",
        _("Will the charges stop from next month?"),
    ),
    _yes_no(("はい、止まります", _("Yes, they stop.")), ("いいえ、止まりません", _("No, they do not stop."))),
)
_REFUND = Question(
    "refund",
    Spoken(
        "{払|はら}いすぎたお{金|かね}は、{返|かえ}してもらえますか。",
        "Haraisugita okane wa, kaeshite moraemasu ka.",
        _("Do I get back what I paid too much?"),
    ),
    _yes_no(("はい、返金します", _("Yes, it is paid back.")), ("いいえ、できません", _("No, it is not paid back."))),
    Write.TEXT,
    ("返金の時期と方法", _("When and how")),
)
_HERE = Question(
    "here",
    Spoken("ここで{返|かえ}せますか。", "Koko de kaesemasu ka.", _("Can I return it here?")),
    _yes_no(("はい、お預かりします", _("Yes, they take it here.")), ("いいえ、できません", _("No, not here."))),
)
_BY_POST = Question(
    "by_post",
    Spoken(
        "{郵送|ゆうそう}の{場合|ばあい}、{送|おく}り{先|さき}はどこですか。",
        "Yūsō no baai, okurisaki wa doko desu ka.",
        _("By post: to which address?"),
    ),
    write=Write.TEXT,
    written=("送り先の住所", _("Address")),
)
_BY_WHEN = Question(
    "by_when",
    Spoken("いつまでに{返|かえ}せばいいですか。", "Itsu made ni kaeseba ii desu ka.", _("Until when must it be back?")),
    write=Write.DAY,
    written=("返却の期限", _("The last day for returning it")),
)
_IF_NOT = Question(
    "if_not",
    Spoken(
        "{返|かえ}さないと、{費用|ひよう}がかかりますか。",
        "Kaesanai to, hiyō ga kakarimasu ka.",
        _("Does it cost anything if I do not return it?"),
    ),
    _yes_no(("はい、かかります", _("Yes, it costs something.")), ("いいえ、かかりません", _("No, it costs nothing."))),
    Write.YEN,
    ("金額（円、税込）", _("Amount in yen, tax included")),
)
_PROOF = Question(
    "proof",
    Spoken(
        "{返|かえ}したことが{分|わ}かる{書面|しょめん}をもらえますか。",
        "Kaeshita koto ga wakaru shomen o moraemasu ka.",
        _("Do I get a paper that shows that I returned it?"),
    ),
    _yes_no(("はい、お渡しします", _("Yes, they give me one.")), ("いいえ、ありません", _("No, there is none."))),
)

CARDS: Mapping[Wish, Card] = {
    Wish.CLOSE: Card(
        Wish.CLOSE,
        _("Close my line"),
        (
            Spoken(
                "この{回線|かいせん}の{解約|かいやく}をお{願|ねが}いします。",
                "Kono kaisen no kaiyaku o onegai shimasu.",
                _("I would like to close this line."),
            ),
            Spoken(
                "{番号|ばんごう}の{引|ひ}き{継|つ}ぎと、ほかのプランのご{案内|あんない}は{必要|ひつよう}ありません。",
                "Bangō no hikitsugi to, hoka no puran no goannai wa hitsuyō arimasen.",
                _("I do not take the number along, and I need no other plan."),
            ),
        ),
        (_FEE, _LAST_DAY, _LAST_BILL, _RETURN, _GOES_ON, _CONFIRMATION, _RECEIPT, _ALL_DONE),
    ),
    Wish.ROAMING: Card(
        Wish.ROAMING,
        _("Turn roaming off"),
        (
            Spoken(
                "{海外|かいがい}ローミングの{停止|ていし}をお{願|ねが}いします。",
                "Kaigai rōmingu no teishi o onegai shimasu.",
                _("I would like roaming to be turned off."),
            ),
            Spoken(
                "{回線|かいせん}は、このまま{使|つか}います。",
                "Kaisen wa, kono mama tsukaimasu.",
                _("I keep the line itself."),
            ),
        ),
        (_OFF_NOW, _LINE_STAYS, _USED_ABROAD, _CONFIRMATION, _RECEIPT, _ALL_DONE),
    ),
    Wish.CHARGES: Card(
        Wish.CHARGES,
        _("Stop charges after closing"),
        (
            Spoken(
                "{解約|かいやく}の{手続|てつづ}きのあとも、{請求|せいきゅう}が{続|つづ}いています。",
                "Kaiyaku no tetsuzuki no ato mo, seikyū ga tsuzuite imasu.",
                _("I asked to close the line, and I am still being charged."),
            ),
            Spoken(
                "{契約|けいやく}の{状況|じょうきょう}を{調|しら}べて、{請求|せいきゅう}を{止|と}めてください。",
                "Keiyaku no jōkyō o shirabete, seikyū o tomete kudasai.",
                _("Please look at my contract and stop the charges."),
            ),
        ),
        (_ENDED, _WHAT_FOR, _STOPS, _REFUND, _CONFIRMATION, _RECEIPT, _ALL_DONE),
    ),
    Wish.SIM: Card(
        Wish.SIM,
        _("Return the SIM"),
        (
            Spoken(
                "{解約|かいやく}した{回線|かいせん}のSIMカードをお{返|かえ}ししたいです。",
                "Kaiyaku shita kaisen no SIM kādo o okaeshi shitai desu.",
                _("I would like to return the SIM card of the line that I ended."),
            ),
        ),
        (_HERE, _BY_POST, _BY_WHEN, _IF_NOT, _PROOF, _ALL_DONE),
    ),
}
