"""Words for money counted in another currency."""

WORDS = {
    "InCurrency": ("scenario in another currency", "以另一種貨幣計價的情境"),
    "InCurrency.scenario": ("scenario", "情境"),
    "InCurrency.currency": ("currency", "貨幣"),
    "InCurrency.exchange_rate": ("exchange rate", "匯率"),
    "InCurrency.cash_rate": ("cash rate", "現金利率"),
    "InCurrency.correlation": ("correlation", "相關係數"),
    "ExchangeRate": ("exchange rate of a day", "某日匯率"),
    "ExchangeRate.per_usd": ("units for one US dollar", "每 1 美元的單位數"),
    "ExchangeRate.date": ("day", "日期"),
    "ExchangeRate.source": ("source", "來源"),
    "ExchangeRate.cash_rate": ("cash rate", "現金利率"),
    "ExchangeRate.cash_date": ("day of the cash rate", "現金利率的日期"),
    "ExchangeRate.cash_source": ("source of the cash rate", "現金利率的來源"),
    "currency.source_taipei": ("close of the Taipei interbank market", "台北外匯市場收盤價"),
    "currency.source_ecb": (
        "reference rates of the European Central Bank: {quotes} for one EUR",
        "歐洲央行參考匯率：1 EUR = {quotes}",
    ),
    "currency.source_cbc": (
        "auction of 364-day certificates of deposit of Taiwan's central bank",
        "中央銀行 364 天期定期存單標售利率",
    ),
    "currency.source_deposit_facility": (
        "deposit facility of the European Central Bank, 2.00% over 360 days",
        "歐洲央行存款機制利率 2.00%，一年以 360 天計",
    ),
    "currency.source_call_rate": ("overnight call rate aimed at by the Bank of Japan", "日本銀行的隔夜拆款利率目標"),
    "currency.source_bank_rate": ("Bank Rate of the Bank of England", "英格蘭銀行的政策利率"),
    "currency.answer_drift": ("price trend of {old} cash", "價格趨勢同 {old} 現金"),
    "currency.answer_rate": ("1 {old} = {rate:.6g} {new}", "匯率 1 {old} = {rate:.6g} {new}"),
    "currency.dated": (
        "money is in {new}: {rate:.6g} {new} for one {old} throughout, as on {day} ({sources:;})",
        "金額以 {new} 計：匯率全程固定為 1 {old} = {rate:.6g} {new}，取自 {day}（{sources:;}）",
    ),
    "currency.given": (
        "money is in {new}: {rate:.6g} {new} for one {old} throughout, as given",
        "金額以 {new} 計：匯率全程固定為 1 {old} = {rate:.6g} {new}，由使用者指定",
    ),
    "currency.series": (
        "money is in {new}, at exchange rates as given: {first:.6g} {new} for one {old} at the opening, {last:.6g} at "
        "the end",
        "金額以 {new} 計，匯率由使用者逐日指定：期初 1 {old} = {first:.6g} {new}，期末 {last:.6g}",
    ),
    "currency.path": (
        "money is in {new}, at an exchange rate that moves: {new} for one {old}, as follows",
        "金額以 {new} 計，匯率會變動：1 {old} 值多少 {new}，說明如下",
    ),
    "currency.own": (
        "money is in {new}, at the exchange rate of this scenario: {factor} is {new} for one {old}",
        "金額以 {new} 計，匯率取自情境本身：{factor} 為 1 {old} 值多少 {new}",
    ),
    "currency.coin": (
        "money is counted in {new}: each price is over that of {new}, and terms in {old} cost what it is worth on the "
        "day",
        "金額以 {new} 計：各價格除以 {new} 的價格；以 {old} 計的條件，按當日價值換算",
    ),
    "currency.drift": (
        "levels, drifts and volatilities above are in {old}: prices keep their drift, whatever cash in {new} earns",
        "以上的價位、漂移與波動度以 {old} 計：價格的漂移不變，與 {new} 現金的利率無關",
    ),
    "currency.cash_dated": (
        "cash in {new} earns {rate:.2%} a year ({kind}), as on {day} ({source})",
        "{new} 現金的年利率為 {rate:.2%}（{kind}），取自 {day}（{source}）",
    ),
    "currency.cash_given": (
        "cash in {new} earns {rate:.2%} a year ({kind}), as given",
        "{new} 現金的年利率為 {rate:.2%}（{kind}），由使用者指定",
    ),
    "currency.cash_within": (
        "cash in {new} earns the rate of this scenario",
        "{new} 現金的利率取自情境本身",
    ),
    "currency.cash_none": (
        "{new} that is kept earns nothing",
        "持有的 {new} 不生利息",
    ),
}
