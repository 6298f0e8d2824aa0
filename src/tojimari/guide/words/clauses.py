"""What stands in the letters? Each clause in the Japanese that a company expects, and what it means.

The Japanese is the letter. The meaning is for the person alone: they sign only what they have understood. Where a
clause names a law, its article stands in the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tojimari.guide.words.spoken import Meaning


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or a few. `{day}` in the Japanese and `%(day)s` in the meaning are the same day."""

    ja: str
    meaning: Meaning


# Titles -------------------------------------------------------------------------------------------------------------

EARLY_EXIT_TITLE = Clause("初期契約解除の通知書", _("Notice of early cancellation"))
CONFIRMATION_TITLE = Clause("確認措置による契約解除の申出書", _("Request to cancel under the confirmation measures"))
CLOSING_TITLE = Clause("回線契約の解約のお願い", _("Request to close a line"))
COMPLAINT_TITLE = Clause(
    "解約後のご請求の停止と返金のお願い", _("Request to stop charges after closing, and to refund them")
)
ADVICE_TITLE = Clause("ご相談の内容", _("What I ask your advice on"))

# Greetings ----------------------------------------------------------------------------------------------------------

GREETING = Clause(
    "拝啓　時下ますますご清栄のこととお慶び申し上げます。"
    "平素は貴社のサービスを利用させていただき、ありがとうございます。",
    _("(The usual greeting, and thanks for the service)"),
)
FAREWELL = "敬具"

# Early cancellation: 電気通信事業法 26-3. The notice works when it is sent, and needs neither reason nor consent.

EARLY_EXIT = (
    Clause(
        "私は、貴社との間で締結した下記の電気通信役務の提供に関する契約を、"
        "電気通信事業法第26条の3第1項の規定に基づき、本書面により解除します。",
        _(
            "I hereby cancel the contract named below, which I made with you for telecommunications service, under "
            "Article 26-3, paragraph 1 of the Telecommunications Business Act."
        ),
    ),
    Clause(
        "この解除は、同条第2項の規定により、本書面を発した時にその効力を生じます。",
        _("Under paragraph 2 of that Article, the cancellation takes effect when this paper is sent."),
    ),
    Clause(
        "貴社が請求できる金額は、同条第3項および同法施行規則に定める範囲に限られます。"
        "ご請求がある場合は、その内訳をお知らせください。"
        "すでにお支払いした金額のうち、これを超える分は、同条第4項の規定に基づき、速やかにご返金ください。",
        _(
            "You may charge only what paragraph 3 and the ordinance allow. If you charge anything, please tell me item "
            "by item. What I have paid beyond it, please return promptly under paragraph 4."
        ),
    ),
    Clause(
        "この契約に付随する有料オプションがある場合は、あわせて解約をお願いいたします。",
        _("If paid options come with this contract, please end them as well."),
    ),
    Clause(
        "お手数ですが、本書面を受け付けた旨と、SIMカード等の返却の要否および返却先を、"
        "上記の連絡先までお知らせくださいますようお願いいたします。",
        _(
            "Please let me know at the address above that you have received this paper, and whether and where the SIM "
            "card must be returned."
        ),
    ),
)
IF_MEASURES = Clause(
    "なお、この契約が初期契約解除ではなく確認措置の対象である場合は、"
    "本書面により確認措置による契約の解除を申し出ますので、必要な手続きをお知らせください。",
    _(
        "If this contract falls under the confirmation measures instead, please take this paper as a request to cancel "
        "under them, and tell me what has to be done."
    ),
)
CONFIRMATION = (
    Clause(
        "私は、貴社との間で締結した下記の契約について、確認措置による解除を申し出ます。理由は下記のとおりです。",
        _("I ask to cancel the contract named below under the confirmation measures, for the reasons named below."),
    ),
    Clause(
        "あわせて購入した端末がある場合は、その売買契約の解除についても手続きをお知らせください。",
        _("If I bought a phone with it, please tell me how that purchase is undone as well."),
    ),
    Clause(
        "お手数ですが、本書面を受け付けた旨、お支払いが必要な金額とその内訳、"
        "SIMカード等の返却先を、上記の連絡先までお知らせくださいますようお願いいたします。",
        _(
            "Please let me know at the address above that you have received this paper, what I have to pay item by "
            "item, and where the SIM card must be returned."
        ),
    ),
)
REASONS = {
    "signal": Clause("利用したい場所で電波の状況が十分でないこと", _("The signal is not good enough where I need it")),
    "explanation": Clause("契約時の説明が十分でなかったこと", _("The contract was not explained well enough")),
    "document": Clause("契約書面を受け取っていないこと", _("I was not given the contract document")),
}
"""The grounds on which a contract under confirmation measures can be left."""

# Ordinary closing ---------------------------------------------------------------------------------------------------

CLOSING = Clause(
    "さて、下記の回線契約につきまして、解約をお願いいたしたく、ご連絡申し上げます。",
    _("I write to ask you to close the line named below."),
)
END_ON = Clause("解約日は、{day}を希望いたします。", _("I would like it to end on %(day)s."))
END_SOON = Clause("解約日は、できるだけ早い日を希望いたします。", _("I would like it to end as soon as possible."))
LEAVING = Clause(
    "なお、{day}に日本を出国いたしますので、その後のご連絡は電子メールでお願いいたします。",
    _("I leave Japan on %(day)s. After that, please write to me by e-mail."),
)
PLEASE_ANSWER = Clause(
    "つきましては、次の点をお知らせくださいますようお願い申し上げます。", _("Please let me know the following.")
)
CLOSING_ASKS = (
    Clause("解約日、および最後に利用できる日", _("The day on which it ends, and the last day of use")),
    Clause("解約に伴う料金の有無とその金額", _("Whether closing costs anything, and how much")),
    Clause("最後のご請求の金額、内訳および時期", _("The last bill: how much, what for, and when")),
    Clause("SIMカード等の返却の要否、返却先および期限", _("Whether, where and until when the SIM must be returned")),
    Clause(
        "解約後も継続する契約（オプション、端末の分割払い等）の有無",
        _("Which contracts go on (options, handset instalments and the like)"),
    ),
)
OTHER_PAPERS = Clause(
    "本書面のほかに必要な手続きや書類がございましたら、あわせてお知らせください。",
    _("If anything else has to be done or sent, please tell me as well."),
)

