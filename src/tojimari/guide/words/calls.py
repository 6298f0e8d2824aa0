"""What does a person say on the phone, and what will they hear?

A script in the order of a call: asking for an interpreter first, then the wish, the end of the number, the questions of
the card, and how to end so that something is left to hold on to. Beside it, what the other side is likely to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tojimari.guide.words.cards import Card
from tojimari.guide.words.spoken import Spoken, digits_aloud


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that the other side may say, and what one can answer."""

    said: Spoken
    answer: Spoken


SLOWLY = Spoken(
    "すみません、{日本語|にほんご}が{少|すこ}ししか{話|はな}せません。ゆっくりお{願|ねが}いします。",
    "Sumimasen, nihongo ga sukoshi shika hanasemasen. Yukkuri onegai shimasu.",
    _("Excuse me, I speak only a little Japanese. Slowly, please."),
)
_CHINESE = Spoken(
    "{中国語|ちゅうごくご}を{話|はな}せる{方|かた}はいらっしゃいますか。",
    "Chūgokugo o hanaseru kata wa irasshaimasu ka.",
    _("Is there somebody who speaks Chinese?"),
)
_ENGLISH = Spoken(
    "{英語|えいご}を{話|はな}せる{方|かた}はいらっしゃいますか。",
    "Eigo o hanaseru kata wa irasshaimasu ka.",
    _("Is there somebody who speaks English?"),
)
INTERPRETER = {"zh-hans": _CHINESE, "zh-hant": _CHINESE, "en": _ENGLISH}
"""By language of the house. Whoever reads Japanese needs none."""

AGAIN = Spoken(
    "もう{一度|いちど}、ゆっくりお{願|ねが}いします。",
    "Mō ichido, yukkuri onegai shimasu.",
    _("Once more, slowly, please."),
)
BY_MAIL = Spoken(
    "その{内容|ないよう}を、メールで{送|おく}っていただけますか。",
    "Sono naiyō o, mēru de okutte itadakemasu ka.",
    _("Could you send me that by e-mail?"),
)
WHO = Spoken(
    "お{名前|なまえ}を{教|おし}えていただけますか。",
    "Onamae o oshiete itadakemasu ka.",
    _("May I have your name?"),
)
THANKS = Spoken("ありがとうございました。", "Arigatō gozaimashita.", _("Thank you very much."))
_WAIT = Spoken("はい、{待|ま}ちます。", "Hai, machimasu.", _("Yes, I will wait."))
_NO = Spoken("いいえ、{解約|かいやく}です。", "Iie, kaiyaku desu.", _("No, I want to close it."))
_YES = Spoken("はい、お{願|ねが}いします。", "Hai, onegai shimasu.", _("Yes, please."))
_NOT_KNOWN = Spoken(
    "{分|わ}かりません。ほかの{方法|ほうほう}はありますか。",
    "Wakarimasen. Hoka no hōhō wa arimasu ka.",
    _("I do not know it. Is there another way?"),
)
_NO_JAPANESE_NUMBER = Spoken(
    "メールでのご{連絡|れんらく}をお{願|ねが}いします。",
    "Mēru de no gorenraku o onegai shimasu.",
    _("Please write to me by e-mail."),
)

HEARD = (
    Heard(
        Spoken("{少々|しょうしょう}お{待|ま}ちください。", "Shōshō omachi kudasai.", _("One moment, please.")),
        _WAIT,
    ),
    Heard(
        Spoken(
            "ご{契約者様|けいやくしゃさま}のお{名前|なまえ}と{生年月日|せいねんがっぴ}をお{願|ねが}いします。",
            "Gokeiyakusha-sama no onamae to seinengappi o onegai shimasu.",
            _("Your name and date of birth, please."),
        ),
        AGAIN,
    ),
    Heard(
        Spoken(
            "{四桁|よんけた}の{暗証番号|あんしょうばんごう}をお{願|ねが}いします。",
            "Yonketa no anshō bangō o onegai shimasu.",
            _("The PIN of four digits that you chose for the contract, please."),
        ),
        _NOT_KNOWN,
    ),
    Heard(
        Spoken(
            "{他社|たしゃ}へのお{乗|の}り{換|か}えですか。",
            "Tasha e no onorikae desu ka.",
            _("Are you changing to another carrier? (Say yes only if you want to keep the number.)"),
        ),
        _NO,
    ),
    Heard(
        Spoken(
            "{解約|かいやく}すると{番号|ばんごう}は{使|つか}えなくなりますが、よろしいですか。",
            "Kaiyaku suru to bangō wa tsukaenaku narimasu ga, yoroshii desu ka.",
            _("The number is lost when the line is closed. Is that all right?"),
        ),
        _YES,
    ),
    Heard(
        Spoken(
            "{折|お}り{返|かえ}しお{電話|でんわ}いたします。",
            "Orikaeshi odenwa itashimasu.",
            _("We will call you back."),
        ),
        _NO_JAPANESE_NUMBER,
    ),
)


def number_ends(digits: str) -> Spoken:
    """Return the sentence that names the end of the phone number, digit by digit."""
    kana, latin = digits_aloud(digits)
    return Spoken(
        f"{{電話番号|でんわばんごう}}の{{最後|さいご}}は、{kana}です。",
        f"Denwa bangō no saigo wa, {latin} desu.",
        _("The phone number ends in these digits."),
    )


def opening(card: Card, language: str, digits: str = "") -> tuple[Spoken, ...]:
    """Return what to say first, in order. `digits`: the end of the number, or nothing."""
    interpreter = INTERPRETER.get(language)
    number = (number_ends(digits),) if digits else ()
    return (SLOWLY, *((interpreter,) if interpreter else ()), *card.says, *number)


CLOSING = (BY_MAIL, WHO, THANKS)
"""What to say at the end, so that there is something to hold on to."""
