"""Words for views of prices: what a product comes to if its coin halves or doubles, and where it breaks even."""

WORDS = {
    "Pinned": ("scenario with pinned prices", "指定價格終點的情境"),
    "Pinned.scenario": ("scenario", "情境"),
    "Pinned.changes": ("changes of prices", "價格變動"),
    "views.pinned": (
        "{factor} in a straight line of its logarithm to {change:+z.2%} on the day of the exit, then constant",
        "{factor} 的對數沿直線變動，到退出日為 {change:+z.2%}，之後不變",
    ),
    # PriceViews
    "views.title": (
        "Average money at the end in {money}, of {capital} put in, if by the exit the coin's price changes by",
        "投入 {capital}，到退出日為止幣價如下變動時，期末平均有多少 {money}",
    ),
    "views.title.no_event": (
        "The same, if no loss event strikes",
        "同上，但沒有發生損失事件",
    ),
    "views.title.q05": (
        "The same, 1 path in 20 ends lower",
        "同上，20 條路徑中有 1 條更低",
    ),
    "views.column.opening": ("opens at", "開始價格"),
    "views.column.stays": ("stays", "不變"),
    "views.column.coin": ("{coin} {change}", "{coin} {change}"),
    "views.caption": ("How the views are made", "這些看法如何計算"),
    "views.note.path": (
        "The coin's price goes in a straight line of its logarithm from the opening to that end on the day of the "
        "exit, and stays there. A view is no path: what depends on the way there, such as a stop-loss, sees the "
        "straight line.",
        "幣價的對數從開始價格沿直線走到退出日的終點，之後不變。看法不是路徑：取決於途中價格的規則（例如停損），"
        "看到的是這條直線。",
    ),
    "views.note.rest": (
        "Everything else (difficulty, ratio of a token, events, queues, other prices) is drawn as in the run, on its "
        "first {n:,} paths; what follows the price, such as a hash rate, follows the straight line.",
        "其他一切（難度、代幣比率、事件、排隊、其他價格）都與這次計算相同，取其最前面的 {n:,} 條路徑；"
        "跟隨幣價的部分（例如算力）則跟隨這條直線。",
    ),
    "views.note.end": (
        "At the end: on the last day, when money that came in hand earlier has earned the cash rate.",
        "期末：最後一天；較早取得的現金已計入現金利率。",
    ),
    "views.note.long": (
        "Over {years:.3g} years a price without a trend ends below its mean on most paths, since few end far above: "
        "its median falls although its mean does not, and is no forecast. That is why a long run is read in views.",
        "{years:.3g} 年之後，沒有趨勢的價格在多數路徑上低於平均，因為少數路徑遠高於平均：平均不變，中位數卻下降，"
        "而中位數不是預測。因此長期的結果要看這些價格看法。",
    ),
    "views.note.record": (
        "Each path opens at a price of its own, from which the change counts; the price shown is the mean.",
        "每條路徑各有自己的開始價格，變動從它算起；表中為平均價格。",
    ),
    "views.note.paid_in": (
        "{product}: the holder pays in another {money} on average, which the money at the end does not deduct.",
        "{product}：持有人平均另外投入 {money}，期末金額未扣除這筆錢。",
    ),
    # BreakEvenPrices
    "break_even.capital.title": (
        "Price of the coin at the exit, in {money}, at which a product gets back the money put in, on average",
        "退出日的幣價為多少 {money} 時，產品平均剛好取回投入的錢",
    ),
    "break_even.holding.title": (
        "Price of the coin at the exit, in {money}, at which a product equals holding the coin, on average",
        "退出日的幣價為多少 {money} 時，產品平均剛好等於持有該幣",
    ),
    "break_even.column.opening": ("opens at", "開始價格"),
    "break_even.column.price": ("breaks even at", "損益兩平價格"),
    "break_even.column.change": ("change", "變動"),
    "break_even.column.error": ("s.e.", "標準誤"),
    "break_even.cell.never": ("never", "永遠不會"),
    "break_even.cell.always": ("any price", "任何價格"),
    "break_even.cell.or_less": ("{price} or less", "{price} 以下"),
    "break_even.or_more": ("or more", "以上"),
    "break_even.or_less": ("or less", "以下"),
    "break_even.capital.price": (
        "{product} gets its money back if {coin} ends at {price} {side} (now {now})",
        "{coin} 期末為 {price} {side}時，{product} 取回投入的錢（現為 {now}）",
    ),
    "break_even.capital.change": (
        "{product} gets its money back if {coin} ends at {change} {side} from the opening",
        "{coin} 自開始以來變動 {change} {side}時，{product} 取回投入的錢",
    ),
    "break_even.capital.never": (
        "{product} does not get its money back, even if {coin} ends at {most:,.0f} times its price",
        "即使 {coin} 漲到 {most:,.0f} 倍，{product} 也不會取回投入的錢",
    ),
    "break_even.capital.always": (
        "{product} gets its money back wherever {coin} ends",
        "不論 {coin} 期末為多少，{product} 都取回投入的錢",
    ),
    "break_even.holding.price": (
        "{product} does at least as well as holding {coin} if its price ends at {price} {side} (now {now})",
        "{coin} 期末為 {price} {side}時，{product} 不輸給持有它（現為 {now}）",
    ),
    "break_even.holding.change": (
        "{product} does at least as well as holding {coin} if its price ends at {change} {side} from the opening",
        "{coin} 自開始以來變動 {change} {side}時，{product} 不輸給持有它",
    ),
    "break_even.holding.never": (
        "{product} does worse than holding {coin} wherever its price ends, up to {most:,.0f} times the opening",
        "不論 {coin} 期末為多少（至開始價格的 {most:,.0f} 倍），{product} 都輸給持有它",
    ),
    "break_even.holding.always": (
        "{product} does at least as well as holding {coin} wherever its price ends",
        "不論 {coin} 期末為多少，{product} 都不輸給持有它",
    ),
    "break_even.none": (
        "{product}: has no break-even price",
        "{product}：沒有損益兩平價格",
    ),
}
