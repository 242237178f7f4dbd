"""Words for values at which a product meets a target."""

WORDS = {
    "target.annual_return": ("returns {share} a year ({rate})", "每年報酬 {share}（{rate}）"),
    "target.total_return": ("returns {share} in all", "總報酬 {share}"),
    "target.money_back": ("gets back the money put in", "取回投入的錢"),
    "target.coin_rate": ("earns {share} a year in its own coin ({rate})", "以自己的幣計，每年得 {share}（{rate}）"),
    "target.holding": ("equals holding its coin", "等於持有該幣"),
    "target.cash": ("equals cash", "等於現金"),
    "target.product": ("equals {product}", "等於 {product}"),
    "solve.change_of": ("change of {factor}", "{factor} 的變動"),
    "solve.found": (
        "{product} {target}{mean} at {of} {value} {side}",
        "{of}：{value} {side}時，{product}{mean}{target}",
    ),
    "solve.on_average": (" on average", "平均"),
    "solve.or_less": ("or less", "以下"),
    "solve.or_more": ("or more", "以上"),
    "solve.several": (
        "{product} {target}{mean} on one side of each of several values of {of}: {values:,}",
        "{product}{mean}是否{target}，在 {of} 的幾個值上各有轉變：{values:,}",
    ),
    "solve.never": (
        "{product} never {target}{mean} at any {of} from {low} to {high}: nearest at {at}, where the result is {best}",
        "{of} 從 {low} 到 {high}，{product}{mean}永遠不會{target}：最接近的是 {at}，結果為 {best}",
    ),
    "solve.always": (
        "{product} always {target}{mean} at every {of} from {low} to {high}: lowest at {at}, where the result is "
        "{best}",
        "{of} 從 {low} 到 {high}，{product}{mean}都會{target}：最低的是 {at}，結果為 {best}",
    ),
    "solve.column.annual_return": ("a year", "每年"),
    "solve.column.total_return": ("return", "報酬"),
    "solve.column.coin_rate": ("coins a year", "每年（幣）"),
    "solve.column.holding": ("above holding", "比持有多"),
    "solve.column.cash": ("above cash", "比現金多"),
    "solve.column.product": ("above the other", "比另一產品多"),
    "solve.note.jump": (
        "The result jumps over the target there: a rule sets in, such as the end of a contract.",
        "結果在此處跳過目標：某項規則開始生效，例如合約結束。",
    ),
    "solve.column.mean": ("mean", "平均"),
    "solve.column.apart": ("interp.", "內插誤差"),
    "solve.below": ("below {end}", "低於 {end}"),
    "solve.above": ("above {end}", "高於 {end}"),
    "solve.paths.title": (
        "Value of {of} by path: that share of the paths has its value at or below",
        "各路徑的 {of}：如下比例的路徑，其值在此以下",
    ),
    "solve.note.errors": (
        "Standard error {error} over the paths; interpolation between runs adds about {apart}.",
        "路徑間的標準誤為 {error}；各次計算之間的內插誤差約 {apart}。",
    ),
    "solve.note.paths": (
        "{runs} runs of the product on the same {n:,} paths.",
        "產品在相同的 {n:,} 條路徑上共計算 {runs} 次。",
    ),
    "solve.note.shares": (
        "{never} of the paths never meet the target in the bracket, {always} always do; {several} cross it more than "
        "once, and {not_monotone} both rise and fall.",
        "區間內有 {never} 的路徑永遠達不到目標，{always} 的路徑總是達到；{several} 的路徑不只一次跨過目標，"
        "{not_monotone} 的路徑有升有降。",
    ),
    "solve.note.lowest": (
        "Of a path that crosses the target more than once the lowest value counts.",
        "路徑不只一次跨過目標時，取最低的值。",
    ),
    "help.solve": (
        "find the value of a term or price at which a product meets a target",
        "求出使產品達到目標的條款或價格",
    ),
    "help.solve.about": (
        "The value of a term, price, difficulty or other factor at which a product meets a target. Without --paths "
        "exactly, if the built-in scenario stood still on its first day and nothing failed; with --paths over drawn "
        "paths, with the errors of that.",
        "求出條款、價格、難度或其他因子在什麼值時，產品達到目標。未指定 --paths 時，假設內建情境停在第一天且沒有任何"
        "失敗事件，答案精確；指定 --paths 時，在抽取的路徑上計算，並附誤差。",
    ),
    "help.solve.examples": (
        "examples:\n"
        "  stakingmodels solve CloudMiningContract --of price_usd_per_th_s --target 7.5% --set term_days=730 "
        "--days 730 --between 1:100\n"
        '  stakingmodels solve "cloud mining" --of Difficulty:BTC --target money-back --paths 2000',
        "範例：\n"
        "  stakingmodels solve CloudMiningContract --of price_usd_per_th_s --target 7.5% --set term_days=730 "
        "--days 730 --between 1:100 --lang zh-TW\n"
        '  stakingmodels solve "cloud mining" --of Difficulty:BTC --target money-back --paths 2000 --lang zh-TW',
    ),
    "help.solve.of": (
        "a term, such as commission or failures[0].recovery, or a factor whose change is asked for, such as Price:ETH "
        "(at the exit) or Difficulty:BTC (throughout)",
        "條款，例如 commission 或 failures[0].recovery；或要求其變動的因子，例如 Price:ETH（退出日）或 "
        "Difficulty:BTC（全程）",
    ),
    "help.solve.target": (
        "7.5% a year (7.5%APR does not compound), total=10%, coins=5%APR, money-back, holding, cash, or another row",
        "每年 7.5%（7.5%APR 表示單利）、total=10%、coins=5%APR、money-back、holding、cash，或另一列的名稱",
    ),
    "help.solve.between": (
        "lowest and highest value, such as 1:100 (default: the usual ones of the term, 0:1 of a fraction; of factors "
        "-95%:900%)",
        "最低與最高值，例如 1:100（預設：條款的通常範圍，比例為 0:1，因子為 -95%:900%）",
    ),
    "help.solve.paths": (
        "paths drawn (default: none, the market stands still)",
        "抽取的路徑數（預設：不抽取，市場靜止）",
    ),
    "help.breakeven": (
        "find the price fall, day or term at which a product breaks even",
        "求出產品損益兩平的價格跌幅、天數或條款",
    ),
    "help.breakeven.about": (
        "The change of its coin's price by the exit, the day, or the value of a term at which a product has its money "
        "back, or equals its coin held, cash or another product. Without --paths the market stands still.",
        "求出幣價到退出日的變動、天數或條款的值，使產品取回投入的錢，或等於持有該幣、現金或另一產品。"
        "未指定 --paths 時市場靜止。",
    ),
    "help.breakeven.examples": (
        "examples:\n"
        '  stakingmodels breakeven "exchange earn" --set "posted_rate={APY = 0.2}"\n'
        "  stakingmodels breakeven CloudMiningContract --set price_usd_per_th_s=2 --of day --days 360",
        "範例：\n"
        '  stakingmodels breakeven "exchange earn" --set "posted_rate={APY = 0.2}" --lang zh-TW\n'
        "  stakingmodels breakeven CloudMiningContract --set price_usd_per_th_s=2 --of day --days 360 --lang zh-TW",
    ),
    "help.breakeven.of": (
        "price of its coin (default), day, or a term or factor as in solve",
        "price（自己的幣價，預設）、day（天數），或與 solve 相同的條款或因子",
    ),
    "help.breakeven.against": (
        "capital (the money put in), holding (its coin held), cash, or another row (default: {default})",
        "capital（投入的錢）、holding（持有該幣）、cash（現金），或另一列的名稱（預設：{default}）",
    ),
    "payback.paid_out": (
        "{product}: days until the pay-outs have reached the money put in, on {n:,} paths",
        "{product}：收到的錢達到投入金額所需的天數，{n:,} 條路徑",
    ),
    "payback.value": (
        "{product}: days from which the value stays at or above the money put in, on {n:,} paths",
        "{product}：價值不再低於投入金額所需的天數，{n:,} 條路徑",
    ),
    "payback.column.never": ("never", "永遠不會"),
    "payback.later": ("after {day:g}", "{day:g} 天以後"),
    "solve.note.runs": ("{n:,} runs of the product.", "產品共計算 {n:,} 次。"),
}
