"""Words of a rate card, which a wallet shows beside its numbers, and of the command that writes one."""

WORDS: dict[str, tuple[str, str]] = {
    "ratecard.rate": (
        "Rate a year after fees and costs if nothing fails and prices, rewards and queues stay as they are; it is no "
        "promise.",
        "扣除手續費與成本後的年利率，前提是沒有任何失敗，且價格、獎勵與排隊時間不變；這不是保證。",
    ),
    "ratecard.range": (
        "Average a year over assumed failures and queues as they have been: with all assumptions at their bad ends, as "
        "assumed, and at their good ends.",
        "計入假設中的失敗與歷來排隊情況後的每年平均：所有假設都取壞端時、照原假設時，以及都取好端時。",
    ),
    "ratecard.price": (
        "The coin's price may fall by more than any reward.",
        "幣價下跌的幅度可能超過任何獎勵。",
    ),
    "ratecard.cost": (
        "Fees and costs, which the rate is net of.",
        "手續費與成本；利率已扣除這些。",
    ),
    "ratecard.apr": (
        "APR: a simple rate over the days that the product pays for.",
        "APR：以產品計息的天數計算的單利年利率。",
    ),
    "ratecard.apy": (
        "APY: the rate if the gain were put in again at the same terms for a year.",
        "APY：假設以相同條件將收益再投入滿一年的年利率。",
    ),
    "ratecard.days": (
        "Days until it earns, and days from asking to money in hand: as the queues are now, and not exceeded at the "
        "confidence level of the card.",
        "開始計息前的天數，以及從要求退出到拿到錢的天數：依目前的排隊情況，以及在費率卡的信賴水準下不會超過的天數。",
    ),
    "ratecard.worst": (
        "The assumed failure with the largest expected loss, its chance a year, and the share lost for good.",
        "假設中預期損失最大的失敗、每年機率，以及無法取回的比例。",
    ),
    "ratecard.no_failure": (
        "No failure is modelled; that does not mean that none can happen.",
        "未設定任何失敗；這不表示不會發生。",
    ),
    "ratecard.minimum": (
        "Smaller amounts cannot open it.",
        "低於此金額無法開始。",
    ),
    "ratecard.too_little": (
        "Left out: it needs more money than the card's largest amount.",
        "未列入：所需金額超過費率卡的最大金額。",
    ),
    "ratecard.not_out": (
        "Left out: some of its money is not in hand by the end of the days to get out.",
        "未列入：在取回天數結束時，仍有部分金額尚未拿到。",
    ),
    "ratecard.held": (
        "Left out: it just holds its coin or cash, and pays nothing.",
        "未列入：只是持有幣或現金，不付任何收益。",
    ),
    # command line
    "ratecard.written": ("{file}: {n} offers, valid until {day}", "{file}：{n} 項，有效至 {day}"),
    "help.ratecard": ("write a rate card for wallets, as JSON", "輸出供錢包使用的費率卡（JSON）"),
    "help.ratecard.about": (
        "One JSON document for all users of a wallet: by product, term and amount the net rate with its range, cost, "
        "minimum, days in and out, worst failure, and wordings in both languages. No gain is overstated at any amount.",
        "供錢包所有使用者共用的一份 JSON 文件：依產品、期間與金額列出淨利率與範圍、成本、最低金額、進出天數、"
        "最嚴重的失敗，以及兩種語言的說明文字。任何金額的收益都不會高估。",
    ),
    "help.ratecard.examples": (
        "examples:\n"
        "  stakingmodels ratecard --date 2026-11-30 --out card.json\n"
        "  stakingmodels ratecard --date 2026-11-30 --terms 30,365 --capital 50:20000 --valid-days 1",
        "範例：\n"
        "  stakingmodels ratecard --date 2026-11-30 --out card.json\n"
        "  stakingmodels ratecard --date 2026-11-30 --terms 30,365 --capital 50:20000 --valid-days 1",
    ),
    "help.date": ("day of issue, such as 2026-11-30; the clock is not read", "發行日，例如 2026-11-30；不讀取時鐘"),
    "help.valid_days": (
        "days for which the card may be shown (default: {default})",
        "費率卡可使用的天數（預設：{default}）",
    ),
    "help.terms": (
        "terms in days, separated by commas (default: {default})",
        "以逗號分隔的期間（天）（預設：{default}）",
    ),
    "help.ratecard.capital": (
        "smallest and largest amount of money (default: {default})",
        "最小與最大金額（預設：{default}）",
    ),
    "help.rate_kind": ("kind of the rates (default: {default})", "利率的種類（預設：{default}）"),
    "help.ratecard.paths": (
        "paths of each run for the ranges (default: {default})",
        "計算範圍時每次模擬的路徑數（預設：{default}）",
    ),
    "help.out": ("file to write (default: the standard output)", "要寫入的檔案（預設：標準輸出）"),
}
