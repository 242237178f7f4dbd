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
        "{of} 為 {value} {side}時，{product}{mean} {target}",
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