# Charged after the end ----------------------------------------------------------------------------------------------

TOLD_END = Clause(
    "さて、私は下記の回線契約について解約を申し込み、{day}をもって契約が終了する旨のご案内を受けました。",
    _("I asked you to close the line named below, and was told that the contract ends on %(day)s."),
)
ASKED_ON = Clause(
    "さて、私は下記の回線契約について、{day}に解約を申し込みました。",
    _("I asked you on %(day)s to close the line named below."),
)
ASKED = Clause(
    "さて、私は下記の回線契約について、解約を申し込みました。", _("I asked you to close the line named below.")
)
STILL_CHARGED = Clause(
    "しかしながら、その後も下記のとおり料金を請求されております。",
    _("However, I have been charged since then, as listed below."),
)
COMPLAINT_PLEASE = Clause(
    "つきましては、次のとおりご対応くださいますようお願い申し上げます。", _("Please do the following.")
)
COMPLAINT_ASKS = (
    Clause("今後のご請求を停止してください。", _("Stop all further charges.")),
    Clause(
        "契約終了後の期間についてお支払い済みの料金がある場合は、全額をご返金ください。",
        _("Refund in full what I paid for the time after the end."),
    ),
    Clause(
        "ご請求に根拠があるとお考えの場合は、その内訳と、該当する契約条項をお示しください。",
        _("If you hold that you may charge it, name the items and the clauses of the contract."),
    ),
)
WITHIN = Clause(
    "電気通信事業法第27条の定めるところにより、適切かつ迅速なご対応をお願いいたします。"
    "本書面の到着後{days}日以内に、上記の連絡先までご回答ください。",
    _(
        "Please deal with this properly and promptly, as Article 27 of the Telecommunications Business Act asks, and "
        "answer at the address above within %(days)s days after this paper arrives."
    ),
)
OTHERWISE = Clause(
    "ご回答をいただけない場合は、消費生活センターおよび総務省の電気通信消費者相談センターに相談いたします。",
    _("Without an answer I will turn to the consumer centre and to the ministry's telecom consumer centre."),
)
ENCLOSED = Clause(
    "資料として、下記のものを添付いたします。", _("What I have to show for it is attached, as listed below.")
)

# For those who advise -----------------------------------------------------------------------------------------------

ADVICE = (
    Clause(
        "通信事業者との契約の終了と料金の請求について、ご相談いたします。",
        _("I ask for your advice on the end of a contract with a carrier, and on what it charges."),
    ),
    Clause(
        "下記の事実をもとに、事業者への確認と、今後の対応についてのご助言をお願いいたします。",
        _("On the facts below, please ask the carrier about it, and advise me what to do."),
    ),
)
WROTE = Clause(
    "事業者には書面で請求の停止と返金を求めましたが、解決しておりません。",
    _("I asked the carrier in writing to stop and refund the charges, and it is not settled."),
)
LITTLE_JAPANESE = Clause(
    "日本語での会話が難しいため、通訳のある窓口がありましたらお知らせください。",
    _("I can hardly talk in Japanese. If there is a place with an interpreter, please tell me."),
)

# Names of facts -----------------------------------------------------------------------------------------------------

LABELS = {
    "carrier": Clause("通信事業者", _("Carrier")),
    "plan": Clause("サービス名（料金プラン）", _("Service or plan")),
    "number": Clause("電話番号", _("Phone number")),
    "customer": Clause("お客様番号（契約番号）", _("Customer or contract number")),
    "made": Clause("契約日", _("Day of the contract")),
    "received": Clause("契約書面の受領日", _("Contract document received")),
    "not_received": Clause("契約書面", _("Contract document")),
    "started": Clause("サービスの提供開始日", _("Start of the service")),
    "reason": Clause("解除の理由", _("Reason")),
    "asked": Clause("解約を申し込んだ日", _("Closing asked for on")),
    "receipt": Clause("受付番号", _("Receipt number")),
    "ended": Clause("案内された契約終了日", _("End of the contract, as I was told")),
    "charge": Clause("解約後の請求", _("Charged after the end")),
    "total": Clause("請求額の合計", _("Total charged")),
    "evidence": Clause("資料", _("Evidence")),
    "story": Clause("経緯", _("What happened")),
}
NOT_RECEIVED = Clause("受け取っておりません", _("not received"))

# Parts of the sheet -------------------------------------------------------------------------------------------------

TO_CARRIER = "御中"
TO_WINDOW = "お客様相談窓口　御中"
TO_CENTRE = "消費生活センター　御中"
TO_MINISTRY = "総務省　電気通信消費者相談センター　御中"
SENDER = {"address": "住所", "name": "氏名", "signature": "署名", "phone": "電話", "email": "電子メール"}
HEADS = (Clause("項目", _("Item")), Clause("内容", _("Content")))
BELOW, END = "記", "以上"
