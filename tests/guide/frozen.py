"""What must the directory say, whoever edits it?

Written down when the facts were gathered. Change it together with a fact, when its source says so.
"""

from __future__ import annotations

# entry | kinds | channels | effective | cut-off | month | fee | return | appointment | source and confidence
ENTRIES = """
docomo/web-or-shop physical_sim+esim web+shop same_or_next_day - full 0 - - index medium
docomo/web-account physical_sim+esim web - - - - - - secondary medium
docomo/shop physical_sim shop - - - - - recommended secondary low
ahamo/web physical_sim+esim web - - full 0 not_required - secondary medium
au/leaving-japan physical_sim+esim shop+phone - - - - - - official high
au/month-charge physical_sim+esim - - - full - - - official high
au/web-phone-shop physical_sim+esim web+phone+shop same_or_next_day daily:21:10 full - - - index medium
uq-mobile/phone-or-web physical_sim+esim phone+web - - - - not_required - secondary low
povo/web physical_sim+esim web same_or_next_day daily:20:00 - 0 - - secondary medium
povo/early-exit-chat physical_sim+esim chat - - - - - - secondary medium
softbank/web-or-shop physical_sim+esim web+shop immediate daily:20:00 full - - - index medium
softbank/by-someone-else physical_sim shop - - - - - - secondary low
ymobile/web physical_sim+esim web same_or_next_day daily:20:00 - - - - official high
ymobile/eight-days physical_sim+esim shop+web - - prorated - - - official high
linemo/web physical_sim+esim web - - full 0 not_required - secondary medium
rakuten-mobile/web-or-app physical_sim+esim web+app immediate - usage_band - - - index medium
rakuten-mobile/web-steps physical_sim+esim web+app - - - - conflicting - secondary medium
iijmio/web physical_sim+esim web end_of_month - full 0 - - secondary medium
iijmio/early-exit physical_sim+esim web+mail - - - - - - secondary low
mineo/web physical_sim+esim web immediate daily:21:00 prorated 0 conflicting - secondary medium
biglobe-mobile/web-or-phone physical_sim web+phone end_of_month day_of_month:25 full - required - secondary medium
aeon-mobile/web-shop-phone physical_sim web+shop+phone end_of_month before_month_end:1:17:59 full 0 - - secondary medium
nuro-mobile/web physical_sim web end_of_month - - 0 required - secondary low
nihon-tsushin/web physical_sim+esim web - - full - - - secondary low
sakura-mobile/early-exit physical_sim+esim - immediate - - - - - official high
sakura-mobile/travel-esim esim auto_expiry on_expiry - - - - - official high
sakura-mobile/home-wifi rental_wifi web end_of_month day_of_month:25 - - required - official high
mobal/my-account physical_sim+esim web chosen_date - - - - - official high
mobal/short-term physical_sim auto_expiry+web on_expiry - - - - - official high
smiles-connect/app physical_sim app - - - 0 - - official high
japasim/return physical_sim return_item on_return before_month_end:0 - - required - official high
gs-mobile/contact physical_sim contact - before_departure:10 - - - - official medium
globiz/return physical_sim+rental_wifi return_item - - - - required - official medium
bmobile-visitor/expiry physical_sim auto_expiry on_expiry - - - - - official high
ocn-visitor/expiry physical_sim auto_expiry on_expiry - - - - - official medium
iij-japan-travel-sim/expiry physical_sim auto_expiry on_expiry - - - - - official high
softbank-simply/expiry physical_sim auto_expiry on_expiry - - - - - secondary low
travel-tech-lab/mail-back physical_sim mail on_return - - - required - official high
light-pocket/mail-back physical_sim+rental_wifi mail on_return - - - required - official high
genki-mobile/return physical_sim+rental_wifi return_item on_return - - - required - official high
japan-wireless/mail-back rental_wifi mail on_return - - - required - official high
airalo/expiry esim auto_expiry on_expiry - - - - - official high
ubigi/refund-form esim form - - - - - - official high
holafly/subscription esim web+app end_of_cycle before_renewal:7 - - - - official high
holafly/one-time esim chat+mail - - - - - - official high
saily/refund-form esim form - - - - - - official high
china-mobile/sms roaming sms - - - - - - secondary low
smartone/consent-and-use roaming none_needed+phone+shop - - - - - - official high
fareastone/data-roaming roaming app+web+phone+shop - - - - - - official medium
verizon/travelpass roaming auto_expiry on_expiry - - - - - official medium
"""

HOTLINES = """
docomo 151 own_phone high
docomo 0120-800-000 japan high
au 157 own_phone high
au 0077-7-111 japan high
au 0120-959-472 japan high
au 0120-959-476 japan high
uq-mobile 0120-929-818 japan low
iijmio 0570-09-4400 japan low
biglobe-mobile 0120-923-402 japan low
aeon-mobile 0120-025-260 japan medium
japan-wireless +81-3-6264-3639 abroad high
china-mobile 10086 own_phone medium
china-mobile +86_138_0010_0186 abroad low
china-unicom +86_186_1861_0010 abroad low
china-unicom 10010 own_phone medium
china-telecom +86_189_1891_0000 abroad low
china-telecom 10000 own_phone medium
smartone +852_2793_6397 abroad high
fareastone +886_936_010_888 abroad high
chunghwa 800 own_phone medium
skt +82-2-6343-9000 abroad high
"""
