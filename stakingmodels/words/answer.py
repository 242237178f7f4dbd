"""Words for the answer of a comparison: ranges, what is sure, flip points."""

WORDS = {
    "ranges.title": (
        "Average a year in coins over the ranges of the assumptions",
        "在假設的範圍內，每年平均的幣收益率",
    ),
    "ranges.column.low": ("all at worse ends", "全部取壞端"),
    "ranges.column.base": ("as assumed", "依假設"),
    "ranges.column.high": ("all at better ends", "全部取好端"),
    "ranges.column.terms": ("assumed numbers", "假設的數字"),
    "ranges.note": (
        "Each row is run again on the same paths with all of its assumed numbers at the ends of their ranges that are "
        "worse for the holder, and at the better ends.",
        "每一列以同樣的路徑重新計算：所有假設的數字都取對持有人較壞的一端，以及較好的一端。",
    ),
    "ranges.shared": (
        "Numbers that rows share move together in all of them.",
        "各列共用的數字一起變動。",
    ),
    "verdicts.title": (
        "First less second, average a year in coins, over the ranges of all assumptions",
        "前者減後者：每年平均的幣收益率之差，在所有假設的範圍內",
    ),
    "verdicts.column.first": ("first", "前者"),
    "verdicts.column.second": ("second", "後者"),
    "verdicts.column.low": ("least", "最小"),
    "verdicts.column.base": ("as assumed", "依假設"),
    "verdicts.column.high": ("largest", "最大"),
    "verdicts.column.above": ("above for sure", "確定較高者"),
    "verdicts.unsure": ("not sure", "不確定"),
    "verdicts.apart": (
        "Not compared, since they pay for different times: {pairs:;}.",
        "支付期間不同，不作比較：{pairs:;}。",
    ),
    "verdicts.note": (
        "Least and largest: one row with all of its assumed numbers at their worse ends and the other at their better "
        "ends, numbers that both share at the same end. Above for sure: by more than {errors:g} standard errors at all "
        "of them.",
        "最小與最大：一列的所有假設取壞端、另一列取好端，兩列共用的數字取同一端。確定較高：在所有情況下都高出 "
        "{errors:g} 個標準誤以上。",
    ),
    "verdicts.all_above": ("all above {name}", "各列都高於 {name}"),
    "verdicts.above_all": ("{name} above all", "{name} 高於各列"),
    "verdicts.above": ("{above} above {below}", "{above} 高於 {below}"),
    "verdicts.against": ("{first} against {seconds}", "{first} 與 {seconds}"),
    "verdicts.among": ("{names} among themselves", "{names} 彼此之間"),
    "flip.title": (
        "Value of each assumed number at which the better of two changes, all others as assumed",
        "其他數字依假設時，使兩者優劣互換的數值",
    ),
    "flip.column.first": ("first", "前者"),
    "flip.column.second": ("second", "後者"),
    "flip.column.number": ("assumed number", "假設的數字"),
    "flip.column.value": ("changes at", "互換於"),
    "flip.column.range": ("assumed, and range", "假設值與範圍"),
    "flip.range": ("{base}, {low} to {high}", "{base}，{low} 到 {high}"),
    "flip.never": ("never within its range", "範圍內不會互換"),
    "flip.holding": ("holding the coin", "持有該幣"),
    "flip.hold": (
        "{first} earns nothing over holding its coin at {number} of {value} (assumed {base}, {low} to {high}).",
        "{number}為{value}時，{first} 與單純持有該幣相比沒有收益（假設{base}，範圍{low}到{high}）。",
    ),
    "flip.pair": (
        "{first} equals {second} at {number} of {value} (assumed {base}, {low} to {high}).",
        "{number}為{value}時，{first} 等於 {second}（假設{base}，範圍{low}到{high}）。",
    ),
    "flip.hold.above": (
        "{first} stays above holding its coin at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都高於單純持有該幣。",
    ),
    "flip.hold.below": (
        "{first} stays below holding its coin at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都低於單純持有該幣。",
    ),
    "flip.hold.level": (
        "{first} is level with holding its coin at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都等於單純持有該幣。",
    ),
    "flip.pair.above": (
        "{first} stays above {second} at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都高於 {second}。",
    ),
    "flip.pair.below": (
        "{first} stays below {second} at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都低於 {second}。",
    ),
    "flip.pair.level": (
        "{first} is level with {second} at {number} anywhere from {low} to {high}.",
        "{number}在{low}到{high}之間時，{first} 都等於 {second}。",
    ),
    "flip.nevers": (
        "{n:,} other numbers of these pairs never change which is better within their range.",
        "這些組合的另外 {n:,} 個數字，在範圍內都不會使優劣互換。",
    ),
    "flip.note": (
        "Searched on the first {n:,} paths of the run, one number at a time.",
        "以前 {n:,} 條路徑搜尋，每次只變動一個數字。",
    ),
    "flip.number.entry_days": ("a wait to begin", "開始前的等待"),
    "flip.number.exit_days": ("a wait to leave", "退出的等待"),
    "flip.number.withdrawal_days": ("a wait after the exit queue", "退出佇列後的等待"),
    "flip.number.service_withdrawal_days": ("a wait after the exit queue", "退出佇列後的等待"),
    "flip.number.token_withdrawal_days": ("a wait in the token's own queue", "代幣自身佇列的等待"),
    "flip.number.uptime": ("an uptime", "上線率"),
    "flip.number.running_cost_usd_per_day": ("a running cost a day", "每天的營運成本"),
    "flip.number.solo_slashing.hazard": ("a rate of slashing", "罰沒率"),
    "flip.number.solo_slashing.severity": ("a loss per slashing", "每次罰沒的損失"),
    "flip.number.pool_slashing.hazard": ("a rate of slashing", "罰沒率"),
    "flip.number.pool_slashing.severity": ("a loss per slashing", "每次罰沒的損失"),
    "flip.number.exploit.hazard": ("a rate of exploits", "漏洞攻擊率"),
    "flip.number.exploit.severity": ("a loss per exploit", "每次漏洞攻擊的損失"),
    "flip.number.waiting_cost_per_year": ("a cost of waiting a year", "等待一年的代價"),
    "flip.number.pool_commission": ("a commission", "佣金率"),
    "flip.number.token_fee": ("a fee", "費率"),
    "flip.number.exchange_commission": ("a commission", "佣金率"),
    "flip.number.custodian.hazard": ("a failure rate", "倒閉率"),
    "flip.number.custodian.recovery": ("a recovery", "追回比例"),
    "flip.number.custodian.recovery_days": ("a wait for the recovery", "追回的等待"),
    "flip.number.provider.hazard": ("a rate of vanishing", "業者消失率"),
    "flip.number.mining.price_usd_per_th_s": ("a price per TH/s", "每 TH/s 的價格"),
    "flip.number.mining.minimum_payout_btc": ("a smallest pay-out in BTC", "以 BTC 計的最低付款額"),
    "number.hazard": ("{value}% a year", "每年 {value}%"),
    "number.days": ("{value} days", "{value} 天"),
    "number.usd": ("{value} USD", "{value} 美元"),
}
