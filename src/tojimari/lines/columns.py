"""Which columns does a file of lines have, and what are they called in other people's exports?

The canonical names are English. Headings are compared without case, spaces, dashes, brackets and width.
"""

from __future__ import annotations

from tojimari.lines.table import Column


def _column(name: str, *synonyms: str, required: bool = False) -> Column:
    """A column with its other headings, separated by ` | `."""
    return Column(name, tuple(heading for row in synonyms for heading in row.split(" | ")), required)


COLUMNS = (
    _column(
        "customer",
        "customer number | customer id | customer no | subscriber | お客様番号 | お客さま番号",
        "顧客番号 | 顧客ID | 契約者番号 | 契約者ID | 会員番号 | 客户编号 | 客户号 | 用户编号",
        "客戶編號 | 用戶編號",
        required=True,
    ),
    _column(
        "name_latin",
        "name | latin name | name in latin letters | ローマ字氏名 | 氏名ローマ字 | 英字氏名",
        "英文姓名 | 拼音姓名 | 姓名拼音",
    ),
    _column(
        "name_kana",
        "kana | kana name | 氏名カナ | カナ氏名 | フリガナ | ふりがな | 契約者名カナ | 假名",
    ),
    _column(
        "name_kanji",
        "kanji | kanji name | 氏名 | 名前 | 契約者名 | 氏名漢字 | 漢字氏名 | お名前 | 姓名",
        "中文姓名 | 客户姓名 | 客戶姓名",
    ),
    _column(
        "language",
        "lang | 言語 | 使用言語 | 语言 | 語言",
    ),
    _column(
        "corporate",
        "company | is corporate | 法人 | 法人契約 | 法人区分 | 企业 | 企業 | 公司",
    ),
    _column(
        "email",
        "e mail | mail | email address | メール | メールアドレス | Eメール | 電子メール | 邮箱",
        "电子邮箱 | 电子邮件 | 電子郵件 | 信箱",
    ),
    _column(
        "contact_msisdn",
        "contact number | contact phone | sms | 連絡先電話番号 | 連絡先 | 連絡先番号 | 联系电话",
        "联系手机 | 聯絡電話",
    ),
    _column(
        "kind",
        "line kind | type | sim type | 回線種別 | 種別 | SIM種別 | SIMタイプ | カード種別",
        "线路类型 | 卡类型 | 类型 | 線路類型 | 卡類型",
        required=True,
    ),
    _column(
        "msisdn",
        "phone | phone number | mobile number | telephone number | 電話番号 | 携帯番号",
        "携帯電話番号 | 回線番号 | 手机号 | 手机号码 | 电话号码 | 号码 | 手機號碼 | 門號",
    ),
    _column(
        "imsi",
        "加入者識別番号 | 国际移动用户识别码",
    ),
    _column(
        "iccid",
        "icc id | sim number | sim serial | SIMカード番号 | SIM番号 | 製造番号 | ICカード番号",
        "SIM卡号 | 卡号 | SIM卡號 | 卡號",
        required=True,
    ),
    _column(
        "eid",
        "euicc id | eSIM識別番号 | eSIM识别码 | eSIM識別碼",
    ),
    _column(
        "order_number",
        "order | order no | order id | 注文番号 | 受注番号 | 申込番号 | 契約番号 | 订单号",
        "订单编号 | 訂單號 | 訂單編號",
    ),
    _column(
        "plan",
        "plan code | tariff | プラン | プランコード | 料金プラン | 料金プランコード | 套餐",
        "套餐代码 | 資費方案 | 資費代碼",
        required=True,
    ),
    _column(
        "plan_name",
        "tariff name | プラン名 | 料金プラン名 | 套餐名称 | 方案名稱",
    ),
    _column(
        "monthly_fee_yen",
        "monthly fee | 月額 | 月額料金 | 月額料金(税込) | 基本料金 | 月费 | 月租 | 月費",
    ),
    _column(
        "final_month_policy",
        "final month | 解約月料金 | 解約月の扱い | 最終月の扱い | 最后一个月计费",
    ),
    _column(
        "prepaid",
        "is prepaid | プリペイド | 前払い | 预付费 | 預付費",
    ),
    _column(
        "contract_on",
        "contract date | contract day | start date | 契約日 | 契約開始日 | 開通日 | 利用開始日",
        "合同日期 | 签约日期 | 开通日期 | 合約日期 | 開通日期",
        required=True,
    ),
    _column(
        "valid_until",
        "valid to | expiry | expiry date | 有効期限 | 利用期限 | 有效期 | 有效期至 | 到期日",
    ),
    _column(
        "balance_yen",
        "balance | 残高 | 余额 | 餘額",
    ),
    _column(
        "services",
        "service | options | サービス | 利用サービス | オプション | 服务 | 服務",
    ),
    _column(
        "option_fee_yen",
        "option fee | options fee | monthly fee of options | オプション料金 | オプション月額 | オプション料",
        "选项月费 | 增值服务月费 | 選項月費 | 加值服務月費",
    ),
    _column(
        "option_lives_on",
        "option stays | option continues | オプション継続 | オプション存続 | 解約後も継続 | 选项保留 | 選項保留",
    ),
    _column(
        "unpaid_month",
        "unpaid bill month | 未払い月 | 未払月 | 未納月 | 欠费月份 | 欠費月份",
    ),
    _column(
        "unpaid_yen",
        "unpaid | unpaid amount | 未払い額 | 未払額 | 未払い金額 | 未納額 | 欠费金额 | 欠費金額",
    ),
    _column(
        "unpaid_due_on",
        "unpaid due | due date | 支払期限 | 支払期日 | 付款期限 | 缴费期限 | 繳費期限",
    ),
    _column(
        "last_used_on",
        "last used | last use | 最終利用日 | 最后使用日期 | 最後使用日期",
    ),
    _column("usage_yen", "unbilled usage | usage not billed | 未請求利用料 | 未請求額 | 未出账费用 | 未出帳費用"),
    _column("used_month", "month of use | 利用月 | 使用月份"),
    _column("used_mb", "data used mb | used data | データ使用量 | データ使用量(MB) | 已用流量 | 已用流量(MB)"),
    _column("deposit_yen", "deposit | 預託金 | 保証金 | デポジット | 押金 | 保證金"),
    _column("installation_left_yen", "installation left | 工事費残額 | 工事費残債 | 安装费余额 | 安裝費餘額"),
    _column("installation_month_yen", "installation per month | 工事費月額 | 安装费月额 | 安裝費月額"),
    _column("instalments_left_yen", "device instalments left | 端末残債 | 端末分割残額 | 手机分期余额 | 手機分期餘額"),
    _column("paid_in_advance_yen", "paid in advance | 前受金 | 契約時支払額 | 预付款 | 預付款"),
    _column("started_on", "service start | service started | サービス開始日 | 服务开始日期 | 服務開始日期"),
    _column("documents_on", "contract document received | 契約書面受領日 | 书面文件收到日期 | 書面文件收到日期"),
    _column("corrected_documents_on", "corrected document received | 訂正書面受領日 | 更正文件收到日期"),
    _column("bound_until", "end of bound term | 契約拘束期間満了日 | 契約満了日 | 合约到期日 | 綁約到期日"),
    _column("ported_in", "number ported in | 転入番号 | MNP転入 | ポートイン | 携号转入 | 攜碼移入"),
)

IGNORED_COLUMNS = ("line", "reason")
"""What we add to a file of bad rows. Such a file can be mended and imported as it is."""

NAMES = tuple(column.name for column in COLUMNS)
