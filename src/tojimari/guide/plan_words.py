"""What do plans and deadlines at other carriers say to a person? One sentence for each code.

`ask.*` are questions for the carrier; their Japanese is what a person shows or reads out at a counter.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, str | Promise] = {
    "headline.steps": _("Your line at %(carrier)s goes on until you end it. Here is how, step by step."),
    "headline.either": _(
        "At %(carrier)s some plans end by themselves on a fixed day, the others go on until you end them. Here is how."
    ),
    "headline.mostly_ends": _(
        "Most plans at %(carrier)s end by themselves. Only one with automatic renewal goes on, until you turn that off."
    ),
    "headline.rented": _("What you rented from %(carrier)s ends when you give it back. Here is how."),
    "headline.ends_by_itself": _("Your plan at %(carrier)s ends by itself. You need not close it."),
    "headline.ends_by_itself.on": _("Your plan at %(carrier)s ends by itself on %(day)s. You need not close it."),
    "headline.ended.on": _("The last day of your plan at %(carrier)s was %(day)s. There is nothing to close any more."),
    "headline.port": _(
        "Your number moves to another carrier. Do not close the line at %(carrier)s: it ends by itself when "
        "the new carrier switches the number on."
    ),
    "headline.ask_carrier": _(
        "No source says how a line of this kind at %(carrier)s is ended. Ask the carrier; here is what to "
        "ask and what to do around it."
    ),
    "headline.roaming.steps": _("Roaming at %(carrier)s is turned off on its own. Your line at home stays as it is."),
    "headline.roaming.ends_by_itself": _("As far as the sources say, roaming at %(carrier)s need not be closed."),
    "headline.roaming.ask_carrier": _(
        "No source says how roaming at %(carrier)s is turned off. Ask the carrier; here is what to ask."
    ),
    "obsolete": _(
        "This carrier is no longer there under this name. The facts are old: ask first who runs your line now."
    ),
    "perhaps_by_itself": _(
        "If your plan ends on a day that was fixed when you bought it, there is nothing to close. Look at your order."
    ),
    "by_itself.nothing_back": _(
        "You paid in advance for a fixed time. When it is over, the service stops; as a rule, nothing is "
        "paid back for what was not used."
    ),
    "perhaps_by_itself.look": _(
        "Open your plan in the app or account. If it shows a last day and no automatic renewal, there is nothing to "
        "close."
    ),
    "danger.not_by_deleting": _(
        "Deleting the eSIM or the app, taking the card out or leaving Japan ends nothing. The fee goes on."
    ),
    "danger.give_away": _(
        "Do not give away or sell the SIM. The line stands in your name, and handing it over without the "
        "carrier's consent is punishable in Japan."
    ),
    "danger.profile": _("Leave the eSIM profile on the phone until the carrier has confirmed the end."),
    "roaming.line_stays": _("Only roaming is turned off. Your number, your plan and what you pay at home stay."),
    "roaming.handset": _(
        "The switch for data roaming on the handset stops data only on this phone. Calls and messages may "
        "still be charged, and the service itself stays on."
    ),
    "back_up": _("Save what hangs on the line"),
    "back_up.what": _(
        "Save contacts, messages, photos and the carrier's bills. Mail and storage of the carrier may be "
        "deleted when the line ends."
    ),
    "move_logins": _("Move your sign-ins to another number"),
    "move_logins.what": _(
        "Banks, WeChat, LINE and other accounts may send their codes to this number. Change it there first: "
        "afterwards no code arrives, and the number may be given to somebody else."
    ),
    "settle": _("Clear what holds the closing up"),
    "settle.unpaid": _("Pay the open bill, or ask how it can be paid. Unpaid bills do not end with the line."),
    "asking": _("Ask %(carrier)s to end the line"),
    "asking.keep_proof": _("Keep a picture of the last page and write down the receipt number and the time."),
    "asking.keep_reply": _("Keep the reply, and write down the time."),
    "asking.keep_number": _("Ask for a receipt number. Write it down, with the time and with whom you spoke."),
    "stop_renewal": _("Turn off the renewal at %(carrier)s"),
    "asking.choose_day": _("You can ask now and choose %(day)s as the last day."),
    "asking.ends_soon": _("The line stops soon after you ask. Ask when you need it no more, and not in the last hour."),
    "asking.not_too_early": _("Do not ask too early: the line would end before you leave."),
    "early_exit": _("Or leave in the first eight days"),
    "early_exit.what": _(
        "A new contract can often be left in its first eight days, without a penalty. A notice of initial "
        "cancellation counts when it is sent: send it in writing and keep the proof of posting."
    ),
    "early_exit.not_undone": _(
        "A phone bought with it is usually not taken back, and a number that moved in does not go back by itself."
    ),
    "asking.book": _("At a shop you need a booking."),
    "asking.book_perhaps": _("If you go to a shop, book a time if you can. Otherwise you may wait long."),
    "asking.shop_from_afar": _(
        "The sources name a shop only, and you are away. Ask the carrier how it can be done from abroad."
    ),
    "how.web": _("On the carrier's own page."),
    "how.app": _("In the carrier's app."),
    "how.sms": _("By a message from the phone with this card."),
    "how.return_item": _("By giving the item back."),
    "how.chat": _("In the carrier's chat."),
    "how.form": _("By the carrier's form."),
    "how.shop": _("At a shop of the carrier."),
    "how.phone": _("By phone."),
    "how.contact": _("Write to the carrier or call. The source does not say which."),
    "how.mail": _("By mail."),
    "how.auto_expiry": _("Turn automatic renewal off in your account. Then the plan ends by itself."),
    "how.none_needed": _("Nothing must be done. You can have it turned off all the same."),
    "how.not_known": _("Ask %(carrier)s how. No source says it."),
    "roaming_off": _("Ask %(carrier)s to turn roaming off"),
    "port": _("Move the number"),
    "port.what": _(
        "Sign up with the new carrier for moving your number. Many move it on the web without a reservation "
        "number. Where one is needed, ask your present carrier for it; it is valid for %(days)s days, the "
        "first one included."
    ),
    "port.never_close": _(
        "Do not close the line before the new carrier has switched the number on. A closed number does not come back."
    ),
    "confirm": _("The carrier confirms the end"),
    "confirm.what": _(
        "Wait for the mail or letter that names the last day. Until it comes, your line has been asked to end, no more."
    ),
    "confirm.renewal": _(
        "Look into the app or account again: it must say that the plan does not renew. Keep a picture of that, or the "
        "mail that says so."
    ),
    "confirm.roaming": _("Wait for the answer of the carrier, and keep it. Until it comes, roaming may still be on."),
    "return_card": _("Give the card or device back"),
    "return_card.what": _(
        "Send it some days before the last moment, take a picture of it in its envelope, and keep the "
        "receipt of the post."
    ),
    "return_card.conflicting": _(
        "The sources contradict each other. Ask the carrier whether the card goes back, and keep it until then."
    ),
    "return_card.lost": _("You do not have it any more. Tell the carrier, and ask what it costs."),
    "end_too": _("End what lives on"),
    "end_too.what": _("These go on after the line. Look at each and end what you do not need."),
    "last_bill": _("Watch the last bill"),
    "last_bill.what": _(
        "Charges for use may come late. Look at your bills and your card for at least %(days)s days after the end."
    ),
    "last_bill.wrong": _("Charged for a time after the end? Then write to the carrier with what you kept here."),
    "delete_profile": _("Delete the eSIM profile from the phone"),
    "delete_profile.what": _("Do it last. It clears the phone; it ends nothing at the carrier."),
    "put_away": _("Cut the card"),
    "put_away.what": _("After the end, cut it through the chip. Before that, ask whether it must go back."),
    "basis.next_month": _(
        "The line ends with a month only. Missed, it runs for one more month, at the fee that you named."
    ),
    "basis.next_period": _("Missed, it renews for one more period, at the fee that you named."),
    "basis.full_month": _(
        "The month in which the line ends is charged in full. Missed, a new month begins, at the fee that you named."
    ),
    "basis.same_month": _(
        "The month is charged in full whichever day the line ends. A later day of this month costs no more."
    ),
    "basis.by_the_day": _(
        "The last month is charged by the day. This is what one more day costs, from the fee that you named."
    ),
    "basis.band": _(
        "The fee goes by the data used. Missed, a new month begins, at the fee without data that you named; "
        "with data it is more."
    ),
    "basis.same_band": _(
        "The fee goes by the data used in the month. Without more data, a later day of this month costs no more."
    ),
    "basis.ordinary_fee": _(
        "What the source says that ending costs in the ordinary case. The last month comes on top."
    ),
    "basis.early_fee": _("For ending before %(day)s. The source says in which cases."),
    "basis.early_fee_capped": _(
        "For ending before %(day)s. The source says in which cases. A private person may not be charged a "
        "penalty of more than %(cap)s yen by law (%(law)s)."
    ),
    "unknown.monthly_fee": _("How many yen it costs: you did not say what you pay."),
    "unknown.month_charge": _("Whether the last month is charged in full or by the day. No source says it."),
    "ask.month_charge": _("Is the last month charged in full or by the day?"),
    "unknown.fee": _("Whether ending costs a fee. No source says it."),
    "ask.fee": _("Will there be a fee for ending the line? How many yen in all?"),
    "unknown.early_fee_day": _(
        "Ending within %(months)s months of the contract may cost a fee. Whether it applies to you hangs on "
        "the day of your contract."
    ),
    "ask.early_fee_day": _("On which day did my contract begin, and is there a fee for ending it now?"),
    "unknown.early_fee": _("Ending before %(day)s costs a fee. No source says how much."),
    "ask.early_fee": _("How much is the fee if I end the line now?"),
    "unknown.contract_day": _(
        "The day of your contract. The first eight days and fees for ending early hang on it; it stands in "
        "the contract document."
    ),
    "unknown.cutoff": _(
        "Until when one must ask to end on %(day)s. No source says it. To be safe that day itself is not "
        "counted on; earlier is better."
    ),
    "earlier.shop": _("The deadline itself is %(day)s, %(clock)s in Japan. The shop closes at %(closes)s."),
    "earlier.shop.closed": _(
        "The deadline itself is %(day)s, %(clock)s in Japan. The shop is closed then. It is last open on %(last)s, "
        "until %(closes)s."
    ),
    "earlier.phone": _("The deadline itself is %(day)s, %(clock)s in Japan. Calls are taken until %(closes)s."),
    "earlier.phone.closed": _(
        "The deadline itself is %(day)s, %(clock)s in Japan. No calls are taken then. The last day for calls is "
        "%(last)s, until %(closes)s."
    ),
    "earlier.other": _("The deadline itself is %(day)s, %(clock)s in Japan. Requests are taken until %(closes)s."),
    "earlier.other.closed": _(
        "The deadline itself is %(day)s, %(clock)s in Japan. No requests are taken then. The last day for requests is "
        "%(last)s, until %(closes)s."
    ),
    "unknown.hours.shop": _("When the shop closes. No source says it, so this is the deadline itself: go early."),
    "ask.hours.shop": _("When does the shop close on %(day)s?"),
    "unknown.hours.phone": _(
        "Until when calls are taken. No source says it, so this is the deadline itself: call early."
    ),
    "ask.hours.phone": _("Until what time can I call on %(day)s?"),
    "unknown.hours.other": _(
        "Until when requests are taken. No source says it, so this is the deadline itself: ask early."
    ),
    "ask.hours.other": _("Until what time do you take requests on %(day)s?"),
    "unknown.hours.day": _("Whether they are open on %(day)s. The sources do not say on which days."),
    "ask.hours.day": _("Are you open on %(day)s?"),
    "unknown.hours.booking": _("Whether a booking is still free then. Book early."),
    "ask.hours.booking": _("Which is the last free booking up to %(day)s?"),
    "ask.last_moment": _("Until which day and hour must I ask, so that the line ends on %(day)s?"),
    "ask.last_day": _("What is the last day to ask, so that the line ends on %(day)s?"),
    "unknown.holidays": _("The holidays of %(year)s are not official yet, so business days cannot be counted."),
    "unknown.effective": _("On which day the line ends after asking. No source says it."),
    "ask.effective": _("On which day does the line end? Until when can I use it?"),
    "unknown.clock": _("By whose clock the carrier counts. It is not in Japan, so the deadline was set a day earlier."),
    "ask.clock": _("In which time zone is your deadline?"),
    "unknown.renewal": _("The day on which your plan renews. Look at your order or account."),
    "ask.renewal": _("On which day does my plan renew next?"),
    "unknown.leaving": _("The day on which you leave Japan. The deadline is counted from it."),
    "unknown.after_leaving": _(
        "What it costs to leave it until after Japan. Shops and mail boxes are then out of reach, and codes "
        "by SMS may not arrive."
    ),
    "ask.last_bill": _("How do I pay the last bill after I have left Japan?"),
    "unknown.early_exit": _(
        "Whether your contract can be left as if it had not been made (initial cancellation), or under "
        "confirmation measures, which need a reason."
    ),
    "ask.early_exit": _(
        "Does initial cancellation (初期契約解除) apply to my contract, or confirmation measures (確認措置)? When did "
        "the eight days begin?"
    ),
    "unknown.early_exit_worth": _("How much you save by leaving in the first eight days. It hangs on the contract."),
    "ask.early_exit_worth": _("What would I still have to pay if I leave within the first eight days?"),
    "unknown.return": _("Whether the card must go back."),
    "ask.return": _("Do I have to return the SIM card?"),
    "unknown.return_to": _("The address to which it goes back."),
    "ask.return_to": _("To which address do I send the card or device?"),
    "unknown.return_by": _("Until when it must be back."),
    "ask.return_by": _("Until when must the card or device be back?"),
    "unknown.return_base": _(
        "Until when it must be back. It is counted from the last day of the rental, plan or contract, which "
        "is not known here."
    ),
    "unknown.late_return": _("What it costs to be late, beyond what the sources say here."),
    "ask.late_return": _("What does it cost if the card or device comes back late?"),
    "unknown.posted": _(
        "Whether the day of posting counts or the day of arrival, where the text does not say it. Post it "
        "some days earlier."
    ),
    "ask.posted": _("Must it have arrived by then, or is the day of posting enough?"),
    "unknown.roaming_clock": _(
        "When it takes effect. No source names a deadline: do it as soon as you need no roaming, because "
        "each use may be charged until then."
    ),
    "ask.roaming_clock": _("From which moment is roaming off?"),
    "unknown.way": _("How it is ended. No source says it."),
    "ask.way": _("How do I end it, and what do you need from me?"),
    "unknown.expiry": _(
        "The last day of your plan. Count from the purchase or first use as the sources say, or look at your order."
    ),
    "ask.expiry": _("On which day does my plan end?"),
    "unknown.port_month": _("How the month is charged in which the number moves."),
    "ask.port_month": _("How is the month charged in which my number moves to another carrier?"),
}
